/** `sickbay explain TARGET` from the stored rounds. Loaded when it runs. */
import { groupName } from '../../core/case';
import type { Round } from '../../core/model';
import { notConvicted, type NotConvicted } from '../../core/report/not-convicted';
import * as clients from '../../lambda/aws/clients';
import { roundRecords } from '../../lambda/aws/round-records';
import { CommandError, EXIT } from '../exit';
import { command } from '../invocation';
import { resourceName, type StackOptions } from '../operator-command';

/** Beginnings of sweeps are kept for an hour (lambda/aws/round-records.ts). */
const BEGUN_MS = 3_600_000;
const NAMED = 8;

interface GroupRounds {
  readonly arn: string;
  /** The newest first. */
  readonly rounds: readonly Round[];
}

/**
 * What the newest rounds say of a target, once for each group that it is in.
 * @param subject id, `id:port`, address or Name of a target
 * @throws CommandError where no group has it, with those that there are
 */
export async function roundsAbout(subject: string, count: number, options: StackOptions): Promise<NotConvicted[]> {
  const unread: string[] = [];
  const records = roundRecords(clients.dynamo(), await resourceName('rounds', options), (summary) => void unread.push(summary));
  const now = Date.now();
  const begun = await records.begun(now - BEGUN_MS, now);
  if (begun.size === 0) throw withoutRounds();
  const latest = async (arn: string): Promise<GroupRounds> => ({ arn, rounds: await records.latest(arn, count) });
  const groups = await Promise.all([...begun.keys()].sort().map(latest));
  const found = groups.flatMap(({ rounds }) => keysOf(subject, rounds).map((key) => notConvicted(key, rounds)));
  for (const summary of unread) process.stderr.write(`not read: ${summary}\n`);
  if (found.length > 0) return found;
  throw new CommandError(`no target "${subject}" in the ${count} newest rounds; there: ${targetsIn(groups)}`, EXIT.usage);
}

function withoutRounds(): CommandError {
  return new CommandError(
    `no round began within the last hour: the sweep does not run; what is wrong: ${command('doctor')}`,
    EXIT.findings,
  );
}

function targetsIn(groups: readonly GroupRounds[]): string {
  const known = groups.flatMap(({ arn, rounds }) => (rounds[0]?.verdicts ?? []).map(({ key }) => `${key} of ${groupName(arn)}`));
  const more = known.length > NAMED ? ` and ${known.length - NAMED} more` : '';
  return `${known.slice(0, NAMED).join(', ') || 'no target'}${more}`;
}

/** Of the newest round that has it: a target's key holds from round to round. */
function keysOf(subject: string, rounds: readonly Round[]): string[] {
  for (const round of rounds) {
    const keys = round.verdicts.map(({ key }) => key).filter((key) => isMeant(subject, key, round));
    if (keys.length > 0) return keys;
  }
  return [];
}

function isMeant(subject: string, key: string, { addresses, instances }: Round): boolean {
  const id = key.split(':', 1)[0] ?? key;
  return [key, id, addresses[key], instances?.[id]?.name].includes(subject) || key.startsWith(`${subject}:`);
}
