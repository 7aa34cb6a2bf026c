/** An alert's line on the cause. */
import { isLead, type Case, type Culprit, type Diagnosis, type Finding, type Target } from '../model';
import { line } from './harmless';
import { wasReadOverNetwork } from './over-network';
import { causePhrase } from './phrases';
import { isBrief, type AlertInput } from './telling';
import { capital, percent } from './text';

/** A command of a host gets the least room. */
const COMMAND_MAX = 70;

/**
 * The cause and how sure it is, with who did it or what shows it; undefined where the alert is not
 * about one. It gives as much evidence as `most` characters hold.
 */
export function causeLine({ incident, decision }: AlertInput, most: number): string | undefined {
  const { about, diagnosis, causeStatus } = incident;
  if (about !== 'target' && about !== 'shared') return undefined;
  const first = diagnosis?.findings[0];
  if (first === undefined) return isBrief(decision) ? undefined : 'not inspected; the evidence is the latency alone.';
  if (isBrief(decision)) return about === 'shared' && causeStatus === undefined ? undefined : endText(first, causeStatus);
  if (first.cause === 'unknown') return unknownText(incident.target, diagnosis);
  const lead = isLead(first) ? 'a lead, ' : '';
  const what = `${causePhrase(first)} (${lead}${percent(first.confidence)} sure)`;
  return first.culprit === undefined ? withEvidence(what, first, most) : `${what}: ${culpritText(first.culprit)}`;
}

const NOT_INSPECTED = 'unknown: it could not be inspected; the evidence is the latency alone.';

function unknownText(target: Target | undefined, diagnosis: Diagnosis | undefined): string {
  if (!wasInspected(target, diagnosis)) return NOT_INSPECTED;
  const looked = wasReadOverNetwork(target?.id, diagnosis) ? 'its metrics page alone was read, over the network,' : 'it was inspected,';
  return `unknown: ${looked} and no difference from its peers explains it.`;
}

function wasInspected(target: Target | undefined, diagnosis: Diagnosis | undefined): boolean {
  return !(diagnosis?.notInspectable ?? []).some(({ host }) => host === target?.id);
}

/**
 * Where nobody did it, what shows it: the mount that is full, the resolver that is asked, the end
 * that does not answer. A second piece only where it has room.
 */
function withEvidence(what: string, { evidence: [first, second] }: Finding, most: number): string {
  if (first === undefined) return what;
  const one = `${what}: ${first}`;
  const both = `${one}. ${second === undefined ? '' : capital(second)}`;
  return second === undefined || both.length > most ? one : both;
}

function endText(first: Finding, status: Case['causeStatus']): string {
  if (first.cause === 'unknown') return 'not found; it may come back.';
  const what = causePhrase(first);
  if (status === 'gone') return `${what}: gone.`;
  return status === 'present' ? `${what}: still there.` : `${what}: not looked for again, it may come back.`;
}

/** "pid 33 report (root), /etc/cron.d/reports". */
function culpritText({ pid, command, user, cron, cronFile }: Culprit): string {
  const file = cron === undefined ? '' : `, started from ${fileOf(cronFile)}`;
  return `pid ${pid} ${line(shortCommand(command), COMMAND_MAX)} (${user})${file}`;
}

/** Programs without their folders: `/usr/bin/node /srv/report` is `node report`. */
function shortCommand(command: string): string {
  return command.replace(/(^|\s)\/(?:[^\s/]+\/)+(?=[^\s/])/g, '$1');
}

/** The file of the crontab line; records from before it was kept have none. */
export function fileOf(cronFile: string | undefined): string {
  if (cronFile === undefined) return 'a crontab';
  return cronFile === 'timer' ? 'a systemd timer' : line(cronFile, 80);
}
