/**
 * What each role called in drills, every distinct call once: the corpus that test/lib/calls.test.ts
 * puts before IAM.
 *
 *     npm run drill -- --out DIR1
 *     npm run drill -- --scene responder-killed --out DIR2
 *     npm run corpus -- DIR1 DIR2        writes test/fixtures/calls.json
 *     npm run corpus -- calls-stop DIR   of the scene `stop`: writes test/fixtures/calls-stop.json
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AwsCall } from '../lab/wire/calls';

/** A call as IAM judges it, whenever it was made and whatever came of it. */
export type CorpusCall = Pick<AwsCall, 'role' | 'action' | 'resource' | 'moreResources' | 'passesRole' | 'mutating'>;

const FIXTURES = path.join(__dirname, '..', 'test', 'fixtures');
const STOPS = 'calls-stop';

/** A document's name ends in a hash of its content: the corpus outlives a changed script. */
export const CONTENT_HASH = /(:document\/.+-)[0-9a-f]{12}$/;

function corpusCall({ role, action, resource, moreResources, passesRole, mutating }: AwsCall): CorpusCall {
  return {
    role,
    action,
    resource: resource.replace(CONTENT_HASH, '$1HASH'),
    ...(moreResources === undefined ? {} : { moreResources: [...moreResources].sort((a, b) => a.localeCompare(b)) }),
    ...(passesRole === undefined ? {} : { passesRole }),
    mutating,
  };
}

function read(directory: string): AwsCall[] {
  const lines = readFileSync(path.join(directory, 'calls.jsonl'), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as AwsCall);
}

if (require.main === module) {
  const [first, ...rest] = process.argv.slice(2);
  const isOfStops = first === STOPS;
  const distinct = new Set((isOfStops ? rest : process.argv.slice(2)).flatMap(read).map((call) => JSON.stringify(corpusCall(call))));
  const calls = [...distinct].sort((a, b) => a.localeCompare(b));
  writeFileSync(path.join(FIXTURES, `${isOfStops ? STOPS : 'calls'}.json`), `[\n${calls.map((call) => `  ${call}`).join(',\n')}\n]\n`);
  console.log(`${calls.length} distinct calls`);
}
