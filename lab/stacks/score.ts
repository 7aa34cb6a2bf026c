/**
 * How right an answer is: rank of an accepted cause, the culprit, secrets, and the bounds of an
 * inspection.
 */
import type { Played } from './play';
import type { Scene } from './scene';

/** Of a whole inspection (issue "Say why"). */
const MOST_S = 20;
const MOST_BYTES = 20_000;

export interface Score {
  readonly scene: string;
  readonly expected: string;
  readonly found: string;
  readonly confidence: number;
  /** Where the first accepted cause stands, from 1; 0 when it is not there. */
  readonly rank: number;
  readonly culprit: 'named' | 'none, rightly' | 'missed' | 'invented';
  readonly leaks: number;
  readonly ratio: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly ok: boolean;
  readonly failed?: string;
}

export function scoreOf(name: string, { truth, secrets = [] }: Scene, played: Played): Score {
  const { findings } = played.diagnosis;
  const rank = findings.findIndex(({ cause }) => truth.causes.includes(cause)) + 1;
  const culprit = culpritOf(findings[0]?.culprit?.command, truth.culprit);
  const shown = JSON.stringify([played.captures, played.diagnosis]);
  const leaks = secrets.filter((secret) => shown.includes(secret)).length;
  const bounded = played.inspectionS <= MOST_S && played.inspectionBytes <= MOST_BYTES;
  return {
    scene: name,
    expected: truth.causes.join(' | '),
    found: findings[0]?.cause ?? 'nothing',
    confidence: findings[0]?.confidence ?? 0,
    rank,
    culprit,
    leaks,
    ratio: Math.round(played.ratio * 10) / 10,
    seconds: Math.round(played.inspectionS * 10) / 10,
    bytes: played.inspectionBytes,
    ok: rank === 1 && culprit !== 'missed' && culprit !== 'invented' && leaks === 0 && bounded,
  };
}

function culpritOf(named: string | undefined, expected: string | undefined): Score['culprit'] {
  if (expected === undefined) return named === undefined ? 'none, rightly' : 'invented';
  if (named === undefined) return 'missed';
  return named.includes(expected) ? 'named' : 'invented';
}

/** A scene that could not be played is a row too. */
export function failedScore(name: string, scene: Scene, why: string): Score {
  const nothing = {
    found: 'not played',
    confidence: 0,
    rank: 0,
    culprit: 'missed',
    leaks: 0,
    ratio: 0,
    seconds: 0,
    bytes: 0,
    ok: false,
  } as const;
  return { scene: name, expected: scene.truth.causes.join(' | '), ...nothing, failed: why };
}
