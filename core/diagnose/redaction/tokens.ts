/** Words and operators of a line, as a shell would see them. */
export interface Token {
  /** As it stands in the line, with its quotes. */
  readonly raw: string;
  /** Without quotes and backslashes. */
  readonly text: string;
  /** What stood before it. */
  readonly space: string;
  readonly operator: boolean;
}

const OPERATOR = ';|&()<>`';

/** What is open where a line is read: parentheses, and a command in backquotes. */
interface Open {
  depth: number;
  backquote: boolean;
}

/**
 * Whether this character is an operator of the shell, and not part of a word as in `a;b` or
 * `tcp(db)`.
 */
function isOperator(line: string, at: number, wordBegan: boolean, open: Open): boolean {
  const character = line[at] ?? '';
  if (character === '' || !OPERATOR.includes(character)) return false;
  if (!wordBegan || character === '<' || character === '>') return true;
  if (character === '(') return false;
  if (character === ')') return open.depth > 0;
  if (character === '`') return open.backquote;
  const next = line[at + 1] ?? ' ';
  return next === ' ' || OPERATOR.includes(next);
}

/** The end of the operator that begins here. `=>` and `->` are words. */
function operatorEnd(line: string, from: number): number {
  let at = from;
  while (at < line.length && OPERATOR.includes(line[at] ?? '')) at += 1;
  return line[at - 1] === '&' && line[at - 2] === '>' && /[0-9-]/.test(line[at] ?? '') ? at + 1 : at; // >&2
}

/** An open quotation ends with the line. */
export function tokens(line: string): Token[] {
  const found: Token[] = [];
  const open: Open = { depth: 0, backquote: false };
  let at = 0;
  while (at < line.length) {
    const spaceFrom = at;
    while (line[at] === ' ') at += 1;
    if (at >= line.length) break;
    const space = line.slice(spaceFrom, at);
    if (isOperator(line, at, false, open)) {
      const end = operatorEnd(line, at);
      const raw = line.slice(at, end);
      found.push({ raw, text: raw, space, operator: true });
      track(open, raw);
      at = end;
    } else {
      const word = wordAt(line, at, open);
      found.push({ ...word, space, operator: false });
      at += word.raw.length;
    }
  }
  return found;
}

function track(open: Open, raw: string): void {
  for (const character of raw) {
    if (character === '(') open.depth += 1;
    else if (character === ')') open.depth = Math.max(0, open.depth - 1);
    else if (character === '`') open.backquote = !open.backquote;
  }
}

function wordAt(line: string, from: number, open: Open): { readonly raw: string; readonly text: string } {
  let text = '';
  let quote = '';
  let at = from;
  for (; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (quote === '' && (character === ' ' || (isOperator(line, at, at > from, open) && !isArrow(line, at, from)))) break;
    if (character === '\\' && quote !== "'" && at + 1 < line.length) {
      at += 1;
      text += line[at] ?? '';
    } else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    else text += character;
  }
  return { raw: line.slice(from, at), text };
}

/** `=>` and `->` between a name and its value. */
function isArrow(line: string, at: number, from: number): boolean {
  return line[at] === '>' && at === from + 1 && /[-=]/.test(line[from] ?? '') && (line[at + 1] ?? ' ') === ' ';
}
