/**
 * What S3 does with a presigned address: whoever has it may download, without credentials, and
 * nobody else.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const PREFIX = '/presigned/';

export class Downloads {
  private readonly packages = new Map<string, Buffer>();
  /** Of the front door, once it is open. */
  base = '';

  presign(content: Buffer): string {
    const secret = randomUUID();
    this.packages.set(secret, content);
    return `${this.base}${PREFIX}${secret}`;
  }

  /** Whether the request was one for a download; it is answered then. */
  answer({ url = '', method }: IncomingMessage, outgoing: ServerResponse): boolean {
    if (method !== 'GET' || !url.startsWith(PREFIX)) return false;
    const content = this.packages.get(url.slice(PREFIX.length));
    if (content === undefined) outgoing.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
    else outgoing.writeHead(200, { 'content-length': content.length }).end(content);
    return true;
  }
}
