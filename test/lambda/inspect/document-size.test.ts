/** The room that a document of Systems Manager has: without it the stack cannot be synthesised. */
import { inspectionDocument } from '../../../lambda/inspect/document';
import { inspectionScript } from '../../../scripts/inspection-script';

test('the inspection of a host fits into one document', () => {
  expect(Buffer.byteLength(inspectionDocument(inspectionScript()))).toBeLessThanOrEqual(64 * 1024);
});
