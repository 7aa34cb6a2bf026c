/** What came of a scene, in numbers. */
import { currentEjection } from '../../core/case';
import type { Finding, Round } from '../../core/model';
import { slowFraction } from '../../core/report/client-view';
import { slowAboveMs } from '../../core/report/round';
import { SLOW_MS } from '../fleet/users';
import { REMOVALS, RESTORES, type Facts, type Summary } from './facts';
import type { Played } from './play';
import { expectationsOf } from './scene-expectations';
import type { Scene } from './scenes';
import { isOf, type Stage } from './stage';
import { timesOf } from './stop-expectations';

export function summarise(stage: Stage, name: string, scene: Scene, played: Played): Summary {
  const { cloud, sick, phases, fleet } = stage;
  const ejection = played.case === undefined ? undefined : currentEjection(played.case);
  const finding = played.case?.diagnosis?.findings[0];
  const before = fractionBefore(played);
  const after = fractionAfter(played, ejection?.confirmedAt, ejection?.restoredAt);
  const facts: Facts = {
    scene: name,
    sick: { id: sick.instanceId, ip: sick.address },
    ejected: subjects(stage, REMOVALS),
    restored: subjects(stage, RESTORES),
    mutated: subjects(stage, [...REMOVALS, ...RESTORES]),
    ...(finding === undefined ? {} : { topFinding: topFinding(finding) }),
    timings: {
      ...span('onsetToConvictionS', played.onsetAt, played.convictedRound?.endedAt),
      ...span('convictionToEjectionS', played.convictedRound?.endedAt, ejection?.confirmedAt),
      ...span('causeGoneToRestoreS', played.endedAt, ejection?.restoredAt),
      totalS: Math.round(phases.elapsedS() * 10) / 10,
    },
    client: {
      ...(before === undefined ? {} : { slowFractionBefore: before }),
      ...(after === undefined ? {} : { slowFractionAfter: after }),
    },
    memoryMb: Math.round(fleet.memory().totalMb),
    ...(played.stop === undefined ? {} : { times: timesOf(played.stop) }),
  };
  return { ...facts, expectations: expectationsOf(stage, scene, played, facts) };

  function span(key: string, from: number | undefined, to: number | undefined): Record<string, number> {
    return from === undefined || to === undefined ? {} : { [key]: Math.round((to - from) / 100) / 10 };
  }

  function subjects(where: Stage, actions: readonly string[]): string[] {
    const calls = cloud.calls.filter((call) => actions.includes(call.action) && call.error === undefined);
    const ids = calls.flatMap((call) => call.subjects ?? []);
    return [...new Set(ids.flatMap((id) => where.fleet.hosts.find((host) => isOf(host, id))?.instanceId ?? []))];
  }
}

function topFinding(finding: Finding): NonNullable<Summary['topFinding']> {
  const { culprit } = finding;
  return {
    cause: finding.cause,
    ...(culprit === undefined ? {} : { culprit: { pid: culprit.pid, command: culprit.command, user: culprit.user } }),
  };
}

/**
 * Fraction of the client's requests of one round that were slow or failed: by one measure before
 * and after, that of the round that convicted.
 */
function slowIn(round: Round, { convictedRound }: Played): number[] {
  const limitMs = (convictedRound === undefined ? undefined : slowAboveMs(convictedRound)) ?? SLOW_MS;
  return round.clientView === undefined || round.clientView.samples.length === 0 ? [] : [slowFraction(round.clientView, limitMs)];
}

/** The worst that a client saw from the onset to the removal. */
function fractionBefore(played: Played): number | undefined {
  const until = played.convictedRound?.startedAt ?? played.roundAfter?.startedAt ?? 0;
  const fractions = played.rounds
    .filter((round) => round.startedAt >= played.onsetAt && round.startedAt <= until)
    .flatMap((round) => slowIn(round, played));
  return fractions.length === 0 ? undefined : hundredths(Math.max(...fractions));
}

/** What clients saw while the target was out, over all rounds of that time. */
function fractionAfter(played: Played, from = Infinity, to = Infinity): number | undefined {
  const fractions = played.rounds
    .filter((round) => round.startedAt >= from && round.endedAt <= to)
    .flatMap((round) => slowIn(round, played));
  return fractions.length === 0 ? undefined : hundredths(fractions.reduce((sum, fraction) => sum + fraction, 0) / fractions.length);
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
