/**
 * Every guardrail of a removal, in one table; what each asks is in guardrails/. A guardrail that
 * cannot be evaluated does not pass. Guardrails rest on what was read in this run. None applies to
 * a restore, so that none keeps a target out.
 */
import type { GuardrailCheck } from '../model';
import { isOfNetwork } from '../spoken';
import type { Candidate, Guardrail, WhileOut } from './candidate';
import { holderGuardrails } from './holder';
import { corroborated, newestWord, notAwaited, uncontradicted } from './second-view/second-view';
import { evaluateService, evaluateServiceWhileOut, type OfService } from './replace/guardrails';
import { attachedGroupsRead, STANDBY_GUARDRAILS } from './standby';
import { networkSettled } from './network-settled';
import { mode, killSwitch, ownerDeclared, ownerSupported, targetSupported, probePath } from './guardrails/authority';
import { enoughPeers, reached, fresh, noSharedCause, noSharedZone, sighted, pastGrace, notSharedNow } from './guardrails/grounds';
import { floor, zoneFloor, capacity, outBudget, groupHour, stackHour, noBreaker } from './guardrails/how-many';
import { notHeld, noZonalShift, noMitigation, unchanged, uncontested, recordsRead, standbySeen } from './guardrails/others';

/**
 * Evaluates all guardrails, so that the alert shows each one that failed and not only the first.
 */
export function evaluateGuardrails(candidate: Candidate): GuardrailCheck[] {
  const of = [...GUARDRAILS, ...holderGuardrails(candidate), ...(isOfNetwork(candidate.group.group) ? [networkSettled] : [])];
  const own = of.map((guardrail) => guardrail(candidate));
  const all = candidate.group.config.owner === 'ecs' ? [...own, ...evaluateService(candidate)] : own;
  if (all.some(({ passed }) => !passed)) return all;
  const word = newestWord(candidate);
  return word.passed ? all : all.map((check) => (check.guardrail === word.guardrail ? word : check));
}

const GUARDRAILS: readonly Guardrail[] = [
  mode,
  killSwitch,
  ownerDeclared,
  ownerSupported,
  targetSupported,
  probePath,
  enoughPeers,
  reached,
  fresh,
  noSharedCause,
  noSharedZone,
  sighted,
  pastGrace,
  uncontradicted,
  notAwaited,
  corroborated,
  floor,
  zoneFloor,
  capacity,
  outBudget,
  groupHour,
  stackHour,
  noBreaker,
  notHeld,
  noZonalShift,
  noMitigation,
  uncontested,
  unchanged,
  ...STANDBY_GUARDRAILS,
  recordsRead,
];

/**
 * The guardrails about the other targets and about the present, evaluated again before each
 * renewal.
 */
const RENEWAL_GUARDRAILS: readonly Guardrail[] = [
  notSharedNow,
  noSharedZone,
  sighted,
  floor,
  zoneFloor,
  capacity,
  standbySeen,
  attachedGroupsRead,
  outBudget,
  noZonalShift,
  recordsRead,
];

/**
 * Whether a target that is out may stay out for another lease, as far as that depends on the
 * others.
 */
export function evaluateRenewal(candidate: Candidate): GuardrailCheck[] {
  return RENEWAL_GUARDRAILS.map((guardrail) => guardrail(candidate));
}

/** Evaluated again in each round while a task is out, beside those of its service. */
const WHILE_OUT: readonly WhileOut[] = [mode, killSwitch, ownerDeclared, noBreaker, notHeld, noZonalShift, recordsRead];

/** Whether a task that is out may still be stopped, as far as the other targets do not matter. */
export function evaluateWhileOut(asked: OfService): GuardrailCheck[] {
  return [...WHILE_OUT.map((guardrail) => guardrail(asked)), ...evaluateServiceWhileOut(asked)];
}

/**
 * The others, by a recent round: a slow task is better than none where too few of them serve, and a
 * new one does not help where they are slow together.
 */
const BEFORE_STOP: readonly WhileOut[] = [notSharedNow, noSharedZone, sighted, floor, zoneFloor];

/** Whether a task that is out and has drained may be stopped now. */
export function evaluateBeforeStop(asked: OfService): GuardrailCheck[] {
  return [...evaluateWhileOut(asked), ...BEFORE_STOP.map((guardrail) => guardrail(asked))];
}
