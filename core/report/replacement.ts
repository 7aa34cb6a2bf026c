/**
 * What people are told of the replacement of a task: what was done, that it is not undone, and what
 * is left for them to do.
 */
import type { Replacement } from '../model';
import { replacementOf, taskId } from '../replacement';
import { shortName } from './behind';
import { BY_WHOM, sickbayCommand } from './command';
import { refusalPhrase } from './phrases';
import { isStillFelt, LOOK_AT_OTHERS } from './still-felt';
import type { AlertInput } from './telling';
import { toldStep, type Told } from './told-step';
import { capital, clock } from './text';

export interface ReplacementTold {
  readonly headline: string;
  readonly done: string;
  readonly back?: string;
  readonly now: string;
}

/** `who`: the target, as people know it. `left`: who serves without it. */
export function replacementTold(input: AlertInput, who: string, left: string, ofAll: string): ReplacementTold | undefined {
  const { incident, decision } = input;
  const replacement = replacementOf(incident);
  const step = toldStep(incident, decision);
  return replacement === undefined || step === undefined ? undefined : TOLD[step]({ input, replacement, who, left, ofAll });
}

interface About {
  readonly input: AlertInput;
  readonly replacement: Replacement;
  readonly who: string;
  readonly left: string;
  readonly ofAll: string;
}

const NOTHING = 'Nothing.';
const NO_WAY_BACK = 'not this task: stopping it cannot be undone. Its service starts another one.';

/**
 * The command is last, so that nothing behind it is copied with it. It is not stopped before the
 * time that its connections have to drain has passed.
 */
function keepIt({ input: { now }, replacement }: About): string {
  const { target, drainMs, deregisteredAt, intentAt } = replacement;
  const until = (deregisteredAt.at(-1) ?? intentAt) + drainMs;
  const by = until < now + 60_000 ? 'at once' : `before ${clock(until)}`;
  return `nothing, unless you want to keep the task: then ${by}, ${sickbayCommand(`restore ${target.id}:${target.port} ${BY_WHOM}`)}`;
}

function task({ replacement: { taskArn, service } }: About): string {
  return `task ${taskId(taskArn)} of service ${shortName(service)}`;
}

function verifiedText(about: About): string {
  const { replacedBy } = about.replacement;
  if (replacedBy === undefined) return `replaced ${task(about)}: ${about.input.decision.reason}. ${about.left}`;
  return `replaced ${task(about)} by task ${taskId(replacedBy)}, which is healthy and fast. ${about.left}`;
}

const TOLD: Readonly<Record<Told, (about: About) => ReplacementTold>> = {
  begin: (about) => ({
    headline: `${about.replacement.stoppedAt === undefined ? 'Replacing' : 'Replaced'} ${about.ofAll}`,
    done: `deregistered ${about.who}. ${capital(task(about))} ${about.replacement.stoppedAt === undefined ? 'is' : 'was'} stopped once drained. ${about.left}`,
    back: NO_WAY_BACK,
    now: keepIt(about),
  }),
  deregister: (about) => ({
    headline: 'Registered again by its service, deregistered once more',
    done: `deregistered ${about.who} again: its service had registered it. ${about.left}`,
    back: NO_WAY_BACK,
    now: keepIt(about),
  }),
  stop: (about) => ({
    headline: 'Stopped its task, a replacement is awaited',
    done: `stopped ${task(about)}, which had drained. ${about.left}`,
    back: NO_WAY_BACK,
    now: NOTHING,
  }),
  stopped: (about) => ({
    headline: 'Its task stops, a replacement is awaited',
    done: `nothing more: ${about.input.decision.reason}. ${about.left}`,
    back: NO_WAY_BACK,
    now: NOTHING,
  }),
  verified: (about) => ({
    headline: 'Resolved: its task was replaced, the new one is healthy and fast',
    done: verifiedText(about),
    now: isStillFelt(about.input.round) ? LOOK_AT_OTHERS : NOTHING,
  }),
  failed: (about) => ({
    headline: 'Its task was replaced, and that did not help: needs a person',
    done: `stopped ${task(about)}; ${about.input.decision.reason}.`,
    back: 'not this task: it is gone. No other task of the service is replaced until a person has looked.',
    now: `look at what the tasks share (release, configuration, dependency), then: ${sickbayCommand('close-breaker --by NAME')}`,
  }),
  'call-off': (about) => ({
    headline: `Its task is not stopped (${whyNot(about)})`,
    done: `nothing more: ${about.input.decision.reason}.`,
    back: 'it is registered again as soon as it has drained, if its address still is its own.',
    now: about.input.decision.blocked.includes('contested') ? 'replace the task by hand, or let it be.' : NOTHING,
  }),
  register: (about) => ({
    headline: 'Is registered again, its task was not stopped',
    done: `asked for the registration of ${about.who}. ${about.left}`,
    back: 'now, slow as it is.',
    now: NOTHING,
  }),
  returned: (about) => ({
    headline: 'Back in service, its task was not replaced',
    done: `left ${about.who} in service: ${about.input.decision.reason}.`,
    now: NOTHING,
  }),
  abandon: (about) => ({ headline: 'Its task is not replaced', done: `nothing: ${about.input.decision.reason}.`, now: NOTHING }),
  leave: (about) => ({
    headline: 'Its task is left as it is',
    done: `left ${task(about)} as it is: ${about.input.decision.reason}.`,
    back: 'not by Sickbay; its service may register it again.',
    now: NOTHING,
  }),
  waits: (about) => ({
    headline: 'Out, and neither replaced nor back: needs a person',
    done: `nothing: ${about.input.decision.reason}.`,
    now: `look at ${task(about)}: it runs outside the load balancer. Stop it, or register it, by hand.`,
  }),
};

function whyNot({ input: { decision } }: About): string {
  return decision.blocked.length === 0 ? 'as asked' : refusalPhrase(decision.blocked.slice(0, 1));
}
