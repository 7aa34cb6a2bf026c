/** Alerts: what is stored is published, and each removal is told as one. */
import type { Case } from '../../core/model';
import { membersOf } from './call-input';
import type { Call } from './invocation';
import { renewalsTold } from './renewal';
import type { Checker } from './roles';

/**
 * Alerts that say that a target was out: as it left, or as what is known later of a removal whose
 * run died.
 */
const TELLS_OF_REMOVAL = /\/(eject|hold|watch)\//;
const TELLS_OF_END = /\/close\//;

export class AlertLog {
  /** When each alert was published last. */
  private readonly told = new Map<string, number>();
  private readonly stored = new Set<string>();

  constructor(private readonly checker: Checker) {}

  record({ outbox }: Case): void {
    for (const { id, quiet } of outbox) if (quiet !== true) this.stored.add(id);
  }

  published(call: Call): void {
    const { MessageAttributes } = membersOf(call.input);
    this.told.set(MessageAttributes?.['alertId']?.StringValue ?? '', this.checker.stage.clock.now());
  }

  /** Whether anything about the case was told since. */
  hasToldSince(caseId: string, at: number): boolean {
    return this.hasTold(caseId, at, () => true);
  }

  settled(): void {
    for (const id of this.stored) this.checker.must(this.told.has(id), 'alert-told', `alert ${id} was stored and never published`);
    renewalsTold(this.checker, [...this.told.keys()]);
    for (const { caseId, at } of this.checker.removals)
      this.checker.must(this.hasToldOfRemoval(caseId, at), 'alert-told', `the removal of case ${caseId} was never told`);
  }

  /** A case that ended because of somebody else tells of its removal by its end. */
  private hasToldOfRemoval(caseId: string, at: number): boolean {
    const { because } = this.checker.stage.records.closed().find((incident) => incident.id === caseId) ?? {};
    return this.hasTold(caseId, at, (id) => TELLS_OF_REMOVAL.test(id) || (because !== 'recovered' && TELLS_OF_END.test(id)));
  }

  private hasTold(caseId: string, at: number, is: (id: string) => boolean): boolean {
    return [...this.told].some(([id, toldAt]) => id.startsWith(caseId) && is(id) && toldAt >= at);
  }
}
