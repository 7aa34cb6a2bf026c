/**
 * A lease is renewed only on positive evidence that the target is still slow. A renewal is a
 * removal for the length of the next lease, so the guardrails about the other targets are evaluated
 * again. Without a renewal the scheduled restore registers the target.
 */
import { verdictOf } from '../case';
import { targetKey, type Blocked, type Ejection, type GuardrailCheck, type Round, type TargetCase } from '../model';
import { check } from './candidate';
import { freshRound, decisionOn, type Decided } from './decision';
import { evaluateRenewal } from './guardrails';
import { PAST_MS, pastOf } from './past';
import { LEASE_SLACK_MS } from './settling';
import type { Absent } from './shortfall';
import type { GroupSituation, Situation } from './situation';

/**
 * In the second half of a lease it is renewed, in each round until it is. At its very end the
 * scheduled restore may be firing already.
 */
export function isRenewalDue({ leaseEndsAt, leaseS }: Ejection, now: number): boolean {
  const leftMs = leaseEndsAt - now;
  return leftMs <= (leaseS * 1000) / 2 && leftMs > LEASE_SLACK_MS;
}

/** Decides the lease of a target that stays out for now. */
export function renewOrKeep(absent: Absent, ejection: Ejection): Decided {
  const { situation, group, incident } = absent;
  const sick = sicknessNow(situation, group, incident);
  const leftMs = ejection.leaseEndsAt - situation.now;
  if (sick === undefined || leftMs <= LEASE_SLACK_MS)
    return decisionOn(situation, incident, 'keep', `out, ${Math.round(leftMs / 1000)} s of its lease left`);
  if (!isRenewalDue(ejection, situation.now)) return decisionOn(situation, incident, 'keep', `out, ${sick}`);
  // A renewal is a removal for the next lease, and IAM lets an observing stack move no scheduled
  // restore (lib/responder-permissions.ts).
  if (situation.config.mode === 'observe')
    return decisionOn(situation, incident, 'keep', `out, ${sick}; its lease ends: observe renews nothing`);
  return renewIfSpared(absent, ejection, sick);
}

/** After six hours out a person has to look, whether or not it is renewed. */
function renewIfSpared(absent: Absent, ejection: Ejection, sick: string): Decided {
  const { situation, incident } = absent;
  const leaseEndsAt = situation.now + ejection.leaseS * 1000;
  const long = pastOf(situation, incident, leaseEndsAt).outMs >= PAST_MS;
  const guardrails = spared(absent);
  const blocked: Blocked[] = [...new Set(guardrails.filter(({ passed }) => !passed).map(({ guardrail }) => guardrail))];
  if (blocked.length > 0)
    return decisionOn(
      situation,
      incident,
      { action: long ? 'page' : 'keep' },
      `${long ? 'six hours out, and ' : ''}its lease is not renewed: ${sick}`,
      {
        blocked,
        guardrails,
      },
    );
  return decisionOn(
    situation,
    incident,
    { action: long ? 'hold' : 'renew', leaseEndsAt, ejection },
    long ? 'six hours out, and still unhealthy' : sick,
    {
      guardrails,
    },
  );
}

/**
 * Whether the others can serve without it for another lease, by a recent round and by what was read
 * in this run.
 */
function spared({ situation, group, incident, ledger }: Absent): GuardrailCheck[] {
  const round = freshRound(situation, group);
  const verdict = verdictOf(round, incident.target);
  if (round === undefined || verdict === undefined)
    return [
      check('stale-evidence', false, 'no recent round that measured it', `one of less than ${situation.config.durations.staleS} s ago`),
    ];
  return evaluateRenewal({ situation, group, incident, round, verdict, ledger });
}

function sicknessNow(situation: Situation, group: GroupSituation, incident: TargetCase): string | undefined {
  const round = freshRound(situation, group);
  const verdict = verdictOf(round, incident.target);
  const sick = verdict?.verdict === 'convicted' || verdict?.verdict === 'suspect';
  if (round !== undefined && sick && answers(round, incident)) return `still unhealthy: ${verdict.says}`;
  return presentCause(situation, incident);
}

/**
 * Whether it answered any probe of the round, well or badly. A target that answers none may be gone
 * for good and does no harm: the load balancer's health check sends it no traffic when it is
 * registered.
 */
function answers(round: Round, incident: TargetCase): boolean {
  const samples = round.samples[targetKey(incident.target)] ?? [];
  return samples.some((sample) => typeof sample === 'number' || sample.startsWith('status'));
}

/** A finding of `present` counts for as long as evidence stays valid (`staleS`). */
function presentCause(situation: Situation, incident: TargetCase): string | undefined {
  const recent =
    incident.causeCheckedAt !== undefined && situation.now - incident.causeCheckedAt < situation.config.durations.staleS * 1000;
  return recent && incident.causeStatus === 'present' ? 'the cause is still there' : undefined;
}
