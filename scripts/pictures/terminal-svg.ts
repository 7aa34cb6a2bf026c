/**
 * A terminal's screen as a picture: what a program wrote, with its colours and its cursor
 * movements, as the terminal emulator xterm.js understands it, drawn as SVG text. No browser, no
 * font of its own.
 */
import { Terminal, type IBufferCell, type IBufferLine } from '@xterm/headless';

export interface Screenshot {
  /** Everything that was written, escape sequences included. */
  readonly written: string;
  readonly columns: number;
  /** What stands in the window's bar. */
  readonly title: string;
}

const CELL = { width: 8.4, height: 18, fontSize: 14 } as const;
const MARGIN = 14;
const BAR_HEIGHT = 32;
/** SVG makes one of several plain ones. */
const NO_BREAK_SPACE = '\u00a0';
const FOREGROUND = '#d8dee9';
/** The sixteen colours of a terminal, by their number. */
const PALETTE = [
  '#3b4252',
  '#e06c75',
  '#98c379',
  '#e5c07b',
  '#61afef',
  '#c678dd',
  '#56b6c2',
  '#d8dee9',
  '#5c6370',
  '#ff7a85',
  '#b5e890',
  '#ffd68a',
  '#7cc7ff',
  '#e29bf5',
  '#7fdbe6',
  '#ffffff',
] as const;

/**
 * The SVG of everything that is left on the screen and above it, but for empty lines at the end.
 */
export async function terminalSvg({ written, columns, title }: Screenshot): Promise<string> {
  const lines = await linesOf(written, columns);
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = BAR_HEIGHT + lines.length * CELL.height + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${width}" height="${height}" rx="8" fill="#1e222a"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map((fill, index) => `<circle cx="${18 + index * 18}" cy="16" r="5.5" fill="${fill}"/>`),
    `<text x="${width / 2}" y="20" fill="#8b929e" font-family="sans-serif" font-size="12" text-anchor="middle">${escaped(title)}</text>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${CELL.fontSize}">`,
    ...lines.flatMap((runs, row) => runs.map((run) => drawn(run, row))),
    '</g></svg>\n',
  ].join('\n');
}

/** Neighbouring characters of one look. */
interface Run {
  readonly column: number;
  readonly text: string;
  readonly fill: string;
  readonly bold: boolean;
  readonly dim: boolean;
}

async function linesOf(written: string, columns: number): Promise<Run[][]> {
  const terminal = new Terminal({ cols: columns, rows: 24, scrollback: 10_000, convertEol: true, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(written, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, row) => runsOf(active.getLine(row), columns));
  terminal.dispose();
  const last = lines.findLastIndex((runs) => runs.length > 0);
  return lines.slice(0, last + 1);
}

function runsOf(line: IBufferLine | undefined, columns: number): Run[] {
  const runs: Run[] = [];
  for (let column = 0; column < columns; column++) {
    const cell = line?.getCell(column);
    const text = cell?.getChars() ?? '';
    if (cell === undefined || text === '') continue;
    const look = { fill: fillOf(cell), bold: cell.isBold() !== 0, dim: cell.isDim() !== 0 };
    const before = runs.at(-1);
    const joins = before !== undefined && before.column + before.text.length === column && sameLook(before, look);
    if (joins) runs[runs.length - 1] = { ...before, text: before.text + text };
    else runs.push({ column, text, ...look });
  }
  return runs.map((run) => ({ ...run, text: run.text.trimEnd() })).filter(({ text }) => text !== '');
}

function sameLook(a: Pick<Run, 'fill' | 'bold' | 'dim'>, b: Pick<Run, 'fill' | 'bold' | 'dim'>): boolean {
  return a.fill === b.fill && a.bold === b.bold && a.dim === b.dim;
}

function fillOf(cell: IBufferCell): string {
  if (cell.isFgRGB()) return `#${cell.getFgColor().toString(16).padStart(6, '0')}`;
  return (cell.isFgPalette() ? PALETTE[cell.getFgColor()] : undefined) ?? FOREGROUND;
}

function drawn({ column, text, fill, bold, dim }: Run, row: number): string {
  const x = (MARGIN + column * CELL.width).toFixed(1);
  const y = BAR_HEIGHT + row * CELL.height + CELL.fontSize;
  const length = (text.length * CELL.width).toFixed(1);
  const weight = bold ? ' font-weight="bold"' : '';
  return `<text x="${x}" y="${y}" fill="${fill}"${weight}${dim ? ' opacity=".6"' : ''} textLength="${length}" lengthAdjust="spacingAndGlyphs">${escaped(text).replaceAll(' ', NO_BREAK_SPACE)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
