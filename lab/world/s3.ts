import { createHash } from 'node:crypto';
import { AwsError } from './aws-error';

/** A PutObject as the wire understood it. */
export interface PutObject {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body: Buffer;
  readonly ContentType?: string;
  /** As the caller signed it: of the body, in hexadecimal. */
  readonly sha256?: string;
}

export interface StoredObject {
  readonly body: Buffer;
  readonly contentType: string;
}

/** Characters of a key, in UTF-8 bytes (S3 user guide, "Naming Amazon S3 objects"). */
const KEY_BYTES = 1024;

/** S3: buckets that remember what was put into them. The last one wins. */
export class S3 {
  /** The next so many calls are answered with what S3 says when it is asked for too much. */
  failing = 0;
  private readonly buckets = new Map<string, Map<string, StoredObject>>();

  addBucket(name: string): void {
    if (!this.buckets.has(name)) this.buckets.set(name, new Map());
  }

  /** Codes as in the API reference, "Error responses". */
  putObject({ Bucket, Key, Body, ContentType = 'binary/octet-stream', sha256 }: PutObject): { ETag: string } {
    const bucket = this.buckets.get(Bucket);
    if (bucket === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    if (this.failing > 0) {
      this.failing--;
      throw new AwsError('SlowDown', 'Please reduce your request rate.', 503);
    }
    if (Buffer.byteLength(Key) > KEY_BYTES) throw new AwsError('KeyTooLongError', 'Your key is too long', 400);
    if (sha256 === undefined) throw new AwsError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256', 400);
    if (sha256 !== createHash('sha256').update(Body).digest('hex'))
      throw new AwsError('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.", 400);
    bucket.set(Key, { body: Body, contentType: ContentType });
    return { ETag: `"${createHash('md5').update(Body).digest('hex')}"` };
  }

  /** What is under a key; undefined: nothing. */
  object(bucket: string, key: string): StoredObject | undefined {
    return this.buckets.get(bucket)?.get(key);
  }

  /** Keys of a bucket. */
  keys(bucket: string): string[] {
    return [...(this.buckets.get(bucket)?.keys() ?? [])];
  }
}
