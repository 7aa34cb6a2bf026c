import { fromBase64, toBase64 } from '../../../core/judge/record';
import { packRecord, readRecord } from '../../../core/judge/record';
import { keyHash, type RoundSummary, type TargetSummary } from '../../../core/judge/record';

/** What versions 1 and 2 wrote: it must be readable for ever. */
const GOLDEN_V1 = 'AQIBi8/laHsBAAwAAVkNstQAAjGFTlyUACIAIQAKCgNmfGFd0///f/9//woKAxg=';
const GOLDEN_V2 = 'AgIBi8/laHsBAAwAAVkNstQAAjGFTlyUACIAIQAKCgNmfGFd0///f/9//woKAxg=';

const SICK: TargetSummary = {
  hash: keyHash('i-1:8080'),
  startedAt: 1_700_000_000_123,
  scale: 0.0625,
  level: 9.25,
  relative: 4.25,
  residual: 4.125,
  bad: 10,
  n: 10,
  failed: 3,
  usual: false,
  sick: true,
  jumped: true,
  cold: false,
  refused: false,
  out: true,
  reached: true,
};
const SILENT: TargetSummary = {
  ...SICK,
  hash: keyHash('i-2:8080'),
  level: undefined,
  relative: undefined,
  residual: undefined,
  sick: false,
  jumped: false,
  out: false,
  cold: true,
  refused: true,
  reached: false,
};
const ROUND: RoundSummary = {
  startedAt: 1_700_000_000_123,
  fleet: 'convicted',
  badTogether: false,
  scale: 0.0625,
  tail: 0.75,
  hotZones: [keyHash('eu-central-1a')],
  targets: [SICK, SILENT].sort((a, b) => a.hash - b.hash),
};

/** A field that is missing here is one that the comparison with the whole lacks. */
function fieldsOf(target: TargetSummary): TargetSummary {
  const { hash, startedAt, scale, level, relative, residual, bad, n, failed, usual, sick, jumped, cold, refused, out, reached } = target;
  return { hash, startedAt, scale, level, relative, residual, bad, n, failed, usual, sick, jumped, cold, refused, out, reached };
}

/** Every field of every target, asked for by its name: a record is unpacked when it is read. */
function unpacked(round: RoundSummary): RoundSummary {
  return { ...round, targets: round.targets.map(fieldsOf) };
}

test('a record is read as it was written', () => {
  expect(unpacked(readRecord(packRecord(ROUND)))).toEqual(ROUND);
});

test('a round in which many were bad together is read as one', () => {
  const together: RoundSummary = { ...ROUND, fleet: 'shared', badTogether: true };
  expect(unpacked(readRecord(packRecord(together)))).toEqual(together);
  const shifted: RoundSummary = { ...ROUND, fleet: 'shared' };
  expect(unpacked(readRecord(packRecord(shifted)))).toEqual(shifted);
});

test('records of versions 1 and 2 stay readable', () => {
  expect(packRecord(ROUND)).toBe(GOLDEN_V2);
  expect(unpacked(readRecord(GOLDEN_V1))).toEqual(ROUND);
  expect(unpacked(readRecord(GOLDEN_V2))).toEqual(ROUND);
});

test('1,000 targets fit into 20 KB', () => {
  const targets = Array.from({ length: 1000 }, (_, k) => ({ ...SICK, hash: keyHash(`i-0123456789abcdef${k}:8080:eu-central-1a`) }));
  expect(packRecord({ ...ROUND, targets }).length).toBeLessThanOrEqual(20_000);
});

test('an unknown version is an error that names it', () => {
  const bytes = fromBase64(packRecord(ROUND));
  bytes[0] = 9;
  expect(() => readRecord(toBase64(bytes))).toThrow('judge record has version 9, allowed: 1, 2');
});

test('a damaged record is an error', () => {
  const bytes = fromBase64(packRecord(ROUND));
  expect(() => readRecord(toBase64(bytes.slice(0, bytes.length - 3)))).toThrow(/judge record has \d+ bytes, its header says \d+/);
  expect(() => readRecord('no base64!')).toThrow(/base64/);
  expect(() => readRecord('')).toThrow('judge record has version none, allowed: 1, 2');
});

test('targets whose hashes collide have no history', () => {
  const read = readRecord(packRecord({ ...ROUND, targets: [SICK, { ...SILENT, hash: SICK.hash }] }));
  expect(read.targets).toEqual([]);
});

test('base64 is that of RFC 4648', () => {
  for (let length = 0; length < 8; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 97 + length * 31) % 256);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  }
});
