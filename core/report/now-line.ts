/** An alert's line on what to do now. */
import { currentEjection, groupName } from '../case';
import { isHold } from '../decide/hold';
import { isInstanceId, isLead, targetKey, type Case, type Ejection, type Finding } from '../model';
import { instanceOf } from './behind';
import { fileOf } from './cause-line';
import { BY_WHOM, sickbayCommand } from './command';
import { kubernetesAdvice } from './kubernetes';
import { causeRemedy, remedyOf } from './phrases';
import { replacementTold } from './replacement';
import { isStillFelt, LOOK_AT_OTHERS } from './still-felt';
import { newsOf, type AlertInput } from './telling';
import { clock } from './text';

/** Where a person need not do anything: no step at all for a chat or a machine. */
export const NOTHING_TO_DO = 'Nothing.';

/** What to do now; a command is whole within `most` characters, or not there. */
export function nowLine(input: AlertInput, most: number): string {
  const { incident, decision } = input;
  switch (newsOf(input)) {
    case 'removed':
    case 'held-out':
    case 'renewed':
    case 'asked':
      return remedyLine(input, most);
    case 'refused':
      if (kubernetesAdvice(incident, input.round) !== undefined) return kubernetesNow(incident);
      return decision.blocked.every((reason) => reason === 'mode-observe') ? remedyLine(input, most) : remedyOf(decision.blocked);
    case 'not-renewed':
      return `${remedyOf(decision.blocked)} Or remove the cause before then.`;
    case 'return-refused':
      return remedyOf(decision.blocked);
    case 'stopped':
      return 'start the instance.';
    case 'given-up':
      return givenUpText(currentEjection(incident));
    case 'back-early':
      return 'look at the others first, then at its cause.';
    case 'back':
      return incident.causeStatus === 'present' ? 'remove the cause, or it is removed again.' : afterwards(input, most);
    case 'contested':
      return 'agree with whoever registered it.';
    case 'closed':
      return afterwards(input, most);
    case 'replacement':
      return replacementTold(input, '', '', '')?.now ?? NOTHING_TO_DO;
    case 'group':
      return groupNow(input, most);
  }
}

/** The commands are next in an alert, and in the next steps of an event. */
function kubernetesNow({ target }: Case): string {
  return target !== undefined && isInstanceId(target.id)
    ? 'find the slow pod, perhaps on another node; never take the node out. The commands are in the alert.'
    : 'take the pod out of its Service, or evict it: never deregister it. The commands are in the alert.';
}

/** Where it is done: of an address, on the instance that has it. */
function hostOf(incident: Case): string {
  return instanceOf(incident) ?? incident.target?.id ?? 'it';
}

/** S10: what the clock starts comes again. */
function remedyLine({ incident }: AlertInput, most: number): string {
  const first = incident.diagnosis?.findings[0];
  const id = hostOf(incident);
  if (first === undefined || first.cause === 'unknown') return `open a session on ${id} and look for what slows it down.`;
  if (first.cause === 'shared-dependency') return withCheck('look at what the targets share', first, most);
  // Nobody stops a process or restarts an application on a guess.
  if (isLead(first)) return withCheck(`on ${id}, see whether it is so before you change anything`, first, most);
  const { culprit } = first;
  if (culprit === undefined) return withCheck(`on ${id}, ${causeRemedy(first)}`, first, most);
  const started = culprit.startedAt === undefined ? '' : ` if it still is the one started at ${clock(culprit.startedAt)}`;
  if (culprit.cron === undefined) return `on ${id}, stop pid ${culprit.pid}${started}.`;
  return `on ${id}, remove the job from ${fileOf(culprit.cronFile)}, then stop pid ${culprit.pid}${started}.`;
}

/**
 * A command that shows it on the host, where there is one: whole or not at all, and nothing behind
 * it that would be copied with it.
 */
function withCheck(what: string, { checks = [] }: Finding, most: number): string {
  const whole = `${what}; see it with: ${checks[0]}`;
  return checks[0] === undefined || whole.length > most ? `${what}.` : whole;
}

/**
 * S10: what the clock starts comes again, and so may what nobody saw end; of anything else nothing
 * is left to do.
 */
function afterwards({ incident, round }: AlertInput, most: number): string {
  if (incident.because === 'vanished' || incident.because === 'operator') return NOTHING_TO_DO;
  if (isStillFelt(round)) return LOOK_AT_OTHERS;
  const first = incident.diagnosis?.findings[0];
  if (first?.culprit?.cron !== undefined) return `the job starts again, unless it was removed from ${fileOf(first.culprit.cronFile)}.`;
  const isUnseen = first !== undefined && first.cause !== 'unknown' && incident.causeStatus !== 'gone';
  return isUnseen ? withCheck(`on ${hostOf(incident)}, see whether its cause is gone`, first, most) : NOTHING_TO_DO;
}

/** What it means that it stays out, and who alone can end it. */
function givenUpText(ejection: Ejection | undefined): string {
  if (ejection?.owner === 'asg')
    return `it stays on Standby in ${ejection.autoScalingGroup}, not checked, not replaced, until somebody calls aws autoscaling exit-standby or terminates it.`;
  return 'to bring it back: aws elbv2 register-targets.';
}

function groupNow({ incident, decision, round }: AlertInput, most: number): string {
  if (decision.action === 'close') return incident.about === 'shared' && isStillFelt(round) ? LOOK_AT_OTHERS : NOTHING_TO_DO;
  if (isHold(incident))
    return `nothing; to end it: ${sickbayCommand(`release ${incident.hold.target === undefined ? groupName(incident.groupArn) : targetKey(incident.hold.target)} ${BY_WHOM}`)}`;
  const first = incident.diagnosis?.findings[0];
  if (incident.about === 'shared' && first !== undefined) return withCheck('look at what the targets share', first, most);
  return GROUP_NOW[incident.about] ?? 'see the case.';
}

const GROUP_NOW: Readonly<Partial<Record<Case['about'], string>>> = {
  shared: 'look at what the targets share.',
  blind: "check the prober's log, its subnets and its security group.",
  missing: 'take the group out of the configuration, or correct its ARN, and deploy.',
  breaker: `look at what was removed in the last hour, then: ${sickbayCommand('close-breaker --by NAME')}`,
};
