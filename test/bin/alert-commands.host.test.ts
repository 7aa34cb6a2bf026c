/**
 * Every command that an alert prints, as its reader runs it: without an account each ends where it
 * looks for one, and none because something it takes was not printed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { REPLACE_STEPS, type Case, type Decision } from '../../core/model';
import { alert, type AlertInput } from '../../core/report/alert';
import { breakerCase, holdCase, replacementCase } from '../builders/cases';
import { decisionTo } from '../builders/decisions';
import { alertsWithFiles } from '../builders/incidents';
import { NOW } from '../builders/now';
import { REPLACEMENT } from '../builders/replacements';
import { sickbay } from './command-process';

const told = (incident: Case, decision: Decision): AlertInput => ({ now: NOW, incident, decision, round: undefined, remarks: [] });
const replacing = replacementCase(REPLACEMENT, { state: 'out' });

const INPUTS: readonly AlertInput[] = [
  ...alertsWithFiles().map(([, input]) => input),
  ...REPLACE_STEPS.map((step) => told(replacing, { ...decisionTo('keep'), action: 'replace', step, stopsAt: NOW })),
  told(breakerCase(), decisionTo('page')),
  told(holdCase(), decisionTo('keep')),
];

/** By what they do: of `explain CASE` one is as good as another. */
function commandsIn(inputs: readonly AlertInput[]): Map<string, string> {
  const printed = inputs.flatMap((input) =>
    [...alert(input).body.matchAll(/npx --no-install sickbay (.*?)\.?$/gm)].map(([, words = '']) => words),
  );
  return new Map(printed.map((words) => [words.split(' ')[0] ?? '', words]));
}

const COMMANDS = commandsIn(INPUTS);

test('alerts print commands that ask for something, and such that only read', () => {
  expect([...COMMANDS.keys()].sort()).toEqual(['close-breaker', 'explain', 'release', 'report', 'restore']);
});

test.each([...COMMANDS.values()])(
  'sickbay %s',
  async (words) => {
    const home = mkdtempSync(path.join(tmpdir(), 'sickbay-alert-'));
    try {
      const { status, stderr } = await sickbay(words.split(' '), { cwd: home, env: { HOME: home, AWS_EC2_METADATA_DISABLED: 'true' } });
      expect(stderr).toContain('no credentials');
      expect(status).toBe(3);
    } finally {
      rmSync(home, { recursive: true });
    }
  },
  60_000,
);
