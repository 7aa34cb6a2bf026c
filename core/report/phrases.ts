/** Causes and refusals in the words of the people who are told of them. */
import { isLead, type Blocked, type Cause, type Finding } from '../model';

/**
 * By who does it: a job of cron, another process, or nobody that was found; and what to do on the
 * host where nobody was.
 */
interface Phrases {
  readonly cron?: string;
  readonly process?: string;
  readonly plain: string;
  readonly remedy: string;
}

const CAUSES: Readonly<Record<Cause, Phrases>> = {
  'pool-starvation': {
    cron: 'cron job starving its DB pool',
    process: 'process starving its DB pool',
    plain: 'its DB pool is starved',
    remedy: 'end what holds its DB connections',
  },
  'pool-leak': {
    plain: 'connections leaking from its DB pool',
    remedy: 'restart the application, which does not give its connections back',
  },
  'slow-dependency': { plain: 'what it calls answers it slowly', remedy: 'look at what it calls' },
  'cpu-saturation': {
    cron: 'cron job using up its CPU',
    process: 'process using up its CPU',
    plain: 'its CPU is saturated',
    remedy: 'find what uses its CPU',
  },
  'event-loop-block': { plain: 'its event loop is blocked', remedy: 'find what blocks its event loop' },
  'memory-pressure': {
    cron: 'cron job using up its memory',
    process: 'process using up its memory',
    plain: 'it is short of memory',
    remedy: 'find what uses its memory',
  },
  'disk-full': { plain: 'its disk is full', remedy: 'make room on its disk' },
  'disk-io': {
    cron: 'cron job saturating its disk',
    process: 'process saturating its disk',
    plain: 'its disk is saturated',
    remedy: 'find what uses its disk',
  },
  'fd-exhaustion': { plain: 'it is out of file descriptors', remedy: 'find what is left open, or restart the application' },
  'socket-leak': { plain: 'it leaks sockets', remedy: 'restart the application, which does not close its sockets' },
  'accept-queue-overflow': { plain: 'its accept queue overflows', remedy: 'find why the application accepts too slowly' },
  dns: { plain: 'its DNS lookups fail or are slow', remedy: 'repair its name resolution' },
  'release-drift': { plain: 'it runs another release than its peers', remedy: "deploy its peers' release" },
  'config-drift': { plain: 'its configuration differs from its peers', remedy: "give it its peers' configuration" },
  'tracer-attached': { process: 'a tracer slows it down', plain: 'a tracer slows it down', remedy: 'detach the tracer' },
  'shared-dependency': { plain: 'what all targets share is slow', remedy: 'look at what the targets share' },
  unknown: { plain: 'cause unknown', remedy: 'look for what slows it down' },
};

/** "cron job starving its DB pool"; a lead is called possible. */
export function causePhrase(finding: Pick<Finding, 'cause' | 'confidence' | 'culprit'>): string {
  const { cron, process, plain } = CAUSES[finding.cause];
  const { culprit } = finding;
  const phrase = culprit === undefined ? plain : ((culprit.cron === undefined ? process : (cron ?? process)) ?? plain);
  return isLead(finding) ? `possibly ${phrase}` : phrase;
}

/** What to do on the host about a cause of which no culprit was found: "make room on its disk". */
export function causeRemedy({ cause }: Pick<Finding, 'cause'>): string {
  return CAUSES[cause].remedy;
}

/** Why a removal was refused, and what a person can do about it. */
interface RefusalPhrase {
  readonly why: string;
  readonly remedy: string;
}

const NOTHING = 'Nothing: it usually passes with one of the next rounds.';
const BY_HAND = 'Take it out by hand if you agree.';

const REFUSALS: Readonly<Record<Blocked, RefusalPhrase>> = {
  'mode-observe': { why: 'observe mode', remedy: BY_HAND },
  'kill-switch': { why: 'the kill switch is on or unreadable', remedy: 'Set the kill switch to off when removals may go on.' },
  'owner-undeclared': { why: 'no owner is declared', remedy: 'Declare "owner" for the group.' },
  'owner-unsupported': { why: 'its owner is not what was declared', remedy: 'Take it out the way its owner wants.' },
  'target-unsupported': { why: 'not a kind of target that is removed', remedy: BY_HAND },
  'drain-outlasts-lease': {
    why: 'its address cannot be registered again within a lease',
    remedy: 'Lower the deregistration delay, or raise "durations.leaseCapS".',
  },
  'no-probe-path': { why: "measured on the health check's path only", remedy: 'Configure "probe.path".' },
  'too-few-peers': { why: 'fewer than 3 comparable targets', remedy: BY_HAND },
  'never-reached': { why: 'no probe ever got an answer', remedy: "Admit the prober's security group." },
  'stale-evidence': { why: 'the evidence is too short or too old', remedy: NOTHING },
  'shared-cause': { why: 'its peers are affected too', remedy: 'Look at what the targets share.' },
  'shared-zone': { why: 'its whole zone is affected', remedy: 'Look at what the zone shares.' },
  blind: { why: 'the prober doubts itself', remedy: 'Check the prober: log, subnets, security group.' },
  grace: { why: 'it was registered or changed state lately', remedy: NOTHING },
  'capacity-floor': { why: 'too few others serve', remedy: 'Add capacity, or bring the others back.' },
  'capacity-projection': { why: 'the others could not carry its load', remedy: 'Add capacity.' },
  'capacity-unknown': { why: "the others' load is unknown", remedy: 'Let hosts be inspected, or configure "capacity".' },
  'zone-floor': { why: 'too few others serve in its zone', remedy: 'Add capacity in its zone, or turn cross-zone on.' },
  'budget-group': { why: 'as many are out as may be', remedy: 'Look at what the targets share.' },
  'budget-group-hour': { why: 'the hourly limit of the group is reached', remedy: 'Look at what was removed in the last hour.' },
  'budget-stack': { why: 'the hourly limit of the stack is reached', remedy: 'Look at what was removed in the last hour.' },
  'breaker-open': { why: 'a breaker is open', remedy: 'Look at what was removed, then close the breaker.' },
  'frozen-deployment': { why: 'a deployment is under way', remedy: 'Let it finish.' },
  'frozen-zonal-shift': { why: 'a zonal shift is on', remedy: 'Let it finish.' },
  'frozen-atw': { why: 'Automatic Target Weights moves traffic', remedy: 'Let it finish.' },
  'asg-at-min': { why: 'its Auto Scaling group is at its minimum', remedy: 'Raise the desired capacity, or lower the minimum.' },
  'zone-imbalance': { why: 'Auto Scaling would rebalance its zones', remedy: 'Even the zones out.' },
  'no-way-back': { why: 'its Auto Scaling group would not let it back', remedy: 'Raise the maximum of the Auto Scaling group by 1.' },
  held: { why: 'an operator holds it', remedy: 'Release the hold, if it is time.' },
  contested: { why: 'someone else moved it lately', remedy: 'Agree with whoever registered it.' },
  'world-changed': { why: 'its state changed lately, or time ran out', remedy: NOTHING },
  uncorroborated: { why: 'no second view agrees', remedy: 'Check the path to the target; admit our client to the load balancer.' },
  'unreadable-record': { why: 'a record of a later version is stored', remedy: 'Deploy the later version again.' },
  contradicted: { why: 'another view does not show it', remedy: 'Look at the path from the prober to the target.' },
  'second-view-awaited': { why: 'a second view is awaited', remedy: NOTHING },
  'network-settling': { why: 'the Network Load Balancer still carries out the last change', remedy: NOTHING },
  'service-differs': { why: 'its ECS service is not as declared', remedy: 'Correct "ecs", or let ECS be read.' },
  'service-other-traffic': { why: 'requests reach its task in other ways too', remedy: 'Replace the task by hand if you agree.' },
  'service-scheduling': { why: 'its ECS service replaces tasks in another way', remedy: 'Replace the task by hand if you agree.' },
  'service-deployment': { why: 'its ECS service is being deployed', remedy: 'Let it finish.' },
  'service-counts': { why: 'its ECS service lacks tasks', remedy: 'Let its service start them, or raise its desired count to 3.' },
  'service-percent': {
    why: 'its ECS service allows no task less',
    remedy: "Lower the service's minimumHealthyPercent, or add tasks.",
  },
  'service-failing': { why: 'its ECS service fails to start tasks', remedy: "See the service's events." },
  'task-protected': { why: 'its task is protected, or that is unknown', remedy: 'Let it end its work, or replace it by hand.' },
  'host-draining': { why: 'its container instance drains or is unknown', remedy: 'Let it finish.' },
  'evidence-uncaptured': { why: 'its evidence is not captured yet', remedy: NOTHING },
  'budget-service-hour': { why: 'the hourly limit of the service is reached', remedy: 'Look at what was replaced in the last hour.' },
  'replacement-open': { why: 'another task is being replaced', remedy: 'Look at that one first.' },
  'replacement-repeats': {
    why: 'its replacements are slow too',
    remedy: 'Look at what the tasks share: release, configuration, dependency.',
  },
};

/** "too few others serve", "a deployment is under way". */
export function refusalPhrases(blocked: readonly Blocked[]): string[] {
  return blocked.map((reason) => REFUSALS[reason].why);
}

/** "too few others serve, a deployment is under way". */
export function refusalPhrase(blocked: readonly Blocked[]): string {
  return refusalPhrases(blocked).join(', ');
}

/** What to do about the first of them that a person can do something about. */
export function remedyOf(blocked: readonly Blocked[]): string {
  const remedies = blocked.map((reason) => REFUSALS[reason].remedy);
  return remedies.find((remedy) => remedy !== NOTHING) ?? remedies[0] ?? NOTHING;
}
