/**
 * What has to hold of the replacements of a service together: one at a time, none of a successor,
 * and only so many deregistrations of one task. Written without looking at core/decide.
 */
import type { Replacement } from '../../core/model';
import { SLACK_MS } from './read-log';
import type { Checker } from './roles';

/** A successor is not replaced for so long, whoever finds it slow. */
const SUCCESSOR_MS = 6 * 3_600_000;

/** ECS registers again what somebody else deregistered: more often is a fight. */
const MOST_DEREGISTRATIONS = 3;

/** At the first deregistration of a task. */
export function judgeBegin(checker: Checker, found: Replacement, key: string): void {
  const { records, clock } = checker.stage;
  const now = clock.now();
  const others = [...records.open(), ...records.closed()].flatMap(({ state, replacement }) =>
    replacement === undefined || replacement.taskArn === found.taskArn || replacement.abandonedAt !== undefined
      ? []
      : [{ ...replacement, isOpen: state !== 'closed' }],
  );
  const open = others.filter(({ isOpen }) => isOpen).length;
  checker.must(open === 0, 'budget', `${key} deregistered, and ${open} other replacements are under way or failed`);
  const before = others.find(
    ({ replacedBy, stoppedAt }) => replacedBy === found.taskArn && now - (stoppedAt ?? -Infinity) < SUCCESSOR_MS - SLACK_MS,
  );
  checker.must(before === undefined, 'budget', `${key} deregistered, and its task took the place of a sick one`);
}

/** How often each task was deregistered by us, the call that is judged not counted. */
export class Deregistrations {
  private readonly counts = new Map<string, number>();

  judge(checker: Checker, { taskArn }: Replacement, key: string): void {
    const before = this.counts.get(taskArn) ?? 0;
    checker.must(before < MOST_DEREGISTRATIONS, 'contested', `${key} deregistered after its service registered it again ${before} times`);
  }

  count(taskArn: string): void {
    this.counts.set(taskArn, (this.counts.get(taskArn) ?? 0) + 1);
  }
}
