/** `sickbay report` as a process, against both tables behind the lab's AWS endpoint. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { caseRecords } from '../../lambda/aws/case-records';
import { roundRecords } from '../../lambda/aws/round-records';
import { incidentOf } from '../builders/incidents';
import { CASES_TABLE, ROUNDS_TABLE, startTables, type Tables } from '../lambda/tables';
import { ROOT, accountAt, sickbay, type Ended } from './command-process';

jest.setTimeout(120_000);

let tables: Tables;

beforeEach(async () => {
  tables = await startTables();
});

afterEach(() => tables.close());

/** The recorded incident, open still, with its rounds and one of long before. */
async function recorded(): Promise<{ readonly id: string; readonly target: string }> {
  const { told, rounds } = incidentOf('asg');
  if (told === null || told.target === undefined) throw new Error('the incident is about a target');
  const [first] = rounds;
  if (first === undefined) throw new Error('the incident has rounds');
  await caseRecords(tables.client, CASES_TABLE).put({ ...told, rev: 0 });
  const records = roundRecords(tables.client, ROUNDS_TABLE, () => undefined);
  for (const round of [...rounds, { ...first, startedAt: first.startedAt - 86_400_000 }]) await records.append(round);
  return { id: told.id, target: told.target.id };
}

function report(...words: string[]): Promise<Ended> {
  const tableNames = { SICKBAY_CASES_TABLE: CASES_TABLE, SICKBAY_ROUNDS_TABLE: ROUNDS_TABLE };
  return sickbay(['report', ...words], { cwd: ROOT, env: { ...accountAt(`http://127.0.0.1:${tables.port}`), ...tableNames } });
}

describe('sickbay report', () => {
  it('writes the newest case of a target as one page, drawn from the rounds of its time', async () => {
    const { id, target } = await recorded();
    const folder = mkdtempSync(path.join(tmpdir(), 'sickbay-report-'));
    const file = path.join(folder, 'report.html');
    expect(await report(target, '--html', file)).toEqual({ status: 0, stdout: '', stderr: '' });
    const page = readFileSync(file, 'utf8');
    rmSync(folder, { recursive: true });
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain(`Case ${id}`);
    expect(page.match(/<circle/g)?.length).toBe(2 * incidentOf('asg').rounds.length);
  });

  it('prints Markdown where no file is named, and says which formats there are where none is named', async () => {
    const { id } = await recorded();
    const printed = await report(id, '--md');
    expect(printed).toMatchObject({ status: 0, stderr: '' });
    expect(printed.stdout).toMatch(/^# checkout-tg: Removed 1 of 4 targets/);
    expect(await report(id)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('no format; allowed: --html FILE, --md FILE or both'),
    });
  });
});
