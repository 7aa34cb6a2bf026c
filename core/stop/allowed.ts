/** Which entry of the allow-list a plan falls under. */
import type { ProcessIdentity, StopAllowed, StopPlan } from '../model';

/**
 * The entry that allows it; undefined where none does. Of several the one without SIGKILL: what is
 * allowed twice is allowed the less dangerous way.
 */
export function allowedBy(allow: readonly StopAllowed[], plan: StopPlan): StopAllowed | undefined {
  const fitting = allow.filter((entry) => fits(entry, plan));
  return fitting.find(({ allowKill }) => !allowKill) ?? fitting[0];
}

function fits(entry: StopAllowed, plan: StopPlan): boolean {
  const { process, executable } = plan;
  return (
    entry.executable === process.executable &&
    executable.path === process.executable &&
    entry.user === process.user &&
    matches(entry.arguments, argumentsOf(process)) &&
    startedBy(plan) === entry.parent
  );
}

/** The redacted command without its first word, joined by one space. */
function argumentsOf({ command }: Pick<ProcessIdentity, 'command'>): string {
  return command
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(1)
    .join(' ');
}

/**
 * Whether the whole text matches. The configuration has checked that the expression is anchored; it
 * is anchored here once more, for what it allows is a stop.
 */
function matches(expression: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${expression})$`).test(text);
  } catch {
    return false;
  }
}

const CLOCKS = /\/(cron|crond|anacron|fcron)$/;

/**
 * What started it, told twice: by what stands in the host's crontabs or timers, and by whose child
 * it is. A job that a person ran by hand has its line in the crontab all the same.
 */
function startedBy({ starter, ancestors, cgroup }: StopPlan): 'cron' | 'timer' | undefined {
  if (starter?.kind === 'cron') return ancestors.some(({ executable }) => CLOCKS.test(executable)) ? 'cron' : undefined;
  if (starter?.kind === 'timer') return cgroup.split('/').includes(starter.service) ? 'timer' : undefined;
  return undefined;
}
