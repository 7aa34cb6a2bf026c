/** `sickbay readiness` as a process, against both tables behind the lab's AWS endpoint. */
import type { FleetVerdict, Round } from '../../core/model';
import type { Readiness } from '../../core/readiness/readiness';
import { caseRecords } from '../../lambda/aws/case-records';
import { roundRecords } from '../../lambda/aws/round-records';
import { targetCase } from '../builders/cases';
import { GROUP } from '../builders/groups';
import { roundOf, verdict } from '../builders/rounds';
import { CASES_TABLE, ROUNDS_TABLE, startTables, type Tables } from '../lambda/tables';
import { ROOT, accountAt, sickbay, type Ended } from './command-process';
import { healthy } from '../builders/targets';
import { parsed } from '../builders/parsed';

jest.setTimeout(120_000);

const EVERY_MS = 300_000;

let tables: Tables;

beforeEach(async () => {
  tables = await startTables();
});

afterEach(() => tables.close());

/** Rounds until now, one every five minutes; the one in the middle is under suspicion. */
async function observed(count: number, samples: Round['samples'] = { 'i-0aaaaaaaaaaaaaaa1:8080': [100] }): Promise<void> {
  const rounds = roundRecords(tables.client, ROUNDS_TABLE, () => undefined);
  const now = Date.now();
  await Promise.all(
    Array.from({ length: count }, (_, index) => {
      const isSuspect = index === count >> 1;
      const fleet: FleetVerdict = isSuspect ? 'suspect' : 'none';
      const verdicts = isSuspect ? [verdict('i-0aaaaaaaaaaaaaaa1:8080', { verdict: 'suspect', evidenceNats: 12, says: 'slow once' })] : [];
      const lbView = healthy(['i-0aaaaaaaaaaaaaaa1', 'i-0aaaaaaaaaaaaaaa2', 'i-0aaaaaaaaaaaaaaa3']);
      const startedAt = now - (count - index) * EVERY_MS;
      return rounds.append(roundOf({ groupArn: GROUP, startedAt, endedAt: startedAt + 5000, fleet, verdicts, lbView, samples }));
    }),
  );
  await rounds.begin([GROUP], now - EVERY_MS);
}

function readiness(...words: string[]): Promise<Ended> {
  const tableNames = { SICKBAY_CASES_TABLE: CASES_TABLE, SICKBAY_ROUNDS_TABLE: ROUNDS_TABLE };
  return sickbay(['readiness', ...words], { cwd: ROOT, env: { ...accountAt(`http://127.0.0.1:${tables.port}`), ...tableNames } });
}

describe('sickbay readiness', () => {
  it('is fine after a day in which every round was made and nothing is doubtful', async () => {
    await observed(288);
    const ended = await readiness('--days', '1');
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(ended.stdout).toMatch(/\ncheckout +3 +28[78] +1\.0 +0 % +0 % +1 +0 +0 +0 +0\n/);
    expect(ended.stdout).toContain('82 % of the evidence, one round: slow once');
    expect(ended.stdout).toMatch(/READY: enough was seen, and nothing of it is doubtful/);
  });

  it('fails on too little data, and says how much is missing', async () => {
    await observed(100);
    const ended = await readiness();
    expect(ended.status).toBe(1);
    expect(ended.stdout).toMatch(/checkout: 0\.3 days seen of 7; 6\.6 days are missing: not before 20\d\d-/);
    expect(ended.stdout).toMatch(/NOT READY: too little was seen/);
  });

  it('fails where rounds were begun and nothing in them could be measured', async () => {
    await observed(288, {});
    const ended = await readiness('--days', '1');
    expect(ended.status).toBe(1);
    expect(ended.stdout).toContain('checkout: no target was probed in its newest round: "sickbay doctor" says whether it can be measured');
  });

  it('one round that was blind is told as such, and not as a group that cannot be measured', async () => {
    await observed(288);
    const startedAt = Date.now() - 1000;
    const blind = roundOf({ groupArn: GROUP, startedAt, endedAt: startedAt + 500, fleet: 'blind', samples: {} });
    await roundRecords(tables.client, ROUNDS_TABLE, () => undefined).append(blind);
    const ended = await readiness('--days', '1');
    expect(ended.stdout).not.toContain('no target was probed');
  });

  it('fails where no sweep ran, without a group to tell of', async () => {
    const ended = await readiness('--json');
    expect(ended.status).toBe(1);
    expect(parsed<Readiness>(ended.stdout).verdict).toBe('too-little-data');
  });

  it('asks to look at a possible false alarm first', async () => {
    await observed(288);
    const at = Date.now() - 3_600_000;
    const incident = targetCase({ openedAt: at, refusals: [{ at, blocked: ['mode-observe'], says: 'slow' }] });
    await caseRecords(tables.client, CASES_TABLE).put(incident);
    const ended = await readiness('--days', '1', '--json');
    expect(ended.status).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ verdict: 'look-first', counts: { right: 0, doubtful: 1, blocked: 0 }, missing: [] });
  });

  it('names a wrong number of days and those allowed, and has an example in its help', async () => {
    const ended = await readiness('--days', '30');
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(/--days <number>: got "30"; allowed: 1 to 14/);
    expect(ended.stderr).not.toMatch(/\n +at /);
    expect((await readiness('--help')).stdout).toMatch(/sickbay(\.js)? readiness .*--days 14 --json/);
  });
});
