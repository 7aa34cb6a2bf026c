/** What keeps a command from taking something else for the configuration of the stack. */
import http from 'node:http';
import { createHash } from 'node:crypto';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { deployedConfig } from '../../bin/deployed/config';
import { listeningPort } from '../../lab/wire/listening-port';
import type { StackRecord } from '../../lambda/stack-record';
import { clientThat } from '../builders/clients';

const RECORD = { v: 1, stack: 'Sickbay', sweeper: 'sweeper', prober: 'prober' } as StackRecord;
const PACKAGE = Buffer.from('no archive at all');
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

let server: http.Server;
let status: number;

beforeEach(async () => {
  status = 200;
  server = http.createServer((_, response) => response.writeHead(status, { location: '/elsewhere' }).end(PACKAGE)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A Lambda that describes every function so. */
function describing(answer: object): LambdaClient {
  return clientThat(async () => answer);
}

const location = (): string => `http://127.0.0.1:${listeningPort(server)}/x?X-Amz-Signature=secret`;
const described = (more: object = {}): object => ({
  Code: { Location: location() },
  Configuration: { CodeSha256: sha256(PACKAGE), Environment: { Variables: {} } },
  ...more,
});

async function refusal(answer: object): Promise<string> {
  return deployedConfig(RECORD, describing(answer)).then(
    () => 'none',
    (error: Error) => error.message,
  );
}

describe('the deployed configuration', () => {
  it('is not taken from code of another digest than the one that was deployed', async () => {
    expect(await refusal(described({ Configuration: { CodeSha256: sha256(Buffer.from('other')) } }))).toMatch(
      /^the code of sweeper is not what was deployed: its SHA-256 is /,
    );
    expect(await refusal(described({ Configuration: {} }))).toMatch(/^the code of sweeper is not what was deployed/);
    expect(await refusal(described())).toMatch(/cannot be used .*: invalid zip data$/);
  });

  it.each([403, 302])('is not taken from an answer of status %d, and the presigned address is in no message', async (code) => {
    status = code;
    const message = await refusal(described());
    expect(message).toMatch(/^the code of sweeper could not be downloaded from 127\.0\.0\.1:\d+: /);
    expect(message).not.toContain('secret');
  });

  it('has no values where a key hides them: nothing is guessed', async () => {
    const Environment = { Error: { ErrorCode: 'AccessDeniedException', Message: 'no kms:Decrypt' } };
    expect(await refusal(described({ Configuration: { CodeSha256: sha256(PACKAGE), Environment } }))).toBe(
      'the variables of sweeper cannot be read: AccessDeniedException no kms:Decrypt',
    );
  });

  it('cannot be had where Lambda gives no address', async () => {
    expect(await refusal(described({ Code: {} }))).toBe('the code of sweeper cannot be had: Lambda gave no address for it');
  });
});
