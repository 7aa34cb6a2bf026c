/** Who may put events on the account's bus, as IAM sees it. */
import { EVENT_SOURCE, EVENT_TYPE } from '../../core/model/case-event';
import { allowed } from './iam';
import { removeDirectories, synthesise } from './synthesised';

jest.setTimeout(60_000);

const BUS = 'arn:aws:events:us-east-1:123456789012:event-bus/default';
/** One value for each entry of the call. */
const OURS = { 'events:source': [EVENT_SOURCE], 'events:detail-type': [EVENT_TYPE] };

test('the responder alone, and its own event alone', async () => {
  const { assembly } = synthesise();
  removeDirectories();
  const may = await Promise.all(
    assembly.roles.map(async (role) => ({ role: role.logicalId, may: await allowed(role, 'events:PutEvents', BUS, OURS) })),
  );
  expect(may.filter((one) => one.may).map(({ role }) => role)).toEqual([expect.stringContaining('Responder')]);
  const responder = assembly.roles.find(({ logicalId }) => logicalId === may.find((one) => one.may)?.role);
  if (responder === undefined) throw new Error('the responder has a role');
  expect(await allowed(responder, 'events:PutEvents', BUS, { ...OURS, 'events:source': [EVENT_SOURCE, 'other'] })).toBe(false);
  expect(await allowed(responder, 'events:PutEvents', BUS.replace('default', 'other'), OURS)).toBe(false);
});
