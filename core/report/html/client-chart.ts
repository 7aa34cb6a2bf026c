/**
 * What a client of the load balancer got, round by round: how many requests were slow or failed.
 */
import { scaleBand } from 'd3-scale';
import type { Round } from '../../model';
import { slowFraction } from '../client-view';
import { slowAboveMs } from '../round';
import { duration, percent, utc } from '../text';
import { html, type Markup } from './markup';
import { dataTable, scrolled } from './table';
import { roundsOf, type ReportInput } from './model';
import { SIZES, type Size } from './latency-chart';

interface Seen {
  readonly at: number;
  readonly bad: number;
  readonly of: number;
}

const [HEIGHT, LEFT, BOTTOM] = [120, 62, 24];

/** By one measure throughout: that of the round in which the difference was largest. */
export function clientChart(input: ReportInput): Markup {
  const rounds = roundsOf(input);
  const limit = Math.max(...rounds.filter(({ fleet }) => fleet === 'convicted').map((round) => slowAboveMs(round) ?? 0));
  const isOne = Number.isFinite(limit) && limit > 0;
  const seen = rounds.flatMap((round) => seenIn(round, isOne ? limit : slowAboveMs(round)));
  if (seen.length === 0) return html`<p>No request through the load balancer was sampled.</p>`;
  const rows = seen.map(
    ({ at, bad, of }) =>
      html`<tr>
        <th scope="row">${utc(at).slice(11, 19)}</th>
        <td>${bad}</td>
        <td>${of}</td>
      </tr>`,
  );
  const slow = isOne ? `above ${duration(limit)}` : 'well above the usual target of that round';
  return html`<p class="legend">Of the requests sampled in each round, how many failed or were slow (${slow}).</p>
    ${SIZES.map((size) => chart(seen, size))}
    <details>
      <summary>The client's view as a table</summary>
      ${scrolled("The client's view as a table", dataTable(['UTC', 'slow or failed', 'requests'], rows, 'numbers'))}
    </details>`;
}

function seenIn(round: Round, limit: number | undefined): Seen[] {
  const { clientView, startedAt } = round;
  if (clientView === undefined || clientView.samples.length === 0 || limit === undefined) return [];
  const of = clientView.samples.length;
  return [{ at: startedAt, bad: Math.round(slowFraction(clientView, limit) * of), of }];
}

function chart(seen: readonly Seen[], { name, width, right, ticks }: Size): Markup {
  const x = scaleBand<number>()
    .domain(seen.map((_, index) => index))
    .range([LEFT, width - right])
    .padding(0.2);
  const y = (fraction: number) => HEIGHT - BOTTOM - fraction * (HEIGHT - BOTTOM - 10);
  const bars = seen.map(({ bad, of }, index) => {
    const top = y(bad / of);
    return html`<rect
      class="bad"
      x="${Math.round((x(index) ?? 0) * 10) / 10}"
      y="${Math.round(top * 10) / 10}"
      width="${Math.round(x.bandwidth() * 10) / 10}"
      height="${Math.round((HEIGHT - BOTTOM - top) * 10) / 10}"
      ><title>${bad} of ${of} at ${utc(seen[index]?.at ?? 0)}</title></rect
    >`;
  });
  const every = Math.max(1, Math.ceil(seen.length / ticks));
  const times = seen.map(({ at }, index) =>
    index % every === 0
      ? html`<text class="tick" x="${(x(index) ?? 0) + x.bandwidth() / 2}" y="${HEIGHT - 6}" text-anchor="middle"
          >${utc(at).slice(11, 19)}</text
        >`
      : html``,
  );
  const lines = [0, 0.5, 1].map(
    (fraction) =>
      html`<line class="grid" x1="${LEFT}" x2="${width - right}" y1="${y(fraction)}" y2="${y(fraction)}" /><text
          class="tick"
          x="${LEFT - 8}"
          y="${y(fraction) + 4}"
          text-anchor="end"
          >${percent(fraction)}</text
        >`,
  );
  return html`<svg
    class="chart ${name}"
    viewBox="0 0 ${width} ${HEIGHT}"
    role="img"
    aria-label="Fraction of requests that were slow or failed, round by round; the same as a table below"
  >
    ${lines}${bars}${times}
  </svg>`;
}
