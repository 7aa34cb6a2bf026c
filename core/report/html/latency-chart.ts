/** Latency of each target over time on a log axis, with removals and returns marked. */
import { scaleLog, scaleUtc } from 'd3-scale';
import { line as pathOf } from 'd3-shape';
import type { Round } from '../../model';
import { duration, utc } from '../text';
import { NOTHING, html, type Markup } from './markup';
import { medianOf, roundsOf, spellsIn, subjectsOf, type ReportInput, type Spell, type Subject } from './model';
import { dataTable, scrolled } from './table';

/** A chart is drawn for a desk and for a phone: text keeps its size in both. */
export interface Size {
  readonly name: 'wide' | 'narrow';
  readonly width: number;
  readonly height: number;
  readonly right: number;
  readonly ticks: number;
}

export const SIZES: readonly Size[] = [
  { name: 'wide', width: 900, height: 340, right: 168, ticks: 8 },
  { name: 'narrow', width: 390, height: 300, right: 14, ticks: 3 },
];

const [TOP, LEFT, BOTTOM] = [34, 62, 30];

interface Axes {
  readonly x: (at: number) => number;
  readonly y: (ms: number) => number;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
}

/** What a chart is drawn from. */
export interface Drawing {
  /** Oldest first. */
  readonly rounds: readonly Round[];
  readonly shown: readonly Subject[];
  /** Marked in it: when a target was out. */
  readonly spells: readonly Spell[];
  /** Where one that has not ended ends in the chart. */
  readonly now: number;
}

export function latencyChart(input: ReportInput): Markup {
  const rounds = roundsOf(input);
  const { shown, others } = subjectsOf(input);
  if (rounds.length < 2 || shown.length === 0) return html`<p>Fewer than two rounds are on record.</p>`;
  if (!isMeasured(rounds, shown)) return html`<p>No target answered a probe: there is no latency to draw.</p>`;
  const drawing = { rounds, shown, spells: spellsIn(input.incident), now: input.now };
  const charts = SIZES.map((size) => chart(drawing, size));
  const rest = others > 0 ? html`<p class="note">${others} more targets are not shown; they were faster.</p>` : NOTHING;
  return html`${charts}${rest}${asTable(rounds, shown)}`;
}

/** Whether there is a median to draw: without one there is no axis either. */
export function isMeasured(rounds: readonly Round[], shown: readonly Subject[]): boolean {
  return rounds.some((round) => shown.some(({ key }) => (medianOf(round, key) ?? 0) > 0));
}

function axesOf(rounds: readonly Round[], shown: readonly Subject[], { width, height, right, ticks }: Size): Axes {
  const values = rounds.flatMap((round) => shown.flatMap(({ key }) => medianOf(round, key) ?? [])).filter((ms) => ms > 0);
  const y = scaleLog()
    .domain([Math.max(1, Math.min(...values) / 1.6), Math.max(...values) * 1.6])
    .range([height - BOTTOM, TOP]);
  const x = scaleUtc()
    .domain([rounds[0]?.startedAt ?? 0, rounds.at(-1)?.startedAt ?? 1])
    .range([LEFT, width - right]);
  const powers = y.ticks().filter((tick) => [1, 2, 5].includes(Number(String(tick)[0])));
  return { x, y, xTicks: x.ticks(ticks).map(Number), yTicks: powers };
}

/** The picture alone. */
export function chart(drawing: Drawing, size: Size): Markup {
  const { rounds, shown } = drawing;
  const axes = axesOf(rounds, shown, size);
  const { name, width, height } = size;
  const label = `Median latency of ${shown.length} targets over time, on a logarithmic axis; the same as a table below`;
  return html`<svg class="chart ${name}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    ${marks(drawing, axes, size)}${grid(axes, size)}${shown.filter(({ isSick }) => !isSick).map((peer) => series(rounds, peer, axes))}${shown
      .filter(({ isSick }) => isSick)
      .map((sick) => series(rounds, sick, axes))}${size.name === 'wide' ? labels(rounds, shown, axes, size) : NOTHING}
  </svg>`;
}

/** Half the width of what is written above a mark. */
const MARK = 42;

/** When the target was out, and the moments of its removal and return. */
function marks({ spells, now }: Drawing, { x }: Axes, { width, height, right }: Size): Markup[] {
  const inside = (at: number) => Math.min(Math.max(x(at), LEFT), width - right);
  return spells.map(({ fromAt, toAt, began, ended }) => {
    const [from, to] = [inside(fromAt), inside(toAt ?? now)];
    const side = (at: number) => (at > width - right - MARK ? 'end' : at < LEFT + MARK ? 'start' : 'middle');
    const apart = to - from > 2 * MARK;
    const mark = (at: number, text: string, anchor: string) =>
      html`<line class="mark" x1="${at}" x2="${at}" y1="${TOP - 10}" y2="${height - BOTTOM}" /><text
          class="marked"
          x="${at}"
          y="${TOP - 16}"
          text-anchor="${anchor}"
          >${text}</text
        >`;
    return html`<rect
        class="out"
        x="${from}"
        y="${TOP}"
        width="${Math.max(1, to - from)}"
        height="${height - BOTTOM - TOP}"
      />${mark(from, began, apart ? side(from) : 'end')}${toAt === undefined ? NOTHING : mark(to, ended, apart ? side(to) : 'start')}`;
  });
}

function grid({ x, y, xTicks, yTicks }: Axes, { width, height, right }: Size): Markup[] {
  return [
    ...yTicks.map(
      (tick) =>
        html`<line class="grid" x1="${LEFT}" x2="${width - right}" y1="${y(tick)}" y2="${y(tick)}" /><text
            class="tick"
            x="${LEFT - 8}"
            y="${y(tick) + 4}"
            text-anchor="end"
            >${duration(tick)}</text
          >`,
    ),
    ...xTicks.map(
      (tick) => html`<text class="tick" x="${x(tick)}" y="${height - 8}" text-anchor="middle">${utc(tick).slice(11, 19)}</text>`,
    ),
  ];
}

/** A gap where a target was not measured; a dot for each round of the target of the case. */
function series(rounds: readonly Round[], { key, label, isSick }: Subject, { x, y }: Axes): Markup {
  const points = rounds.map((round) => ({ at: round.startedAt, ms: medianOf(round, key) }));
  const draw = pathOf<(typeof points)[number]>()
    .defined(({ ms }) => ms !== undefined && ms > 0)
    .x(({ at }) => rounded(x(at)))
    .y(({ ms }) => rounded(y(ms ?? 1)));
  const dots = isSick
    ? points.flatMap(({ at, ms }) =>
        ms === undefined || ms <= 0 ? [] : [html`<circle cx="${rounded(x(at))}" cy="${rounded(y(ms))}" r="3" />`],
      )
    : [];
  return html`<g class="${isSick ? 'sick' : 'peer'}"><title>${label}</title><path d="${draw(points) ?? ''}" />${dots}</g>`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Lines of labels are so far apart. */
const LABEL = 14;
/**
 * Characters there is room for beside the chart; what was shortened is set to fit (`textLength`).
 */
const LABEL_CHARACTERS = 22;
const LABEL_WIDTH = 156;

/** Beside the end of each line: never on top of each other, and none below the chart. */
function labels(rounds: readonly Round[], shown: readonly Subject[], { y }: Axes, { width, height, right }: Size): Markup[] {
  const ends = shown
    .map((subject) => {
      const ms = rounds.flatMap((round) => medianOf(round, subject.key) ?? []).at(-1) ?? 1;
      return { ...subject, at: y(Math.max(1, ms)) };
    })
    .sort((a, b) => a.at - b.at);
  let last = -Infinity;
  const down = ends.map(({ at }) => (last = Math.max(at, last + LABEL)));
  return ends.map(({ label, isSick }, index) => {
    const lowest = height - BOTTOM - (ends.length - 1 - index) * LABEL;
    const at = Math.min(down[index] ?? 0, lowest);
    const text = shortened(label);
    const fit = text === label ? NOTHING : html`textLength="${LABEL_WIDTH}" lengthAdjust="spacingAndGlyphs"`;
    return html`<text class="${isSick ? 'sick-label' : 'peer-label'}" x="${width - right + 8}" y="${rounded(at + 4)}" ${fit}
      >${text}<title>${label}</title></text
    >`;
  });
}

/** Names of one fleet differ at their ends more often than at their beginnings. */
function shortened(label: string): string {
  if (label.length <= LABEL_CHARACTERS) return label;
  return `${label.slice(0, 7)}…${label.slice(-(LABEL_CHARACTERS - 8))}`;
}

/** For a screen reader, and for whoever wants the numbers. */
function asTable(rounds: readonly Round[], shown: readonly Subject[]): Markup {
  const rows = rounds.map(
    (round) =>
      html`<tr>
        <th scope="row">${utc(round.startedAt).slice(11, 19)}</th>
        ${shown.map(({ key }) => {
          const ms = medianOf(round, key);
          return html`<td>${ms === undefined ? '-' : duration(ms)}</td>`;
        })}
      </tr>`,
  );
  return html`<details>
    <summary>Latency as a table</summary>
    ${scrolled('Latency as a table', dataTable(['UTC', ...shown.map(({ label }) => label)], rows, 'numbers'))}
  </details>`;
}
