/**
 * Takes comments and spaces out of an awk program, and nothing else: a Systems Manager document has 64 KB of room. Names stay, so
 * that what runs on a host can be read beside its source. Each function and rule stands on a line of its own.
 */

type Kind = 'newline' | 'comment' | 'string' | 'regex' | 'number' | 'word' | 'operator';

interface Token {
  readonly kind: Kind;
  readonly text: string;
  /** Whether the source had space before it. */
  readonly isApart: boolean;
}

const SPACE = /(?:[ \t]|\\\n)+/y;
/** Order matters: the first that matches is taken. */
const FORMS: readonly (readonly [Kind, RegExp])[] = [
  ['newline', /\n/y],
  ['comment', /#[^\n]*/y],
  ['string', /"(?:[^"\\\n]|\\.)*"/y],
  ['number', /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?/y],
  ['word', /[A-Za-z_]\w*/y],
  ['operator', /&&|\|\||\+\+|--|[-+*/%^=!<>]=|!~|>>|[-+*/%^=!<>~|&?:,;(){}[\]$]/y],
];
const REGEX = /\/(?:[^/\\\n]|\\.)+\//y;
const KEYWORDS = new Set([
  'if',
  'else',
  'while',
  'for',
  'in',
  'return',
  'print',
  'printf',
  'getline',
  'delete',
  'next',
  'exit',
  'function',
]);

/** A slash divides after a value and begins a regular expression after anything else. */
function endsValue(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === 'word') return !KEYWORDS.has(token.text);
  return token.kind === 'number' || token.kind === 'string' || [')', ']', '++', '--', '$'].includes(token.text);
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

/** Throws on text that is no awk token, with its line. */
function tokens(source: string): Token[] {
  const found: Token[] = [];
  for (let at = 0; at < source.length;) {
    const space = match(SPACE, source, at)?.length ?? 0;
    at += space;
    if (at >= source.length) break;
    const regex = source[at] === '/' && !endsValue(found.at(-1)) ? match(REGEX, source, at) : undefined;
    const [kind, text] = regex === undefined ? plain(source, at) : (['regex', regex] as const);
    found.push({ kind, text, isApart: space > 0 });
    at += text.length;
  }
  return found.filter(({ kind }) => kind !== 'comment');
}

function plain(source: string, at: number): readonly [Kind, string] {
  for (const [kind, pattern] of FORMS) {
    const text = match(pattern, source, at);
    if (text !== undefined) return [kind, text];
  }
  throw new Error(`line ${source.slice(0, at).split('\n').length}: not an awk token: ${source.slice(at, at + 20)}`);
}

const isWordlike = ({ kind }: Token): boolean => kind === 'word' || kind === 'number';

/** Whether two tokens would become other ones without a space between them. */
function needsSpace(before: Token, after: Token): boolean {
  if (isWordlike(before) && isWordlike(after)) return true;
  if (before.kind === 'number' && after.text.startsWith('.')) return true;
  // `name (x)` joins two texts; `name(x)` calls a function.
  if (before.kind === 'word' && after.text === '(') return after.isApart && !KEYWORDS.has(before.text);
  return after.kind === 'operator' && before.kind === 'operator' && /^(\+\+|--|[-+<>=!&|]{2})/.test(before.text.slice(-1) + after.text);
}

/** For each token, whether it is the `)` of an `if`, `while` or `for`: a statement follows, on this line or the next. */
function controls(list: readonly Token[]): boolean[] {
  const open: boolean[] = [];
  return list.map(({ text, kind }, index) => {
    if (kind !== 'operator') return false;
    if (text === '(') open.push(['if', 'while', 'for'].includes(list[index - 1]?.text ?? ''));
    return text === ')' && (open.pop() ?? false);
  });
}

/** `"a" "b"` where nothing else can bind to either of them: a long text may stand on several lines of the source. */
function joinStrings(list: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (const token of list) {
    const before = joined.at(-1);
    const isFirst = ['(', ',', '='].includes(joined.at(-2)?.text ?? '');
    if (token.kind === 'string' && before?.kind === 'string' && isFirst)
      joined[joined.length - 1] = { ...before, text: before.text.slice(0, -1) + token.text.slice(1) };
    else joined.push(token);
  }
  return joined;
}

/** What stands for an end of line: nothing, a semicolon within braces, or the end of line between functions and rules. */
function separator(depth: number, before: string, after: string | undefined, isControl: boolean): string {
  if (isControl || ['{', '&&', '||', ',', 'else', ';', ''].includes(before)) return '';
  if (depth === 0) return '\n';
  return after === '}' || before === '}' ? '' : ';';
}

/** The program without comments and without spaces that do nothing. Throws on text that is no awk token, and on `do`, which it does not read. */
export function minifyAwk(source: string): string {
  const list = joinStrings(tokens(source));
  if (list.some(({ kind, text }) => kind === 'word' && text === 'do')) throw new Error('a loop with "do" is not read');
  const control = controls(list);
  let out = '';
  let depth = 0;
  let last: Token | undefined;
  let lastControl = false;
  let pending = false;
  for (const [index, token] of list.entries()) {
    if (token.kind === 'newline') {
      pending = true;
      continue;
    }
    if (pending) out += separator(depth, last?.text ?? '', token.text, lastControl);
    else if (last !== undefined && needsSpace(last, token)) out += ' ';
    if (pending && last !== undefined && last.text === 'else' && isWordlike(token)) out += ' ';
    if (token.text === '{' && token.kind === 'operator') depth++;
    if (token.text === '}' && token.kind === 'operator') depth--;
    out += token.text;
    pending = false;
    last = token;
    lastControl = control[index] ?? false;
  }
  return `${out}\n`;
}
