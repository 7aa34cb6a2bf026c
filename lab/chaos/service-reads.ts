/** Reads of ECS under faults: an old answer, or none of what was asked for. */
import { operate } from './aws';
import type { Fault } from './invocation';
import type { Stage } from './roles';

/** As what each of them answers when it finds nothing of what was asked for. */
const NOTHING: Readonly<Record<string, object>> = {
  DescribeServices: { services: [], failures: [] },
  ListTasks: { taskArns: [] },
  DescribeTasks: { tasks: [], failures: [] },
  DescribeContainerInstances: { containerInstances: [], failures: [] },
  GetTaskProtection: { protectedTasks: [], failures: [] },
};

export const SERVICE_READS = Object.keys(NOTHING);

/** AWS promises no read of ECS that is fresh; a minute is what nobody would call a read (I). */
const STALE_MS = 30_000;

interface Answered {
  readonly at: number;
  readonly answer: unknown;
}

/** What was answered to each question, by stage; the newest last. */
const answered = new WeakMap<Stage['world'], Map<string, Answered[]>>();

export function readService(stage: Stage, operation: string, input: unknown, fault: Fault | undefined): unknown {
  if (fault === 'empty') return NOTHING[operation];
  const fresh = operate(stage.world, operation, input);
  const earlier = remember(stage, `${operation} ${JSON.stringify(input)}`, fresh);
  return fault === 'stale' ? (earlier ?? fresh) : fresh;
}

/** Keeps the answer, and returns the oldest one that is no older than a stale read may be. */
function remember({ world, clock }: Stage, question: string, answer: unknown): unknown {
  const all = answered.get(world) ?? new Map<string, Answered[]>();
  answered.set(world, all);
  const recent = (all.get(question) ?? []).filter(({ at }) => clock.now() - at <= STALE_MS);
  all.set(question, [...recent, { at: clock.now(), answer }]);
  return recent[0]?.answer;
}
