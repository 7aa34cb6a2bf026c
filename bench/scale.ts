/**
 * The real sweeper and responder over a large account: 2,000 target groups of 20 targets, with a
 * simulated prober.
 *
 *     npm run bench:scale [-- --groups N] [--targets M] [--sweeps S] [--by arn|tag] [--json]
 *
 * AWS is the lab's, in this process; the functions run in another one, bundled as for Lambda, so
 * that its processor time and memory are theirs. Waiting is played on a virtual clock: 2,000 groups
 * take two minutes, not two hours.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { build } from 'esbuild';
import type { ConfigInput } from '../core/config';
import { startDynamo } from '../lab/wire/dynamo';
import { createFrontDoor } from '../lab/wire/front-door';
import { SettableClock } from '../lab/world/clock';
import { createWorld } from '../lab/world/world';
import { CASES_KEYS, ROUNDS_KEYS } from '../lambda/contract';
import { BUNDLING } from '../scripts/build';
import { Child } from './probe/children';
import { TAG, buildFleet, instanceId } from './scale/fleet';
import type { Job, Run } from './scale/messages';
import { describeRuns, type Measured } from './scale/table';

const MINUTE_MS = 60_000;
const NETWORK = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };

interface Options {
  readonly groups: number;
  readonly targets: number;
  readonly sweeps: number;
  readonly byTag: boolean;
}

function configOf(arns: readonly string[], byTag: boolean): ConfigInput {
  const entry = { probe: { path: '/api/cart' }, owner: 'static' as const };
  return { targetGroups: byTag ? [{ tag: TAG, ...entry }] : arns.map((arn) => ({ arn, ...entry })), network: NETWORK };
}

/** The functions as the handlers are bundled; their own process has nothing else in it. */
async function bundled(): Promise<{ readonly file: string; readonly remove: () => void }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sickbay-scale-'));
  const file = path.join(folder, 'functions.js');
  await build({ ...BUNDLING, entryPoints: [path.join(__dirname, 'scale', 'functions.ts')], outfile: file });
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

async function createTables(endpoint: string): Promise<void> {
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  const tables = [
    { name: 'Rounds', keys: ROUNDS_KEYS, sortType: 'N' as const },
    { name: 'Cases', keys: CASES_KEYS, sortType: 'S' as const },
  ];
  for (const { name, keys, sortType } of tables) await client.send(createTable(name, keys, sortType));
  client.destroy();
}

function createTable(name: string, keys: typeof ROUNDS_KEYS | typeof CASES_KEYS, sortType: 'N' | 'S'): CreateTableCommand {
  return new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: keys.partition, AttributeType: 'S' },
      { AttributeName: keys.sort, AttributeType: sortType },
    ],
    KeySchema: [
      { AttributeName: keys.partition, KeyType: 'HASH' },
      { AttributeName: keys.sort, KeyType: 'RANGE' },
    ],
  });
}

async function measure(options: Options, say: (line: string) => void): Promise<Measured[]> {
  const clock = new SettableClock();
  const world = createWorld({ clock });
  say(`building ${options.groups} groups of ${options.targets} targets`);
  const arns = buildFleet(world, options);
  let calls = new Map<string, number>();
  const door = createFrontDoor({ world, onCall: ({ action }) => void calls.set(action, (calls.get(action) ?? 0) + 1) });
  door.registerKey('AKIASCALE', 'arn:aws:iam::123456789012:role/scale');
  const [elbEndpoint, dynamo, code] = await Promise.all([door.listen(), startDynamo(), bundled()]);
  const dynamoEndpoint = `http://127.0.0.1:${dynamo.port}`;
  await createTables(dynamoEndpoint);
  const child = Child.start(code.file, [], 0);
  const ask = async (job: Job): Promise<Measured> => {
    calls = new Map();
    const run = await child.ask<Run>(job);
    say(`${job.run}: ${JSON.stringify(run.summary).slice(0, 160)}`);
    return { run: job.run, calls: Object.fromEntries(calls), ...run };
  };
  try {
    const start = { elbEndpoint, dynamoEndpoint, config: configOf(arns, options.byTag), startAt: clock.now(), sick: [instanceId(0, 0)] };
    await child.ask({ run: 'start', start } satisfies Job);
    const measured: Measured[] = [];
    for (let sweep = 0; sweep < options.sweeps; sweep++) {
      measured.push(await ask({ run: 'sweep' }));
      clock.advance(MINUTE_MS);
    }
    return [...measured, await ask({ run: 'respond' })];
  } finally {
    await child.stop();
    await Promise.all([door.close(), dynamo.close()]);
    code.remove();
  }
}

/** What is measured unless the command line says otherwise. */
const DEFAULTS = {
  groups: { type: 'string', default: '2000' },
  targets: { type: 'string', default: '20' },
  sweeps: { type: 'string', default: '8' },
  by: { type: 'string', default: 'arn' },
  json: { type: 'boolean', default: false },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: DEFAULTS });
  const options = {
    groups: Number(values.groups),
    targets: Number(values.targets),
    sweeps: Number(values.sweeps),
    byTag: values.by === 'tag',
  };
  const measured = await measure(options, (line) => void process.stderr.write(`${line}\n`));
  process.stdout.write(values.json ? `${JSON.stringify({ ...options, measured }, undefined, 2)}\n` : `${describeRuns(measured)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 3;
});
