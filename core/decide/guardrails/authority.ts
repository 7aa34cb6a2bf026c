/**
 * Guardrails on what Sickbay may do at all here: what a person allowed, and what kind of group and
 * target it knows how to remove from.
 */
import { ENFORCE_TAG_KEY, taskOf, type GuardrailCheck, type TargetCase } from '../../model';
import { onlyObserved, spokenTo } from '../../spoken';
import { agentInFront } from '../../target-optimizer';
import { autoScalingOf, check, type Guardrail, type WhileOut } from '../candidate';
import type { GroupSituation } from '../situation';

export const mode: WhileOut = (candidate) => {
  const { situation, group } = candidate;
  const view = autoScalingOf(candidate);
  const { mode: configured, stack } = situation.config;
  const all = [group.group.tags, ...(view === undefined ? [] : [view.tags])];
  const value = [
    configured,
    `target group ${taggedText(group.group.tags, stack)}`,
    ...(view === undefined ? [] : [`Auto Scaling group ${view.name} ${taggedText(view.tags, stack)}`]),
  ];
  const passed = configured === 'enforce' && all.every((tags) => tags[ENFORCE_TAG_KEY] === stack);
  return check(
    'mode-observe',
    passed,
    value.join(', '),
    `enforce and the tag ${ENFORCE_TAG_KEY}=${stack}${view === undefined ? '' : ' on both'}`,
  );
};

/**
 * `true` was the tag's value before it named a stack: a group that still carries it is observed,
 * and the alert says what to set.
 */
function taggedText(tags: Readonly<Record<string, string>>, stack: string): string {
  const value = tags[ENFORCE_TAG_KEY];
  if (value === undefined) return 'not tagged';
  if (value === stack) return 'tagged';
  return value === 'true'
    ? `tagged "true", which names no stack: set it to "${stack}"`
    : `tagged for another stack, ${JSON.stringify(value)}`;
}

export const killSwitch: WhileOut = ({ situation }) => {
  const { killSwitch: read } = situation;
  return check('kill-switch', read.state === 'off', read.state === 'on' && read.why !== undefined ? `on (${read.why})` : read.state, 'off');
};

export const ownerDeclared: WhileOut = ({ group }) =>
  check('owner-undeclared', group.config.owner !== undefined, group.config.owner ?? 'nothing declared', 'static, asg or ecs');

/** The observed owner must be the declared one. */
export const ownerSupported: Guardrail = ({ group, incident }) => {
  if (group.config.owner === 'ecs') return ownedByService(group, incident);
  const seen = group.owners.get(incident.target.id) ?? { owner: 'unknown' as const, why: 'not observed' };
  const summary = 'why' in seen ? `${seen.owner}: ${seen.why}` : seen.owner;
  return check('owner-unsupported', seen.owner === group.config.owner, summary, `${group.config.owner ?? 'static or asg'}, as declared`);
};

/** What service it is, and whose task, is asked by `service-differs`. */
function ownedByService({ service, group: { arn } }: GroupSituation, { target }: TargetCase): GuardrailCheck {
  const task = taskOf(service, arn, target);
  const why = service === undefined ? 'not read' : 'why' in service ? service.why : 'no running task of the declared service';
  return check('owner-unsupported', task !== undefined, task === undefined ? `unknown: ${why}` : 'ecs', 'ecs, as declared');
}

export const targetSupported: Guardrail = ({ group, incident }) => {
  const { targetType, protocol, protocolVersion = 'HTTP1' } = group.group;
  const spoken = spokenTo(group.group, group.config.probe);
  const isKnown = targetType === 'instance' || targetType === 'ip';
  const agent = agentInFront(group.group, incident.target.port, group.config.probe?.port);
  const passed = isKnown && onlyObserved(group.group, group.config) === undefined && spoken.ok && agent === undefined;
  const why = [...(spoken.ok ? [] : [spoken.why]), ...(agent === undefined ? [] : [agent])];
  const value = [`${targetType} over ${protocol} ${protocolVersion}`, ...why].join(', ');
  return check(
    'target-unsupported',
    passed,
    value,
    'instance or ip over HTTP or HTTPS, or instance over TCP or TLS with "nlb", probed in its own protocol version',
  );
};

export const probePath: Guardrail = ({ group }) =>
  check('no-probe-path', group.config.probe !== undefined, group.config.probe?.path ?? 'none configured', 'a configured path');
