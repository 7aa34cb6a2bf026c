/**
 * Targets that are addresses: whom a removal and a restore are about is whoever had the address
 * when the run looked.
 */
import { isInstanceId, type Target } from '../../core/model';
import type { AddressRestore } from '../../lambda/act/restore-address';
import type { Call } from './invocation';
import { targetsOf, type TargetOfCall } from './read-log';
import type { Checker, Stage } from './roles';

/** Of a key as the checker writes it: the instance, or whoever has the address now. */
export function hostOfKey(stage: Stage, key: string): string {
  const [id = '', port] = key.split(':');
  return stage.tasks.behind({ id, port: Number(port) });
}

/** The instance, or whoever had the address when this run looked last. */
export function hostRead(checker: Checker, call: Call, { id, port }: Pick<Target, 'id' | 'port'>): string {
  if (isInstanceId(id)) return id;
  return checker.readLogOf(call.by).holders.get(id)?.instanceId ?? checker.stage.tasks.behind({ id, port });
}

/**
 * An address is removed for somebody who had it after the intent was on record, and whose slowness
 * it was that was measured.
 */
export function judgeHolder(checker: Checker, call: Call, { groupArn, id, port }: TargetOfCall): void {
  if (isInstanceId(id) || checker.stage.plan.service !== undefined) return;
  const { holders, intents, rounds } = checker.readLogOf(call.by);
  const read = holders.get(id);
  const intent = intents.get(`${groupArn}#${id}:${port}`) ?? 0;
  checker.must((read?.step ?? 0) > intent, 'other-holder', `${id} removed on an old look at who has it`);
  const measured = rounds.get(groupArn)?.round?.targetRefs?.[`${id}:${port}`];
  const isIt = measured?.kind === 'instance' && measured.instanceId === read?.instanceId;
  checker.must(isIt, 'other-holder', `${id} removed: ${read?.instanceId} has it, and another was measured there`);
}

/** Nothing of ours registers an address for anybody but whom it was taken from. */
export function judgeAddresses(checker: Checker, call: Call): void {
  if (checker.stage.plan.service !== undefined) return;
  for (const { groupArn, id, port } of targetsOf(call).filter((target) => !isInstanceId(target.id))) {
    const whose = checker.stage.all().flatMap((one) => one.checker.out.get(`${groupArn}#${id}:${port}`)?.host ?? [])[0];
    const read = checker.readLogOf(call.by).holders.get(id)?.instanceId;
    checker.must(read !== undefined, 'other-holder', `${id} registered without a look at who has it`);
    checker.must(whose === undefined || whose === read, 'other-holder', `${id} registered: it was ${whose}'s, and ${read} has it`);
  }
}

/** Whether the entry's event names exactly this target. */
export function isRestoreOf(input: string | undefined, { groupArn, id, port }: TargetOfCall): boolean {
  const event = JSON.parse(input ?? '{}') as Partial<AddressRestore>;
  return event.groupArn === groupArn && event.target?.id === id && event.target.port === port && event.targetRef !== undefined;
}

/**
 * Of what is registered at the end of a lease, by Scheduler itself or by the function that it
 * wakes: the address is still its, as the world has it. The function cannot see what happens
 * between its look and its call, which takes no time here.
 */
export function judgeDirectRestore(checker: Checker, input: unknown): void {
  for (const { groupArn, id, port } of targetsOf({ input }).filter((target) => !isInstanceId(target.id))) {
    const whose = checker.out.get(`${groupArn}#${id}:${port}`)?.host;
    const now = checker.stage.tasks.behind({ id, port });
    checker.must(
      whose === undefined || whose === now,
      'other-holder',
      `${id} registered at the end of its lease: it was ${whose}'s, and is ${now}'s`,
    );
  }
}
