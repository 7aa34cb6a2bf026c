import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Judgement, VetoName } from '../../core/model';
import type { RoundSummary, TargetSummary } from '../../core/judge/record';
import { LN_NOTICEABLE } from '../../core/judge/parameters';
import type { Judge } from './predict';

const JUDGE = join(__dirname, '..', '..', 'core', 'judge');

/** A file in core/judge, the text that occurs in it exactly once, and what stands there instead. */
export interface Edit {
  readonly file: string;
  readonly text: string;
  readonly instead: string;
}

/**
 * A rule of the judge, and the edit of its source that switches it off: the product has no
 * switches.
 */
export interface Ablation extends Edit {
  readonly rule: string;
  /**
   * Whether the rule could have mattered in this round; a soak judges the other rounds once for all
   * rules. Missing: always.
   */
  readonly matters?: (now: RoundSummary, before: readonly RoundSummary[], judgement: Judgement) => boolean;
}

/** Steps of a packed record. */
const ROUNDING = 0.001;

function anyTarget(test: (target: TargetSummary) => boolean): NonNullable<Ablation['matters']> {
  return ({ targets }) => targets.some(test);
}

function vetoed(name: VetoName): NonNullable<Ablation['matters']> {
  return (_, __, judgement) => judgement.targets.some(({ veto }) => veto === name);
}

const slow = anyTarget(({ residual }) => (residual ?? 0) >= LN_NOTICEABLE - ROUNDING);
const someBad = anyTarget(({ bad }) => bad > 0);
const slowOrBad = anyTarget(({ bad, residual }) => bad > 0 || (residual ?? 0) >= LN_NOTICEABLE - ROUNDING);
const zone = vetoed('zone');
const tooMany = vetoed('too-many');
const alike = vetoed('everybody-alike');
const shared = vetoed('shared');

export const ABLATIONS: readonly Ablation[] = [
  {
    rule: 'lift',
    file: 'nuisance.ts',
    text: 'liftOf(target, targets))',
    instead: '0)',
    matters: slow,
  },
  {
    rule: 'isItsZones',
    file: 'vetoes.ts',
    text: 'candidate.position.usualRounds < OWN_HISTORY_ROUNDS && isItsZones',
    instead: 'false && isItsZones',
    matters: zone,
  },
  {
    rule: 'isOneOfMany',
    file: 'vetoes.ts',
    text: "why === 'level' && isOneOfMany",
    instead: 'false && isOneOfMany',
    matters: tooMany,
  },
  {
    rule: 'countAlike',
    file: 'vetoes.ts',
    text: 'if (!isItsOwn(own, others, needed)) return true;',
    instead: 'return !isItsOwn(own, others, needed);',
    matters: alike,
  },
  { rule: 'apart', file: 'rate-evidence.ts', text: 'Math.max(sum.apart, sum.ways', instead: '(sum.ways', matters: someBad },

  // The vetoes as a whole, and the other rules of docs/judge.md.
  {
    rule: 'veto: zone',
    file: 'vetoes.ts',
    text: 'holds: isZones',
    instead: 'holds: () => false',
    matters: zone,
  },
  { rule: 'veto: too-many', file: 'vetoes.ts', text: 'scene.tooMany || (', instead: '(', matters: tooMany },
  {
    rule: 'veto: everybody-alike',
    file: 'vetoes.ts',
    text: "evidence.why !== 'level' && isAlike",
    instead: 'false && isAlike',
    matters: alike,
  },
  { rule: 'veto: shared', file: 'vetoes.ts', text: 'holds: isShared', instead: 'holds: () => false', matters: shared },
  { rule: 'level echo', file: 'level-evidence.ts', text: 'carriedOver(sequence[index + 1]?.residual)', instead: '0', matters: slow },
  {
    rule: 'own wavering',
    file: 'noise.ts',
    text: 'const differences = Math.max(0, rounds - 2);',
    instead: 'const differences = 0;',
    matters: slowOrBad,
  },
  {
    rule: 'rounds lifted by noise',
    file: 'rate-evidence.ts',
    text: 'Math.max(burst, liftedByNoise(candidate))',
    instead: 'burst',
    matters: someBad,
  },
  { rule: 'heavy tails', file: 'noise.ts', text: '4 + 1 / own ** 2', instead: 'Infinity' },
  {
    rule: "peers' part",
    file: 'level-evidence.ts',
    text: 'nats - peersPart(candidate, residuals.length, wavering)',
    instead: 'nats',
    matters: slow,
  },
  { rule: 'own part of the rise', file: 'level-evidence.ts', text: 'OWN_RISE_PART * relative', instead: '0', matters: slow },
  {
    rule: 'own rise',
    file: 'level-evidence.ts',
    text: 'middle >= LN_MATERIAL && isRise(candidate, residuals.length, middle)',
    instead: 'middle >= LN_MATERIAL',
    matters: slow,
  },
  { rule: 'still sick', file: 'rate-evidence.ts', text: ' && isStillSick(nats, older, before)', instead: '', matters: someBad },
  {
    rule: 'own rate before',
    file: 'rate-evidence.ts',
    text: 'const rate = ownRate(sequence.slice(bound.window), kind);',
    instead: 'const rate = kind.rate;',
    matters: someBad,
  },
  {
    rule: 'bursts',
    file: 'rate-evidence.ts',
    text: 'lnHealthyBad(k, n, rate, spread, burst)',
    instead: 'lnHealthyBad(k, n, rate, spread, 1e-9)',
    matters: someBad,
  },
  {
    rule: 'jumps',
    file: 'level-evidence.ts',
    text: 'Math.min(1, nuisance.jump + nuisance.lift)',
    instead: 'Math.min(1, 1e-9 + nuisance.lift)',
    matters: slow,
  },
  {
    rule: 'correlated samples',
    file: 'rate-evidence.ts',
    text: 'const healthy = lnHealthyBad(k, n, rate, spread,',
    instead: 'const healthy = lnHealthyBad(k, n, rate, 0,',
    matters: someBad,
  },
  { rule: 'immaterial', file: 'measure.ts', text: 'slowAbove + immaterial(position)', instead: 'slowAbove' },
  { rule: 'offsets of peers', file: 'compare.ts', text: 'pool.size < CORRECTED_FROM ? reading.level', instead: 'true ? reading.level' },
  { rule: 'spread of the typical', file: 'verdict.ts', text: ' || spread >= LN_MATERIAL)', instead: ')', matters: slowOrBad },
];

/**
 * The judge without these rules, bundled from its edited source. @throws Error for a text that does
 * not occur exactly once.
 */
export async function judgeWithout(rules: readonly Edit[]): Promise<Judge> {
  const folder = mkdtempSync(join(tmpdir(), 'sickbay-ablation-'));
  const outfile = join(folder, 'judge.cjs');
  await build({
    stdin: { contents: "export { judgeAgainst } from './judge'; export { readRecord } from './record';", resolveDir: JUDGE, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    plugins: [
      {
        name: 'ablation',
        setup: (bundler) =>
          bundler.onLoad({ filter: /core[\\/]judge[\\/].*\.ts$/ }, ({ path }) => ({ contents: edited(path, rules), loader: 'ts' })),
      },
    ],
  });
  const judge = (await import(outfile)) as Judge;
  rmSync(folder, { recursive: true });
  return judge;
}

function edited(path: string, rules: readonly Edit[]): string {
  let source = readFileSync(path, 'utf8');
  for (const { file, text, instead } of rules) {
    if (join(JUDGE, file) !== path) continue;
    if (source.split(text).length !== 2) throw new Error(`"${text}" does not occur exactly once in core/judge/${file}`);
    source = source.replace(text, () => instead);
  }
  return source;
}
