/**
 * Wraps the comments of TypeScript and JavaScript files at 100 columns; `--check` only names
 * those that are longer and exits with 1. Prettier leaves comments alone, so this holds them.
 * Run by `npm run format` and `npm run check`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const COLUMNS = 100;

/** A comment that stands alone on its lines, or some neighbouring `//` lines. */
interface Comment {
  readonly from: number;
  readonly to: number;
  readonly indent: string;
  readonly block: boolean;
}

/** Words that begin a paragraph of their own: tags, list items, headings, rows of a table. */
const STARTS = /^(@|[-*#|+] |\d+[.)] )/;

/** Text that is meant to keep its shape: what is indented, fenced, or for a tool. */
const VERBATIM = /^( {2,}|```|eslint-|oxlint-|prettier-|@ts-|istanbul |Stryker |\/ <)/;

function commentsOf(lines: readonly string[]): Comment[] {
  const found: Comment[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const [, indent = '', opening] = /^(\s*)(\/\*\*?|\/\/)(?!\/)/.exec(lines[at] ?? '') ?? [];
    if (opening === undefined) continue;
    const to = opening === '//' ? lastOfRun(lines, at) : lastOfBlock(lines, at);
    if (to !== undefined) found.push({ from: at, to, indent, block: opening !== '//' });
    at = to ?? at;
  }
  return found;
}

function lastOfRun(lines: readonly string[], from: number): number {
  const indent = /^\s*/.exec(lines[from] ?? '')?.[0] ?? '';
  let to = from;
  while (new RegExp(`^${indent}//(?!/)`).test(lines[to + 1] ?? '')) to += 1;
  return to;
}

/** The line that closes the block; undefined where code follows on it. */
function lastOfBlock(lines: readonly string[], from: number): number | undefined {
  const to = lines.findIndex((line, index) => index >= from && line.includes('*/'));
  return to >= 0 && /\*\/\s*$/.test(lines[to] ?? '') ? to : undefined;
}

function textOf({ block }: Comment, lines: readonly string[]): string[] {
  return lines.map((line) =>
    block
      ? line
          .trim()
          .replace(/^\/\*\*? ?/, '')
          .replace(/ ?\*\/$/, '')
          .replace(/^\* ?/, '')
      : line.trim().replace(/^\/\/ ?/, ''),
  );
}

/** Paragraphs, each a list of its lines; an empty line is a paragraph without words. */
function paragraphsOf(text: readonly string[]): string[][] {
  const paragraphs: string[][] = [];
  for (const line of text) {
    const last = paragraphs.at(-1);
    const isNew = last === undefined || line === '' || last[0] === '' || STARTS.test(line) || VERBATIM.test(line);
    const hangs = last !== undefined && /^\s+\S/.test(line) && STARTS.test(last[0] ?? '');
    if (isNew && !hangs) paragraphs.push([line]);
    else last?.push(line.trim());
  }
  return paragraphs;
}

function wrapped(paragraph: readonly string[], width: number): string[] {
  const [first = ''] = paragraph;
  if (VERBATIM.test(first) || paragraph.every((line) => line.length <= width)) return [...paragraph];
  const hang = /^([-*+] |\d+[.)] )/.exec(first)?.[0].length ?? 0;
  const out: string[] = [];
  for (const word of paragraph.join(' ').split(/\s+/)) {
    const line = out.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) out[out.length - 1] = `${line} ${word}`;
    else out.push(out.length === 0 ? word : ' '.repeat(hang) + word);
  }
  return out;
}

/** The comment's lines, none over the limit if its words allow; as they were where none is. */
function rewritten(comment: Comment, lines: readonly string[]): readonly string[] {
  if (lines.every((line) => line.length <= COLUMNS)) return lines;
  const { indent, block } = comment;
  const opening = lines[0]?.trim().startsWith('/**') ? '/**' : '/*';
  const width = COLUMNS - indent.length - 3;
  const paragraphs = paragraphsOf(textOf(comment, lines));
  const text = paragraphs.flatMap((paragraph) => wrapped(paragraph, width));
  if (!block) return text.map((line) => `${indent}// ${line}`.trimEnd());
  if (text[0] === '') text.shift();
  if (text.at(-1) === '') text.pop();
  return [`${indent}${opening}`, ...text.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

/** The file's text with its comments wrapped. */
export function withWrappedComments(source: string): string {
  const lines = source.split('\n');
  for (const comment of commentsOf(lines).reverse()) {
    const before = lines.slice(comment.from, comment.to + 1);
    lines.splice(comment.from, before.length, ...rewritten(comment, before));
  }
  return lines.join('\n');
}

function main(): void {
  const files = execFileSync('git', ['ls-files', '--', '*.ts', '*.js'], { encoding: 'utf8' }).split('\n').filter(Boolean);
  const check = process.argv.includes('--check');
  const long = files.filter((file) => {
    const source = readFileSync(file, 'utf8');
    const after = withWrappedComments(source);
    if (after !== source && !check) writeFileSync(file, after);
    return after !== source;
  });
  if (!check || long.length === 0) return;
  console.error(`comments over ${COLUMNS} columns (npm run format wraps them):\n  ${long.join('\n  ')}`);
  process.exitCode = 1;
}

if (require.main === module) main();
