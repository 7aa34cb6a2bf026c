import { BenignFleet } from './benign-fleet';
import { Dice } from './dice';
import { Editions, type Variant } from './editions';
import { settingsOf, sweepStart } from './predict';
import { FalseConvictions, FLEET_ROUNDS, sampleCount, suspectsOf } from './soak';

/** False convictions of one edition over healthy fleets. */
export interface VariantTally {
  readonly variant: string;
  readonly rounds: number;
  readonly falseConvictions: number;
  /**
   * Those that the first edition does not have, and those that it alone has; as fleet/round/target.
   */
  readonly more: readonly string[];
  readonly fewer: readonly string[];
}

/**
 * Healthy fleets judged by several editions. All get the samples that the first one's suspects lead
 * to, so that what differs is the verdict alone. Each fleet lives for 5,000 rounds; `say` is told
 * how far it is.
 */
export function soakVariants(
  variants: readonly Variant[],
  { rounds, seed, from }: { readonly rounds: number; readonly seed: number; readonly from: number },
  say: (line: string) => void,
): VariantTally[] {
  const found = variants.map((): string[] => []);
  const fleets = Math.ceil(rounds / FLEET_ROUNDS);
  for (let fleet = from; fleet < from + fleets; fleet++) {
    playFleet(variants, seed, fleet).forEach((events, i) => found[i]?.push(...events));
    say(`fleet ${fleet + 1} of ${from + fleets}: ${found.map((events) => events.length).join(' ')}`);
  }
  const base = found[0] ?? [];
  return variants.map(({ name }, i) => {
    const own = found[i] ?? [];
    return {
      variant: name,
      rounds: fleets * FLEET_ROUNDS,
      falseConvictions: own.length,
      more: own.filter((event) => !base.includes(event)),
      fewer: base.filter((event) => !own.includes(event)),
    };
  });
}

function playFleet(variants: readonly Variant[], seed: number, number: number): string[][] {
  const fleet = new BenignFleet(new Dice(`soak/${seed}/${number}`));
  const editions = new Editions(variants);
  const convictions = variants.map(() => new FalseConvictions());
  const events = variants.map((): string[] => []);
  let suspects: ReadonlySet<string> = new Set();
  for (let round = 0; round < FLEET_ROUNDS; round++) {
    const targets = fleet.probe(round, (key) => sampleCount(suspects, key));
    const judgements = editions.judge({ startedAt: sweepStart({ intervalS: 60 }, round), targets, settings: settingsOf(fleet) });
    judgements.forEach((judgement, i) => {
      for (const { key } of convictions[i]?.add(round, judgement) ?? []) events[i]?.push(`${number}/${round}/${key}`);
    });
    suspects = judgements[0] === undefined ? suspects : suspectsOf(judgements[0]);
  }
  return events;
}
