/** Numbers and tables as people read them. */

/** Milliseconds as `140 ms`, `10.0 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** A fraction as `25 %`. */
export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

/** A time as `2026-01-31 23:59:00 UTC`. */
export function utc(at: number): string {
  return `${new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' }).format(at)} UTC`;
}

/** The same for machines, to the second: `2026-01-31T23:59:00Z`. */
export function iso(at: number): string {
  return utc(at).replace(' ', 'T').replace(' UTC', 'Z');
}

/** With a full stop at its end, where it has no end of its own. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A target key, with the address behind it where it is known and not the key's own. */
export function named(key: string, address: string | undefined): string {
  return address === undefined || key.startsWith(`${address}:`) ? key : `${key} (${address})`;
}

/** Left-aligned columns, two spaces apart, no trailing space; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Lines with a heading above and indented below it; nothing when there are none. */
export function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines.map((line) => `  ${line}`)];
}

/** The minute of a time, as `04:26 UTC`. */
export function clock(at: number): string {
  return `${utc(at).slice(11, 16)} UTC`;
}

/** With its first letter in upper case. */
export function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
