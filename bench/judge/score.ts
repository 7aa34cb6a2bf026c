import type { Prediction, Scenario } from './scenario';

/** Counts of one class of scenarios. */
export interface ClassScore {
  kind: Scenario['kind'];
  scenarios: number;
  episodes: number;
  detected: number;
  within2: number;
  within3: number;
  falseEvents: number;
  falseScenarios: number;
  healthySweeps: number;
  sharedVerdicts: number;
  delays: number[];
}

export interface Score {
  readonly precision: number;
  readonly recall: number;
  readonly recallWithin2: number;
  readonly recallWithin3: number;
  readonly detected: number;
  readonly episodes: number;
  readonly falseEvents: number;
  readonly healthySweeps: number;
  readonly falsePer1000HealthySweeps: number;
  /** False events in scenarios whose cause all targets, or a zone, share. */
  readonly sharedFalseEvents: number;
  readonly medianDelaySweeps: number | null;
  readonly p90DelaySweeps: number | null;
}

/**
 * Adds up episodes and false events, one scenario at a time. An episode is one faulty target:
 * detected when it is listed once in [onset, off), with delay 1 in the sweep of the onset. A false
 * event is a run of listings outside (gaps up to 2 joined).
 */
export class ScoreBoard {
  readonly classes = new Map<string, ClassScore>();

  add(scenario: Scenario, predictions: readonly Prediction[]): void {
    const score = this.classOf(scenario);
    const sweeps = scenario.sweeps.length;
    const windows = Object.values(scenario.truth.faulty);
    score.scenarios += 1;
    for (let t = 0; t < sweeps; t++) score.healthySweeps += windows.some(([on, off]) => on <= t && t < off) ? 0 : 1;
    score.sharedVerdicts += predictions.some((prediction) => prediction.verdict?.startsWith('shared')) ? 1 : 0;
    this.addEpisodes(score, scenario, predictions);
    const events = falseEvents(scenario, predictions);
    score.falseEvents += events;
    score.falseScenarios += events > 0 ? 1 : 0;
  }

  /** Of all classes but the soft ones. */
  total(): Score {
    const counted = [...this.classes.values()].filter((score) => score.kind !== 'soft');
    const sum = (pick: (score: ClassScore) => number): number => counted.reduce((total, score) => total + pick(score), 0);
    const detected = sum((score) => score.detected);
    const episodes = sum((score) => score.episodes);
    const events = sum((score) => score.falseEvents);
    const healthySweeps = sum((score) => score.healthySweeps);
    const delays = counted.flatMap((score) => score.delays).sort((a, b) => a - b);
    return {
      precision: detected / Math.max(1, detected + events),
      recall: detected / Math.max(1, episodes),
      recallWithin2: sum((score) => score.within2) / Math.max(1, episodes),
      recallWithin3: sum((score) => score.within3) / Math.max(1, episodes),
      detected,
      episodes,
      falseEvents: events,
      healthySweeps,
      falsePer1000HealthySweeps: (1000 * events) / Math.max(1, healthySweeps),
      sharedFalseEvents: counted.filter((score) => score.kind === 'shared').reduce((total, score) => total + score.falseEvents, 0),
      medianDelaySweeps: delays[Math.floor(0.5 * (delays.length - 1))] ?? null,
      p90DelaySweeps: delays[Math.floor(0.9 * (delays.length - 1))] ?? null,
    };
  }

  private addEpisodes(score: ClassScore, scenario: Scenario, predictions: readonly Prediction[]): void {
    for (const [id, [on, off]] of Object.entries(scenario.truth.faulty)) {
      score.episodes += 1;
      const first = Math.min(...predictions.filter((p) => p.eject.includes(id) && on <= p.sweep && p.sweep < off).map((p) => p.sweep));
      if (first === Infinity) continue;
      const delay = first - on + 1;
      score.detected += 1;
      score.within2 += delay <= 2 ? 1 : 0;
      score.within3 += delay <= 3 ? 1 : 0;
      score.delays.push(delay);
    }
  }

  private classOf(scenario: Scenario): ClassScore {
    const known = this.classes.get(scenario.cls);
    if (known !== undefined) return known;
    const zero = {
      scenarios: 0,
      episodes: 0,
      detected: 0,
      within2: 0,
      within3: 0,
      falseEvents: 0,
      falseScenarios: 0,
      healthySweeps: 0,
      sharedVerdicts: 0,
    };
    const score: ClassScore = { kind: scenario.kind, ...zero, delays: [] };
    this.classes.set(scenario.cls, score);
    return score;
  }
}

function falseEvents(scenario: Scenario, predictions: readonly Prediction[]): number {
  const last = new Map<string, number>();
  let events = 0;
  for (const { sweep, eject } of [...predictions].sort((a, b) => a.sweep - b.sweep)) {
    for (const id of eject.filter((listed) => !isExcused(scenario, listed, sweep))) {
      if (sweep - (last.get(id) ?? -9) > 3) events += 1;
      last.set(id, sweep);
    }
  }
  return events;
}

/** Inside its fault, or in a window in which either answer is right. */
function isExcused(scenario: Scenario, id: string, sweep: number): boolean {
  const fault = scenario.truth.faulty[id];
  if (fault !== undefined && fault[0] <= sweep && sweep < fault[1]) return true;
  return scenario.truth.ignore.some(([ignored, from, to]) => ignored === id && from <= sweep && sweep < to);
}
