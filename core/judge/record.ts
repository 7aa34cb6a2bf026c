import type { FleetVerdict } from '../model';

/**
 * What one round leaves behind for later ones. Latencies are in y = ln(ms + 10), see `reading.ts`.
 * Rounds and their targets are plain data: a verdict is recomputed from stored summaries and hides
 * no state.
 */
export interface RoundSummary {
  readonly startedAt: number;
  readonly fleet: FleetVerdict;
  /** Shared, because many had bad samples together, while levels stayed. */
  readonly badTogether: boolean;
  /** How much healthy targets differed in this round, in y. */
  readonly scale: number;
  /**
   * 97th percentile of the samples above their own target's median, in y: how long the usual tail
   * is.
   */
  readonly tail: number | undefined;
  /** Hashes of the zones that were slow as a whole. */
  readonly hotZones: readonly number[];
  readonly targets: readonly TargetSummary[];
}

export interface TargetSummary {
  /** `keyHash` of the target's key. */
  readonly hash: number;
  /** Start of the round, epoch ms. */
  readonly startedAt: number;
  /** Scale of the residual: the target's own now, the fleet's in earlier rounds. */
  readonly scale: number;
  /** Where its samples lay, in y (`levelOfSorted`); undefined when too few were answered. */
  readonly level: number | undefined;
  /** `level` minus its peers' median level. */
  readonly relative: number | undefined;
  /** `relative` minus the target's usual offset at that time. */
  readonly residual: number | undefined;
  /** Bad samples, all samples, and those of the bad that failed rather than were slow. */
  readonly bad: number;
  readonly n: number;
  readonly failed: number;
  /**
   * May be learned as this target's normal: in service, warm, without suspicion, and no shared
   * cause in the round.
   */
  readonly usual: boolean;
  /** So much evidence that the round says nothing about healthy targets. */
  readonly sick: boolean;
  /** The residual stood out by itself in this round. */
  readonly jumped: boolean;
  readonly cold: boolean;
  /** At least one connection was refused. */
  readonly refused: boolean;
  readonly out: boolean;
  /** Some probe got an answer, in this round or one before. */
  readonly reached: boolean;
}

/** 32-bit FNV-1a (Fowler, Noll, Vo) over UTF-16 units: names a target in a packed record. */
export function keyHash(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/**
 * The packed record of a round, version 2, big-endian, in base64:
 *
 *     version u8 | fleet verdict u8 | startedAt u48 | scale u16 | tail u16 | zones u8, then a hash u32 each | targets u16, then 14 bytes each
 *     target: key hash u32 | level u16 | relative i16 | residual i16 | bad u8 | n u8 | failed u8 | flags u8
 *
 * `level`, `scale` and `tail` are in 1/4096 (0xffff: none), `relative` and `residual` in 1/2048
 * (0x7fff: none): steps of 0.02 % and 0.05 % of a latency. 1,000 targets are 18.7 KB. Targets are
 * sorted by hash, so the record does not depend on their order. A key is stored as a hash of 32
 * bits: two of 1,000 targets share one with probability 1.2e-4, and those two are then written, and
 * read, as having no history, which only makes them harder to convict.
 *
 * Version 1 had the median for the level, which is a little higher, and no word for `badTogether`:
 * its shared rounds count as those of a slowdown.
 */
const VERSION = 2;
const HEADER_BYTES = 15;
const ZONES_AT = 13;
const TARGET_BYTES = 14;
const FLEET: readonly FleetVerdict[] = ['none', 'suspect', 'convicted', 'shared', 'shared-zone', 'blind'];
/** `shared`, because many were bad together. */
const BAD_TOGETHER = 6;
const FLAGS = { usual: 1, sick: 2, jumped: 4, cold: 8, refused: 16, out: 32, reached: 64 } as const;
const UNSIGNED = { perUnit: 4096, none: 0xffff };
const SIGNED = { perUnit: 2048, none: 0x7fff };

/** Packs a round. Counts above 255 and latencies beyond the field's range are clipped. */
export function packRecord(round: RoundSummary): string {
  const targets = withoutCollisions(round.targets);
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + 4 * round.hotZones.length + TARGET_BYTES * targets.length));
  view.setUint8(0, VERSION);
  view.setUint8(1, round.badTogether ? BAD_TOGETHER : FLEET.indexOf(round.fleet));
  view.setUint16(2, Math.floor(round.startedAt / 2 ** 32));
  view.setUint32(4, round.startedAt % 2 ** 32);
  view.setUint16(8, toUnsigned(round.scale));
  view.setUint16(10, toUnsigned(round.tail));
  view.setUint8(12, round.hotZones.length);
  round.hotZones.forEach((zone, i) => view.setUint32(ZONES_AT + 4 * i, zone));
  const at = ZONES_AT + 4 * round.hotZones.length;
  view.setUint16(at, targets.length);
  targets.forEach((target, i) => writeTarget(view, at + 2 + TARGET_BYTES * i, target));
  return toBase64(new Uint8Array(view.buffer));
}

/**
 * Reads a packed round. Throws an Error for an unknown version, a wrong length or text that is no
 * base64.
 */
export function readRecord(record: string): RoundSummary {
  const bytes = fromBase64(record);
  const version = bytes[0];
  if (version !== 1 && version !== VERSION) throw new Error(`judge record has version ${version ?? 'none'}, allowed: 1, ${VERSION}`);
  return readRound(new DataView(bytes.buffer));
}

function readRound(view: DataView): RoundSummary {
  const zones = view.byteLength >= HEADER_BYTES ? view.getUint8(12) : 0;
  const at = ZONES_AT + 4 * zones;
  const count = view.byteLength >= at + 2 ? view.getUint16(at) : 0;
  const expected = HEADER_BYTES + 4 * zones + TARGET_BYTES * count;
  if (view.byteLength !== expected) throw new Error(`judge record has ${view.byteLength} bytes, its header says ${expected}`);
  const badTogether = view.getUint8(1) === BAD_TOGETHER;
  const fleet = badTogether ? 'shared' : FLEET[view.getUint8(1)];
  if (fleet === undefined) throw new Error(`judge record has fleet verdict ${view.getUint8(1)}, allowed: 0 to ${FLEET.length - 1}`);
  const startedAt = view.getUint16(2) * 2 ** 32 + view.getUint32(4);
  const round: OfRound = { startedAt, scale: fromUnsigned(view.getUint16(8)) ?? 0 };
  return {
    ...round,
    fleet,
    badTogether,
    tail: fromUnsigned(view.getUint16(10)),
    hotZones: Array.from({ length: zones }, (_, i) => view.getUint32(ZONES_AT + 4 * i)),
    targets: Array.from({ length: count }, (_, i) => readTarget(view, at + 2 + TARGET_BYTES * i, round)),
  };
}

function writeTarget(view: DataView, at: number, target: TargetSummary): void {
  view.setUint32(at, target.hash);
  view.setUint16(at + 4, toUnsigned(target.level));
  view.setInt16(at + 6, toSigned(target.relative));
  view.setInt16(at + 8, toSigned(target.residual));
  view.setUint8(at + 10, Math.min(255, target.bad));
  view.setUint8(at + 11, Math.min(255, target.n));
  view.setUint8(at + 12, Math.min(255, target.failed));
  view.setUint8(at + 13, flagsOf(target));
}

/** What its targets have from a round. */
type OfRound = Pick<RoundSummary, 'startedAt' | 'scale'>;

function readTarget(view: DataView, at: number, { startedAt, scale }: OfRound): TargetSummary {
  const flags = view.getUint8(at + 13);
  const has = (flag: number): boolean => (flags & flag) !== 0;
  return {
    hash: view.getUint32(at),
    startedAt,
    scale,
    level: fromUnsigned(view.getUint16(at + 4)),
    relative: fromSigned(view.getInt16(at + 6)),
    residual: fromSigned(view.getInt16(at + 8)),
    bad: view.getUint8(at + 10),
    n: view.getUint8(at + 11),
    failed: view.getUint8(at + 12),
    usual: has(FLAGS.usual),
    sick: has(FLAGS.sick),
    jumped: has(FLAGS.jumped),
    cold: has(FLAGS.cold),
    refused: has(FLAGS.refused),
    out: has(FLAGS.out),
    reached: has(FLAGS.reached),
  };
}

function flagsOf(target: TargetSummary): number {
  return (
    (target.usual ? FLAGS.usual : 0) |
    (target.sick ? FLAGS.sick : 0) |
    (target.jumped ? FLAGS.jumped : 0) |
    (target.cold ? FLAGS.cold : 0) |
    (target.refused ? FLAGS.refused : 0) |
    (target.out ? FLAGS.out : 0) |
    (target.reached ? FLAGS.reached : 0)
  );
}

/** Sorted by hash, without those that share one. */
function withoutCollisions(targets: readonly TargetSummary[]): TargetSummary[] {
  const byHash = [...targets].sort((a, b) => a.hash - b.hash);
  return byHash.filter((target, i) => byHash[i - 1]?.hash !== target.hash && byHash[i + 1]?.hash !== target.hash);
}

function toUnsigned(value: number | undefined): number {
  return value === undefined ? UNSIGNED.none : Math.min(UNSIGNED.none - 1, Math.max(0, Math.round(value * UNSIGNED.perUnit)));
}

function fromUnsigned(stored: number): number | undefined {
  return stored === UNSIGNED.none ? undefined : stored / UNSIGNED.perUnit;
}

function toSigned(value: number | undefined): number {
  if (value === undefined) return SIGNED.none;
  return Math.min(SIGNED.none - 1, Math.max(-0x8000, Math.round(value * SIGNED.perUnit)));
}

function fromSigned(stored: number): number | undefined {
  return stored === SIGNED.none ? undefined : stored / SIGNED.perUnit;
}

/** Base64 (RFC 4648, section 4) for a world without Buffer: records are stored as strings. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map(ALPHABET.split('').map((letter, value) => [letter.charCodeAt(0), value]));
const LOOKUP = Uint8Array.from({ length: 128 }, (_, code) => VALUES.get(code) ?? 255);

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) parts.push(encodeTriple(bytes, i));
  return parts.join('');
}

function encodeTriple(bytes: Uint8Array, at: number): string {
  const left = bytes.length - at;
  const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  const letter = (shift: number): string => ALPHABET.charAt((word >> shift) & 63);
  return letter(18) + letter(12) + (left > 1 ? letter(6) : '=') + (left > 2 ? letter(0) : '=');
}

/** Throws an Error naming the position when `text` is no padded base64. */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw new Error(`base64 text has ${text.length} characters, must be a multiple of 4`);
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let out = 0;
  for (let i = 0; i < text.length; i += 4) {
    const word = (valueAt(text, i) << 18) | (valueAt(text, i + 1) << 12) | (valueAt(text, i + 2) << 6) | valueAt(text, i + 3);
    bytes[out++] = word >> 16;
    bytes[out++] = word >> 8;
    bytes[out++] = word;
  }
  return bytes;
}

function valueAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  const value = code < 128 ? (LOOKUP[code] ?? 255) : 255;
  if (value !== 255) return value;
  if (code === 61 && index >= text.length - 2) return 0;
  throw new Error(`base64 text has "${text.charAt(index)}" at position ${index}, allowed: A-Z a-z 0-9 + / and = at the end`);
}
