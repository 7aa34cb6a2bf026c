import type { JudgedTarget, JudgeInput, Judgement, SampleError, TargetVerdict } from '../../../core/model';
import { judge } from '../../../core/judge/judge';

export type Samples = JudgedTarget['samples'];

export interface Scene {
  /** What a target answers in a round (from 0); undefined: it is not registered. */
  readonly samples: (round: number, target: number) => Samples | undefined;
  readonly size: number;
  readonly rounds: number;
  readonly zone?: (target: number) => string;
  readonly type?: (target: number) => string;
  readonly ageMs?: (round: number, target: number) => number | undefined;
  readonly out?: (round: number) => readonly string[];
  readonly prober?: (round: number) => JudgeInput['prober'];
  /** Time between rounds, ms; a minute. */
  readonly gapMs?: number;
  readonly settings?: Partial<JudgeInput['settings']>;
}

export const START = 1_700_000_000_000;
export const SETTINGS: JudgeInput['settings'] = { timeoutMs: 15_000, graceMs: 300_000, minRoundGapMs: 30_000, cleanRounds: 5 };

export function keyOf(target: number): string {
  return `i-${target}:8080`;
}

/** Judges round after round with the records of the rounds before, and returns every judgement. */
export function play(scene: Scene): Judgement[] {
  const judgements: Judgement[] = [];
  for (let round = 0; round < scene.rounds; round++) {
    const history = judgements.slice(-20).map((judgement) => judgement.record);
    judgements.push(judge(inputOf(scene, round, history)));
  }
  return judgements;
}

export function inputOf(scene: Scene, round: number, history: readonly string[]): JudgeInput {
  const prober = scene.prober?.(round);
  return {
    startedAt: START + round * (scene.gapMs ?? 60_000),
    targets: targetsOf(scene, round),
    history,
    settings: { ...SETTINGS, ...scene.settings },
    out: scene.out?.(round) ?? [],
    ...(prober === undefined ? {} : { prober }),
  };
}

function targetsOf(scene: Scene, round: number): JudgedTarget[] {
  return Array.from({ length: scene.size }, (_, k): JudgedTarget[] => {
    const samples = scene.samples(round, k);
    if (samples === undefined) return [];
    const ageMs = scene.ageMs?.(round, k);
    const zone = scene.zone?.(k) ?? (k % 2 === 0 ? 'a' : 'b');
    return [{ key: keyOf(k), zone, type: scene.type?.(k) ?? 'm5.large', ...(ageMs === undefined ? {} : { ageMs }), samples }];
  }).flat();
}

/** Latencies around a level with a repeatable noise of about 5 %. */
export function around(levelMs: number, round: number, target: number, count = 10): Samples {
  return Array.from({ length: count }, (_, j) => ({ latencyMs: levelMs * Math.exp(0.1 * (noise(round, target, j) - 0.5)) }));
}

/** Repeatable, evenly spread over [0, 1). */
export function noise(round: number, target: number, j: number): number {
  const x = Math.sin(round * 12.9898 + target * 78.233 + j * 37.719) * 43_758.5453;
  return x - Math.floor(x);
}

export function failing(count: number, error: SampleError): Samples {
  return Array.from({ length: count }, () => ({ error }));
}

export function verdictOf(judgement: Judgement | undefined, target: number): TargetVerdict {
  const verdict = judgement?.targets.find((candidate) => candidate.key === keyOf(target));
  if (verdict === undefined) throw new Error(`no verdict on target ${target}`);
  return verdict;
}

export function convicted(judgement: Judgement | undefined): string[] {
  return (judgement?.targets ?? []).filter((target) => target.verdict === 'convicted').map((target) => target.key);
}

/** Everybody who was convicted in any round. */
export function everConvicted(judgements: readonly Judgement[]): string[] {
  return [...new Set(judgements.flatMap(convicted))];
}
