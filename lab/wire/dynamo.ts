import http from 'node:http';
import dynalite from 'dynalite';
import { arn, type Account } from '../world/account';
import type { WireRequest, WireResponse } from './protocol';
import { listeningPort } from './listening-port';

export interface Dynamo {
  readonly port: number;
  close(): Promise<void>;
}

/** A DynamoDB in this process, in memory, on a loopback port of its own. */
export async function startDynamo(): Promise<Dynamo> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const port = listeningPort(server);
  const close = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
      server.closeAllConnections();
    });
  return { port, close };
}

/** Operations of DynamoDB that change something, by their first word. */
const MUTATING = /^(Put|Update|Delete|BatchWrite|Create|Transact(?=Write)|Tag|Untag)/;

/** What a DynamoDB request is about, read from its header and body. */
export function dynamoCall(account: Account, request: WireRequest): { name: string; resource: string; mutating: boolean } {
  const name =
    String(request.headers['x-amz-target'] ?? '')
      .split('.')
      .pop() ?? '';
  const { TableName: table } = JSON.parse(request.body.toString() || '{}') as { TableName?: string };
  const resource = table === undefined ? '*' : table.startsWith('arn:') ? table : arn(account, 'dynamodb', `table/${table}`);
  return { name, resource, mutating: MUTATING.test(name) };
}

/** Passes a request on as it came and brings back the answer as it is. */
export function passOn(port: number, request: WireRequest): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const headers = { ...request.headers, 'content-length': String(request.body.length) };
    const forwarded = http.request({ host: '127.0.0.1', port, method: request.method, path: request.path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 500, headers: kept(answer.headers), body: Buffer.concat(chunks) }));
    });
    forwarded.on('error', reject);
    forwarded.end(request.body);
  });
}

function kept(headers: http.IncomingHttpHeaders): Record<string, string> {
  const wanted = ['content-type', 'x-amz-crc32', 'x-amzn-requestid'];
  return Object.fromEntries(wanted.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])));
}

/** The code of an error answer; undefined for a success. */
export function dynamoError(response: WireResponse): string | undefined {
  if (response.status < 400) return undefined;
  const { __type: type = 'UnknownError' } = JSON.parse(Buffer.from(response.body).toString()) as { __type?: string };
  return type.split('#').pop();
}
