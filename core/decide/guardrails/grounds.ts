/** Guardrails on the evidence: whether it is enough, fresh, and about this target alone. */
import { check, type Guardrail, type WhileOut } from '../candidate';
import { freshLoads } from '../capacity';
import { evidenceSince } from '../evidence';
import { slowedIn } from '../slowed';

export const enoughPeers: Guardrail = ({ round }) => {
  const comparable = round.verdicts.filter((verdict) => verdict.verdict !== 'unjudged' && !verdict.cold).length;
  return check('too-few-peers', comparable >= 3, `${comparable} comparable targets`, 'at least 3');
};

export const reached: Guardrail = ({ verdict }) =>
  check('never-reached', verdict.everReached, verdict.everReached ? 'answered before' : 'never answered a probe', 'answered at least once');

/**
 * How far a round may end in the future, s. Two functions' clocks differ by less; half a round
 * ahead is a broken clock, and how old the evidence is nobody knows.
 */
const AHEAD_S = 30;

export const fresh: Guardrail = (candidate) => {
  const { situation, round } = candidate;
  const { evidenceS, staleS } = situation.config.durations;
  const ageS = (situation.now - round.endedAt) / 1000;
  const spanS = Math.max(0, (round.endedAt - evidenceSince(candidate)) / 1000);
  const passed = spanS >= evidenceS && ageS < staleS && ageS >= -AHEAD_S;
  return check(
    'stale-evidence',
    passed,
    `spans ${seconds(spanS)}, ended ${seconds(ageS)} ago`,
    `spans ${evidenceS} s or more, ended less than ${staleS} s ago`,
  );
};

/**
 * Rests on pools that were read lately: how full they were at an earlier removal says nothing about
 * now.
 */
export const noSharedCause: Guardrail = ({ situation, round, incident, group, verdict }) => {
  const read = freshLoads(incident.loads ?? [], situation.now, situation.config.durations.staleS * 1000);
  const others = read.flatMap(({ host, pool }) => (host === incident.target.id || pool === undefined || pool.max <= 0 ? [] : [pool]));
  const full = others.filter((pool) => pool.active / pool.max >= 0.9).length;
  const { slowed, known, isMany } = slowedIn(round, group.rounds);
  const isOneOfMany = verdict.why === 'errors' && isMany;
  const passed = round.fleet !== 'shared' && !isOneOfMany && full * 3 < Math.max(1, others.length);
  return check(
    'shared-cause',
    passed,
    `round says ${round.fleet}; ${full} of ${others.length} peers' pools near full${isOneOfMany ? `; ${slowed} of ${known} are slower than they were` : ''}`,
    `not shared; fewer than a third near full${isOneOfMany ? '; no more than two in five slower' : ''}`,
  );
};

export const noSharedZone: WhileOut = ({ round }) => check('shared-zone', round.fleet !== 'shared-zone', round.fleet, 'not shared-zone');

export const sighted: WhileOut = ({ round }) => check('blind', round.fleet !== 'blind', round.fleet, 'not blind');

export const pastGrace: Guardrail = ({ verdict, situation }) =>
  check('grace', !verdict.cold, verdict.cold ? 'cold' : 'warm', `warm: ${situation.config.durations.graceS} s after registration`);

/**
 * The peers' pools in the diagnosis are of the time of the removal; the capacity projection says
 * how full they are now.
 */
export const notSharedNow: WhileOut = ({ round }) =>
  check('shared-cause', round.fleet !== 'shared', `round says ${round.fleet}`, 'not shared');

function seconds(value: number): string {
  return `${Math.round(value)} s`;
}
