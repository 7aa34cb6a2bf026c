import type { FleetVerdict } from '../model';
import { fromBase64, toBase64 } from './base64';
import type { RoundSummary, TargetSummary } from './summary';

/**
 * The packed record of a round, version 2, big-endian, in base64:
 *
 *     version u8 | fleet verdict u8 | startedAt u48 | scale u16 | tail u16 | zones u8, then a hash u32 each | targets u16, then 14 bytes each
 *     target: key hash u32 | level u16 | relative i16 | residual i16 | bad u8 | n u8 | hard u8 | flags u8
 *
 * `level`, `scale` and `tail` are in 1/4096 (0xffff: none), `relative` and `residual` in 1/2048 (0x7fff: none): steps of 0.02 % and 0.05 % of a
 * latency. 1,000 targets are 18.7 KB. Targets are sorted by hash, so the record does not depend on their order. A key is
 * stored as a hash of 32 bits: two of 1,000 targets share one with probability 1.2e-4, and those two are then written, and
 * read, as having no history, which only makes them harder to convict.
 *
 * Version 1 had the median for the level, which is a little higher, and no word for `badTogether`: its shared rounds count as those of a slowdown.
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

/** Reads a packed round. Throws an Error for an unknown version, a wrong length or text that is no base64. */
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
    targets: Array.from({ length: count }, (_, i) => new PackedTarget(view, at + 2 + TARGET_BYTES * i, round)),
  };
}

function writeTarget(view: DataView, at: number, target: TargetSummary): void {
  view.setUint32(at, target.hash);
  view.setUint16(at + 4, toUnsigned(target.level));
  view.setInt16(at + 6, toSigned(target.relative));
  view.setInt16(at + 8, toSigned(target.residual));
  view.setUint8(at + 10, Math.min(255, target.bad));
  view.setUint8(at + 11, Math.min(255, target.n));
  view.setUint8(at + 12, Math.min(255, target.hard));
  view.setUint8(at + 13, flagsOf(target));
}

/** What its targets have from a round. */
type OfRound = Pick<RoundSummary, 'startedAt' | 'scale'>;

/**
 * A target's summary where it lies in the record, its numbers unpacked when asked for: a verdict over 1,000 targets goes several times through 20,000 of
 * them, which as objects of their own would not fit into the processor's cache.
 */
class PackedTarget implements TargetSummary {
  private readonly view: DataView;
  private readonly at: number;
  private readonly round: OfRound;

  constructor(view: DataView, at: number, round: OfRound) {
    this.view = view;
    this.at = at;
    this.round = round;
  }

  get startedAt(): number {
    return this.round.startedAt;
  }

  get scale(): number {
    return this.round.scale;
  }

  get hash(): number {
    return this.view.getUint32(this.at);
  }

  get level(): number | undefined {
    return fromUnsigned(this.view.getUint16(this.at + 4));
  }

  get relative(): number | undefined {
    return fromSigned(this.view.getInt16(this.at + 6));
  }

  get residual(): number | undefined {
    return fromSigned(this.view.getInt16(this.at + 8));
  }

  get bad(): number {
    return this.view.getUint8(this.at + 10);
  }

  get n(): number {
    return this.view.getUint8(this.at + 11);
  }

  get hard(): number {
    return this.view.getUint8(this.at + 12);
  }

  get usual(): boolean {
    return this.has(FLAGS.usual);
  }

  get sick(): boolean {
    return this.has(FLAGS.sick);
  }

  get jumped(): boolean {
    return this.has(FLAGS.jumped);
  }

  get cold(): boolean {
    return this.has(FLAGS.cold);
  }

  get refused(): boolean {
    return this.has(FLAGS.refused);
  }

  get out(): boolean {
    return this.has(FLAGS.out);
  }

  get reached(): boolean {
    return this.has(FLAGS.reached);
  }

  private has(flag: number): boolean {
    return (this.view.getUint8(this.at + 13) & flag) !== 0;
  }
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
