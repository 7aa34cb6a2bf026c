/** Rounds and verdicts: whole ones, of which a test names what it is about. */
import type { Round, TargetVerdict } from '../../core/model';
import { groupOf } from './groups';

/** A scheduled round at time 0 in which nothing was measured and nothing found. */
export function roundOf(fields: Partial<Round> = {}): Round {
  const { groupArn = 'g' } = fields;
  return {
    v: 1,
    groupArn,
    startedAt: 0,
    endedAt: 0,
    trigger: 'schedule',
    group: groupOf({ arn: groupArn }),
    lbView: [],
    addresses: {},
    samples: {},
    fleet: 'none',
    says: '',
    verdicts: [],
    record: 'r',
    notes: [],
    ...fields,
  };
}

/** A healthy target's. */
export function verdict(key: string, fields: Partial<TargetVerdict> = {}): TargetVerdict {
  return {
    key,
    verdict: 'clean',
    evidenceNats: 0,
    neededNats: 14.6,
    bad: { k: 0, n: 10 },
    cold: false,
    everReached: true,
    healthNats: 9,
    healthNeededNats: 5,
    cleanRounds: 5,
    says: 'like its peers',
    ...fields,
  };
}
