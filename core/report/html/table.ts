/** Tables of the report and of the dashboard. */
import { html, type Markup } from './markup';

/** `stack` becomes a list on a phone, `numbers` lines its figures up. */
export type TableStyle = 'plain' | 'stack' | 'numbers';

/** @param heads one for each column, in its order @param rows each a `tr` */
export function dataTable(heads: readonly string[], rows: readonly Markup[], style: TableStyle = 'plain'): Markup {
  return html`<table class="${style}">
    <thead>
      <tr>
        ${heads.map((head) => html`<th scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** What is wider than a phone scrolls, by keyboard too. */
export function scrolled(label: string, table: Markup): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
}
