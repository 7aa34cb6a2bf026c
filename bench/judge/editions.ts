import type { Judgement } from '../../core/model';
import type { RoundSummary } from '../../core/judge/record';
import type { Ablation } from './ablations';
import { type Judge, KEEP_RECORDS } from './predict';

/** The judge with all rules, or without some. */
export interface Variant {
  readonly name: string;
  readonly judge: Judge;
  readonly matters: Ablation['matters'];
}

interface Edition {
  readonly variant: Variant;
  readonly history: RoundSummary[];
  /** Rounds since its record last differed from the first edition's. */
  alike: number;
}

interface Judged {
  readonly judgement: Judgement;
  readonly record: RoundSummary;
}

/**
 * One fleet, judged by several editions at once, each with its own records. A round in which a rule
 * cannot matter is not judged again without it, once the edition's last 20 records are the first
 * edition's: the verdict would be the same.
 */
export class Editions {
  private readonly editions: readonly Edition[];

  /** The first of the variants is the one with all rules. */
  constructor(variants: readonly Variant[]) {
    this.editions = variants.map((variant) => ({ variant, history: [], alike: KEEP_RECORDS }));
  }

  /** A judgement for each variant, in their order. */
  judge(input: Parameters<Judge['judgeAgainst']>[0]): Judgement[] {
    let first: Judged | undefined;
    let before: readonly RoundSummary[] = [];
    return this.editions.map((edition) => {
      const { variant, history } = edition;
      const same =
        first !== undefined && edition.alike >= KEEP_RECORDS && variant.matters?.(first.record, before, first.judgement) === false;
      const now = first !== undefined && same ? first : judged(variant.judge, input, history);
      edition.alike = first === undefined || now.judgement.record === first.judgement.record ? edition.alike + 1 : 0;
      if (first === undefined) {
        first = now;
        before = [...history];
      }
      history.push(now.record);
      if (history.length > KEEP_RECORDS) history.shift();
      return now.judgement;
    });
  }
}

function judged(judge: Judge, input: Parameters<Judge['judgeAgainst']>[0], history: readonly RoundSummary[]): Judged {
  const judgement = judge.judgeAgainst(input, history);
  return { judgement, record: judge.readRecord(judgement.record) };
}
