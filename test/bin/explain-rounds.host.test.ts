/**
 * `sickbay explain TARGET` of a target without a case, as a process, against the lab's endpoint.
 */
import { roundRecords } from '../../lambda/aws/round-records';
import { caseRecords } from '../../lambda/aws/case-records';
import type { Round } from '../../core/model';
import { incidentOf } from '../builders/incidents';
import { CASES_TABLE, ROUNDS_TABLE, startTables, type Tables } from '../lambda/tables';
import { ROOT, accountAt, sickbay, type Ended } from './command-process';
import { parsed } from '../builders/parsed';

jest.setTimeout(120_000);

const PEER = 'i-0a1b2c3d4e5f60710';

let tables: Tables;

beforeEach(async () => {
  tables = await startTables();
});

afterEach(() => tables.close());

/** The rounds of the recorded incident, as if they had been measured just now. */
async function measured(change: (round: Round) => Round = (round) => round): Promise<void> {
  const { rounds } = incidentOf('asg');
  const records = roundRecords(tables.client, ROUNDS_TABLE, () => undefined);
  const late = Date.now() - 60_000 - Math.max(...rounds.map(({ startedAt }) => startedAt));
  await records.begin([...new Set(rounds.map(({ groupArn }) => groupArn))], Date.now() - 30_000);
  for (const round of rounds) await records.append(change({ ...round, startedAt: round.startedAt + late, endedAt: round.endedAt + late }));
}

const vetoed = (round: Round): Round => ({
  ...round,
  verdicts: round.verdicts.map((verdict) =>
    verdict.key.startsWith(PEER) ? { ...verdict, verdict: 'suspect', evidenceNats: 17.2, veto: 'zone' } : verdict,
  ),
});

function explain(...words: string[]): Promise<Ended> {
  const tableNames = { SICKBAY_CASES_TABLE: CASES_TABLE, SICKBAY_ROUNDS_TABLE: ROUNDS_TABLE };
  return sickbay(['explain', ...words], { cwd: ROOT, env: { ...accountAt(`http://127.0.0.1:${tables.port}`), ...tableNames } });
}

describe('sickbay explain TARGET, without a case', () => {
  it('says what was measured and why that is no conviction, by id, by key, by address and by name', async () => {
    await measured(vetoed);
    const told = await explain(PEER);
    expect(told).toMatchObject({ status: 0, stderr: '' });
    expect(told.stdout).toMatch(/^i-0a1b2c3d4e5f60710:8080 \(checkout-app-1\) of checkout-tg: not convicted in the 18 newest rounds/);
    expect(told.stdout).toContain('(zone). The other targets of its Availability Zone are slow as well');
    for (const name of [`${PEER}:8080`, '10.0.1.10', 'checkout-app-1']) expect(await explain(name)).toEqual(told);
  });

  it('--json has every round with its verdict, its veto and the reason in words', async () => {
    await measured(vetoed);
    const { status, stdout } = await explain(PEER, '--json', '--rounds', '3');
    expect(status).toBe(0);
    const { notConvicted } = parsed<{ notConvicted: [{ rounds: unknown[] }] }>(stdout);
    expect(notConvicted).toHaveLength(1);
    expect(notConvicted[0].rounds).toHaveLength(3);
    expect(notConvicted[0]).toMatchObject({
      target: `${PEER}:8080`,
      group: 'checkout-tg',
      rounds: [{ state: 'healthy', verdict: { veto: 'zone', evidenceNats: 17.2 }, because: expect.stringContaining('(zone)') }, {}, {}],
    });
  });

  it('where there is a case it tells the case, and the rounds when it is asked for them', async () => {
    await measured();
    const { told: incident } = incidentOf('asg');
    if (incident?.target === undefined) throw new Error('the incident is about a target');
    await caseRecords(tables.client, CASES_TABLE).put({ ...incident, rev: 0 });
    expect((await explain(incident.target.id)).stdout).toMatch(/^case /);
    const rounds = await explain(incident.target.id, '--rounds');
    expect(rounds.stdout).toMatch(/: convicted in \d+ of the 18 newest rounds/);
    expect(rounds.stdout).toContain('It was convicted: what came of that is in its case.');
  });

  it('names what there is where the target is unknown, and says when no round began', async () => {
    const silent = await explain('i-0none');
    expect(silent).toMatchObject({ status: 1, stdout: '' });
    expect(silent.stderr).toBe(
      'sickbay explain: no case about "i-0none" within 30 days; to list them: node bin/sickbay.js cases\n' +
        'sickbay explain: no round began within the last hour: the sweep does not run; what is wrong: node bin/sickbay.js doctor\n',
    );
    await measured();
    const unknown = await explain('i-0none');
    expect(unknown).toMatchObject({ status: 2, stdout: '' });
    expect(unknown.stderr).toMatch(/no target "i-0none" in the 20 newest rounds; there: i-0a1b2c3d4e5f60710:8080 of checkout-tg, /);
    expect((await explain(PEER, '--rounds', '0')).stderr).toContain('got "0"; allowed: 1 to 200');
  });
});
