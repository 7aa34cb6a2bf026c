/**
 * Guardrails of a replacement: of a group that declares `owner: 'ecs'`, beside all others. A
 * service, a task or a host of which anything is not known does not pass.
 */
import { ENFORCE_TAG_KEY, isRunning, taskOf, type EcsTask, type GuardrailCheck, type ServiceView } from '../../model';
import { isReplacing, replacementOf, taskId } from '../../replacement';
import { check, type Asked, type Candidate } from '../candidate';
import { evidenceSince } from '../evidence';
import type { Ledger } from '../ledger';
import { PAST_MS } from '../past';
import { SERVICE_RULES } from './service-rules';

/**
 * What a check of the service rests on: whether its task is about to be deregistered or stopped.
 */
export type OfService = Asked & { readonly ledger: Ledger };
type Check = (asked: OfService) => GuardrailCheck;

/** The declared service as it was read; undefined when it was not. */
function viewOf({ group }: Pick<Asked, 'group'>): ServiceView | undefined {
  const { service } = group;
  return service === undefined || 'why' in service ? undefined : service;
}

/** By its ARN once it is on record: its address may be another task's by now. */
function taskIn({ group, incident }: Asked): EcsTask | undefined {
  const recorded = replacementOf(incident)?.taskArn;
  if (recorded === undefined) return taskOf(group.service, group.group.arn, incident.target);
  return viewOf({ group })?.tasks.find((task) => task.arn === recorded && isRunning(task));
}

/** A check of what was read; nothing passes that was not. */
function ofService(guardrail: GuardrailCheck['guardrail'], limit: string, look: (view: ServiceView, asked: OfService) => string[]): Check {
  return (asked) => {
    const view = viewOf(asked);
    if (view === undefined) return check(guardrail, false, 'the service was not read', limit);
    const problems = look(view, asked);
    return check(guardrail, problems.length === 0, problems.join('; ') || 'in order', limit);
  };
}

function ofTask(guardrail: GuardrailCheck['guardrail'], limit: string, look: (task: EcsTask) => string[]): Check {
  return ofService(guardrail, limit, (_view, asked) => {
    const task = taskIn(asked);
    return task === undefined ? ['its task was not found'] : look(task);
  });
}

/**
 * What was declared is what is there: this cluster, this service, this target group, and one of its
 * running tasks behind the target.
 */
const asDeclared: Check = (asked) => {
  const { group, incident } = asked;
  const { ecs } = group.config;
  const limit = `${ecs?.service ?? 'a service'} in ${ecs?.cluster ?? 'a cluster'}, as declared, with this target as a running task's`;
  const { service } = group;
  if (service === undefined || 'why' in service) return check('service-differs', false, service?.why ?? 'not read', limit);
  const { name, clusterArn, status, targetGroupArns } = service.service;
  const cluster = clusterArn.split('/').at(-1);
  const problems = [
    ...(name === ecs?.service && cluster === ecs.cluster ? [] : [`the service read is ${name} in ${cluster}`]),
    ...(status === 'ACTIVE' ? [] : [`the service is ${status}`]),
    ...(targetGroupArns.includes(group.group.arn) ? [] : [`${name} does not register in this target group`]),
    ...(taskIn(asked) === undefined ? [`no running task of ${name} is behind ${incident.target.id}:${incident.target.port}`] : []),
  ];
  return check('service-differs', problems.length === 0, problems.join('; ') || `${name} in ${cluster}`, limit);
};

/** It guards against scale-in and deployments alone; StopTask would end it all the same. */
const unprotected = ofTask('task-protected', 'known not to be protected', ({ protection }) => {
  if (protection.state === 'unprotected') return [];
  return [protection.state === 'protected' ? 'protected' : `not known: ${protection.why}`];
});

/** While its host drains ECS replaces every task there itself. */
const hostAtRest = ofTask('host-draining', 'Fargate, or an ACTIVE container instance with its agent connected', ({ launchType, host }) => {
  if (launchType === 'FARGATE') return [];
  if (launchType !== 'EC2' || host === undefined) return [`launch type ${launchType}, its container instance was not read`];
  return [
    ...(host.status === 'ACTIVE' ? [] : [host.status ?? 'no status']),
    ...(host.agentConnected ? [] : ['its agent is not connected']),
  ];
});

/**
 * The enforce tag of the service and of the task as well: `mode-observe` has the target group's,
 * and IAM asks for the task's when it is stopped (lib/service-permissions.ts).
 */
const serviceTagged = ofService('mode-observe', 'the enforce tag on the service and on its task too', ({ service }, asked) => {
  const { stack } = asked.situation.config;
  const task = taskIn(asked);
  return [
    ...untagged(`service ${service.name}`, service.tags, stack),
    ...(task === undefined ? [] : untagged('its task (does the service propagate its tags?)', task.tags, stack)),
  ];
});

function untagged(who: string, tags: Readonly<Record<string, string>>, stack: string): string[] {
  const value = tags[ENFORCE_TAG_KEY];
  if (value === stack) return [];
  return [`${who} ${value === undefined ? 'not tagged' : `tagged ${JSON.stringify(value)}`}, ${ENFORCE_TAG_KEY}=${stack} wanted`];
}

/**
 * A task that is not inspectable is captured as far as it can be: the inspection was tried, and its
 * answer is on record.
 */
const captured: Check = ({ incident, situation }) => {
  const { staleS } = situation.config.durations;
  const ageS = incident.inspectedAt === undefined ? undefined : Math.round((situation.now - incident.inspectedAt) / 1000);
  const passed = incident.diagnosis !== undefined && ageS !== undefined && ageS < staleS;
  return check(
    'evidence-uncaptured',
    passed,
    ageS === undefined ? 'not inspected' : `inspected ${ageS} s ago`,
    `inspected less than ${staleS} s ago`,
  );
};

/** The service's ARN, as it was read; or as it is on record. */
function serviceArnOf(asked: Asked): string | undefined {
  return replacementOf(asked.incident)?.serviceArn ?? viewOf(asked)?.service.arn;
}

const serviceHour: Check = (asked) => {
  const arn = serviceArnOf(asked);
  const most = asked.situation.config.limits.replacementsPerServiceHour;
  if (arn === undefined) return check('budget-service-hour', false, 'the service was not read', `fewer than ${most}`);
  const lately = asked.ledger.replacementsLastHour(arn);
  return check('budget-service-hour', lately + 1 <= most, `${lately} replaced in the last hour`, `fewer than ${most}`);
};

const noneOpen: Check = (asked) => {
  const arn = serviceArnOf(asked);
  const others = asked.situation.openCases.filter((other) => other.id !== asked.incident.id && isReplacing(other));
  const here = others.filter((other) => arn === undefined || other.replacement?.serviceArn === arn);
  const failed = here.filter(({ replacement }) => replacement?.failedAt !== undefined).length;
  const value = failed > 0 ? `${failed} failed, and nobody has looked` : `${here.length} under way`;
  return check('replacement-open', here.length === 0, value, 'none under way, none failed');
};

/** So many within six hours, and a person decides. */
const MANY_REPLACED = 3;

/**
 * The next task is sick as well: a new one does not help, and each costs capacity while it starts.
 */
const noRepeats: Check = (asked) => {
  const arn = serviceArnOf(asked);
  const task = taskIn(asked)?.arn;
  const past = [...asked.situation.openCases, ...asked.situation.closedCases]
    .flatMap((incident) => replacementOf(incident) ?? [])
    .filter(
      ({ serviceArn, stoppedAt, intentAt }) => serviceArn === arn && stoppedAt !== undefined && asked.situation.now - intentAt < PAST_MS,
    );
  const isReplacement = past.some(({ replacedBy }) => replacedBy !== undefined && replacedBy === task);
  const limit = `not itself a replacement, and fewer than ${MANY_REPLACED} in six hours`;
  const value = isReplacement ? `task ${taskId(task ?? '')} took the place of a sick one` : `${past.length} replaced within six hours`;
  return check('replacement-repeats', !isReplacement && past.length < MANY_REPLACED, value, limit);
};

/**
 * What has to hold until the task is stopped: read again in each round, and right before StopTask.
 */
const WHILE_OUT: readonly Check[] = [
  serviceTagged,
  asDeclared,
  ...SERVICE_RULES.map(({ guardrail, limit, look }) => ofService(guardrail, limit, (view, { situation }) => look(view, situation.now))),
  unprotected,
  hostAtRest,
];

const BEFORE: readonly Check[] = [...WHILE_OUT, captured, serviceHour, noneOpen, noRepeats];

/**
 * An address is given to the next task within minutes: what was measured before the task started is
 * about another one.
 */
function measuredItself(candidate: Candidate): GuardrailCheck {
  const since = evidenceSince(candidate);
  const startedAt = taskIn(candidate)?.startedAt;
  const value =
    startedAt === undefined ? 'its start is not known' : startedAt <= since ? 'started before' : 'started after the evidence began';
  return check('service-differs', startedAt !== undefined && startedAt <= since, value, 'a task that started before the evidence began');
}

/** Of a convicted target, beside the guardrails of every removal. */
export function evaluateService(candidate: Candidate): GuardrailCheck[] {
  const checks = evaluate(BEFORE, candidate);
  return taskIn(candidate) === undefined ? checks : [...checks, measuredItself(candidate)];
}

/** Of a target that is out: whether its task may be stopped, as far as ECS goes. */
export function evaluateServiceWhileOut(asked: OfService): GuardrailCheck[] {
  return evaluate(WHILE_OUT, asked);
}

/** Of a service that was not read nothing else can be told than that. */
function evaluate(checks: readonly Check[], asked: OfService): GuardrailCheck[] {
  return viewOf(asked) === undefined ? [asDeclared(asked)] : checks.map((look) => look(asked));
}
