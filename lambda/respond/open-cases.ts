/**
 * Opens a case for each conviction, and for each group whose targets are slow together, cannot be
 * seen, or that does not exist, where there is none.
 */
import { createHash } from 'node:crypto';
import { openCase } from '../../core/case-transitions';
import type { Due } from '../../core/due';
import { targetKey, type Case } from '../../core/model';
import type { RespondPorts } from '../ports';
import type { Records } from './read-records';

/** They are stored before anything else is done. */
export async function openCases(ports: RespondPorts, records: Records, work: readonly Due[]): Promise<Case[]> {
  const opened: Case[] = [];
  for (const item of work) {
    if (item.kind === 'case') continue;
    const now = ports.clock.now();
    const round = records.rounds.get(item.groupArn)?.[0];
    const common = { now, groupArn: item.groupArn, id: caseId(item, round?.startedAt ?? now) };
    const targetRef = item.kind === 'conviction' ? round?.targetRefs?.[targetKey(item.target)] : undefined;
    const address = item.kind === 'conviction' ? round?.addresses[targetKey(item.target)] : undefined;
    const incident =
      item.kind === 'conviction'
        ? openCase({
            ...common,
            about: 'target',
            target: item.target,
            conviction: item.verdict,
            summary: item.verdict.says,
            ...(address === undefined ? {} : { address }),
            ...(targetRef === undefined ? {} : { targetRef }),
          })
        : openCase({ ...common, about: item.about, summary: item.summary });
    opened.push(await ports.cases.put(incident));
  }
  return opened;
}

/**
 * The id of a case follows from its round and subject, so that the records refuse a second one
 * however often it is opened.
 */
function caseId(item: Exclude<Due, { readonly kind: 'case' }>, roundAt: number): string {
  const subject = item.kind === 'conviction' ? targetKey(item.target) : item.about;
  const hash = createHash('sha256').update(`${item.groupArn}#${subject}`).digest('hex').slice(0, 8);
  return `${new Date(roundAt).toISOString()}-${hash}`;
}
