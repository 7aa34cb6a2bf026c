import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BuildFailure } from 'esbuild';
import { NOTICES_FILE } from '../../lambda/contract';
import { BYTES_ALLOWED, HANDLERS, buildHandlers } from '../../scripts/build';
import { inspectionScript } from '../../scripts/inspection-script';
import { stopProgram } from '../../scripts/stop-program';

/** A build takes a second; this is only to end one that hangs. */
const HANG_MS = 60_000;

describe('buildHandlers', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'sickbay-build-'));
  let builds: Awaited<ReturnType<typeof buildHandlers>>[];
  beforeAll(async () => {
    builds = await Promise.all([buildHandlers(directory), buildHandlers(directory)]);
  }, HANG_MS);
  afterAll(() => rmSync(directory, { recursive: true }));

  test('two builds at once leave whole bundles and nothing else', () => {
    const [first = [], second] = builds;
    expect(first).toEqual(second);
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(new Set(files.map((entry) => path.join(entry.parentPath, entry.name)))).toEqual(new Set(first.map(({ file }) => file)));
    for (const { file, bytes } of first) expect(readFileSync(file)).toHaveLength(bytes);
  });

  test('a bundle is a module that exports the handler', () => {
    expect(require(path.join(directory, 'probe', 'index.js'))).toEqual({ handler: expect.any(Function) });
  });

  test.each(HANDLERS)('the %s bundle has no more bytes than allowed, and not so few that the limit has gone stale', (name) => {
    const { length } = readFileSync(path.join(directory, name, 'index.js'));
    expect(length).toBeLessThanOrEqual(BYTES_ALLOWED[name]);
    expect(length).toBeGreaterThan(BYTES_ALLOWED[name] * 0.7);
  });

  test('schemas of operations that nobody calls are left out', () => {
    const sweep = readFileSync(path.join(directory, 'sweep', 'index.js'), 'utf8');
    expect(sweep).toContain('"DescribeInstancesRequest"');
    expect(sweep).not.toContain('"AllocateAddressRequest"');
  });

  test('a stack trace names our functions', async () => {
    const { handler } = require(path.join(directory, 'probe', 'index.js')) as { handler: (event: unknown) => Promise<unknown> };
    const error: unknown = await handler({ v: 1 }).catch((thrown: unknown) => thrown);
    expect((error as Error).stack).toMatch(/at parseProbePlan /);
  });

  test('a bundle takes credentials from the environment alone, and says so when there are none', () => {
    for (const name of ['sweep', 'respond'] as const) {
      const bundle = readFileSync(path.join(directory, name, 'index.js'), 'utf8');
      expect(bundle).toContain('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set');
      expect(bundle).not.toMatch(/AWS_CONTAINER_CREDENTIALS_FULL_URI|sso_session|credential_process/);
    }
  });

  test('the licences of what is bundled are shipped, and no others', () => {
    const told = readFileSync(path.join(directory, NOTICES_FILE), 'utf8');
    const packages = [...told.matchAll(/^(\S+) \d+\.\d+\.\S+\n--\n(.+)/gm)].map(([, name]) => name);
    expect(packages).toEqual(expect.arrayContaining(['@aws-sdk/client-ec2', '@smithy/core', 'zod']));
    for (const absent of ['esbuild', 'aws-cdk-lib', '@aws-sdk/credential-provider-sso']) expect(packages).not.toContain(absent);
    expect(told).toContain('Apache License');
  });

  test('the programs for hosts are put together beside them', () => {
    expect(readFileSync(path.join(directory, 'inspect.sh'), 'utf8')).toBe(inspectionScript());
    expect(readFileSync(path.join(directory, 'stop.py'), 'utf8')).toBe(stopProgram());
  });

  test('every handler that is not there is named', async () => {
    const failure: unknown = await buildHandlers(directory, path.join(directory, 'nowhere')).catch((error: unknown) => error);
    const told = (failure as BuildFailure).errors.map(({ text }) => text).join('\n');
    for (const name of ['sweep', 'probe', 'respond']) expect(told).toContain(`nowhere/${name}.handler.ts`);
  });
});
