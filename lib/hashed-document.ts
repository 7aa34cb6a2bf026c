import { createHash } from 'node:crypto';
import { Names, Stack } from 'aws-cdk-lib';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';

/** Largest content of a document (Systems Manager quotas, "maximum document size": 64 KB). */
const MAX_BYTES = 64 * 1024;

export interface HashedDocumentProps {
  /** @default Command */
  readonly type?: 'Command' | 'Automation';
  /** As YAML; an object is written as JSON, and may hold what is known only when deployed. */
  readonly content: string | object;
}

/**
 * A document whose name carries a hash of its content, so that a permission to use it is a
 * permission for exactly this text: a document that somebody changed has another name.
 */
export class HashedDocument extends Construct {
  /** Name of the document. */
  readonly documentName: string;
  readonly resource: CfnDocument;
  /** What begins the name in every version. */
  readonly namePrefix: string;

  constructor(scope: Construct, id: string, { type = 'Command', content }: HashedDocumentProps) {
    super(scope, id);
    const text = typeof content === 'string' ? content : JSON.stringify(Stack.of(this).resolve(content));
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_BYTES) throw new Error(`the document ${this.node.path} has ${bytes} bytes; Systems Manager allows ${MAX_BYTES}`);
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
    this.namePrefix = `${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}-`;
    const format = typeof content === 'string' ? 'YAML' : 'JSON';
    this.resource = new CfnDocument(this, 'Document', {
      name: `${this.namePrefix}${hash}`,
      documentType: type,
      documentFormat: format,
      content: typeof content === 'string' ? {} : content,
    });
    // CloudFormation takes a string of YAML as well (AWS::SSM::Document, Content); the library's
    // own check wants an object.
    if (typeof content === 'string') this.resource.addPropertyOverride('Content', content);
    this.documentName = this.resource.ref;
  }

  /** The ARN by which IAM knows it. */
  get arn(): string {
    return documentArn(this, this.documentName);
  }
}

export function documentArn(scope: Construct, resourceName: string): string {
  return Stack.of(scope).formatArn({ service: 'ssm', resource: 'document', resourceName });
}
