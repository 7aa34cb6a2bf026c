import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Names } from 'aws-cdk-lib';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { built } from './handler-code';

/** Largest content of a document (Systems Manager quotas, "maximum document size": 64 KB). */
const MAX_BYTES = 64 * 1024;

export interface InspectionDocumentProps {
  /** Holds inspect.sh. */
  readonly handlersDir: string;
  /** Makes the document's content of the script, as YAML. */
  readonly contentOf: (script: string) => string;
}

/**
 * A Command document that inspects a host. Its name carries a hash of its content, so the
 * responder's permission to send it is a permission for exactly this text: a document that somebody
 * changed has another name.
 */
export class InspectionDocument extends Construct {
  /** Name of the document. */
  readonly documentName: string;

  constructor(scope: Construct, id: string, props: InspectionDocumentProps) {
    super(scope, id);
    const content = props.contentOf(readFileSync(built(props.handlersDir, 'inspect.sh'), 'utf8'));
    const bytes = Buffer.byteLength(content);
    if (bytes > MAX_BYTES) throw new Error(`the inspection document has ${bytes} bytes; Systems Manager allows ${MAX_BYTES}`);
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
    const name = `${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}-${hash}`;
    const document = new CfnDocument(this, 'Document', { name, documentType: 'Command', documentFormat: 'YAML', content: {} });
    // CloudFormation takes a string of YAML as well (AWS::SSM::Document, Content); the library's
    // own check wants an object.
    document.addPropertyOverride('Content', content);
    this.documentName = document.ref;
  }
}
