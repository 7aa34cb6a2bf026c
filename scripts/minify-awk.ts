/**
 * Makes awk programs short: a Systems Manager document has 64 KB of room. Comments, spaces and
 * needless braces go, and names become short ones. Functions and rules share lines of some hundred
 * characters: in a document, each line costs three bytes more.
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

/**
 * For each token, whether it is the `)` of an `if`, `while` or `for`: a statement follows, on this
 * line or the next.
 */
function controls(list: readonly Token[]): boolean[] {
  const open: boolean[] = [];
  return list.map(({ text, kind }, index) => {
    if (kind !== 'operator') return false;
    if (text === '(') open.push(['if', 'while', 'for'].includes(list[index - 1]?.text ?? ''));
    return text === ')' && (open.pop() ?? false);
  });
}

/**
 * `"a" "b"` where nothing else can bind to either of them: a long text may stand on several lines
 * of the source.
 */
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

/** What stands for an end of line: nothing or a semicolon. */
function separator(depth: number, before: string, after: string | undefined, isControl: boolean): string {
  if (isControl || ['{', '&&', '||', ',', 'else', ';', ''].includes(before)) return '';
  if (depth === 0) return ';';
  return after === '}' || before === '}' ? '' : ';';
}

/**
 * Functions and rules that share a line: at most this many characters, if one alone has no more.
 */
const LINE = 2000;

/** Ends lines at the semicolons between functions and rules: `ends` has the places behind them. */
function inLines(text: string, ends: readonly number[]): string {
  let out = '';
  let from = 0;
  for (const [index, end] of ends.entries()) {
    const next = ends[index + 1] ?? text.length;
    if (next - from <= LINE) continue;
    out += `${text.slice(from, end - 1)}\n`;
    from = end;
  }
  return `${out}${text.slice(from)}\n`;
}

/**
 * The index of the `}` of a block of one statement that needs no braces, which opens at `at`;
 * undefined for another block.
 */
function endOfSimple(list: readonly Token[], at: number): number | undefined {
  const words = new Set(['if', 'else', 'while', 'for', '{', ';']);
  let end = at + 1;
  while (list[end]?.kind === 'newline') end++;
  const from = end;
  for (; end < list.length; end++) {
    const { kind, text } = list[end] as Token;
    if (text === '}' && kind === 'operator') return end > from ? end : undefined;
    if (kind !== 'string' && kind !== 'regex' && words.has(text)) return undefined;
    if (kind === 'newline' && !(list[end + 1]?.text === '}' && list[end + 1]?.kind === 'operator')) return undefined;
  }
  return undefined;
}

/** `if (a) { b }` is `if (a) b`. */
function withoutBraces(list: readonly Token[]): Token[] {
  const control = controls(list);
  const newline: Token = { kind: 'newline', text: '\n', isApart: false };
  const out: Token[] = [];
  for (let at = 0; at < list.length; at++) {
    const token = list[at] as Token;
    const before = list[at - 1];
    const isBody = token.text === '{' && token.kind === 'operator' && (control[at - 1] === true || before?.text === 'else');
    const end = isBody ? endOfSimple(list, at) : undefined;
    if (end === undefined) out.push(token);
    else {
      const body = list.slice(at + 1, end).filter(({ kind }) => kind !== 'newline');
      out.push(...body.map((one, index) => (index === 0 ? { ...one, isApart: true } : one)), newline);
      at = end;
    }
  }
  return out;
}

/**
 * The program without comments and without spaces that do nothing. Throws on text that is no awk
 * token, and on `do`, which it does not read.
 */
export function minifyAwk(source: string): string {
  const list = withoutBraces(joinStrings(tokens(source)));
  if (list.some(({ kind, text }) => kind === 'word' && text === 'do')) throw new Error('a loop with "do" is not read');
  const control = controls(list);
  let out = '';
  let depth = 0;
  let last: Token | undefined;
  let lastControl = false;
  let pending = false;
  const ends: number[] = [];
  for (const [index, token] of list.entries()) {
    if (token.kind === 'newline') {
      pending = true;
      continue;
    }
    if (pending) {
      const between = separator(depth, last?.text ?? '', token.text, lastControl);
      out += between;
      if (between !== '' && depth === 0) ends.push(out.length);
    } else if (last !== undefined && needsSpace(last, token)) out += ' ';
    if (pending && last !== undefined && last.text === 'else' && isWordlike(token)) out += ' ';
    if (token.text === '{' && token.kind === 'operator') depth++;
    if (token.text === '}' && token.kind === 'operator') depth--;
    out += token.text;
    pending = false;
    last = token;
    lastControl = control[index] ?? false;
  }
  return inLines(out, ends);
}

/** Words that awk knows itself, and those that gawk does and that a short name must not become. */
const OWN_WORDS = new Set([
  ...KEYWORDS,
  ...'BEGIN END break continue do func or and xor sin cos exp log int sub gsub match split index length substr sprintf close fflush'.split(
    ' ',
  ),
  ...'system tolower toupper rand srand sqrt atan2 NR NF FNR FS OFS ORS RS FILENAME SUBSEP RSTART RLENGTH ENVIRON ARGC ARGV'.split(' '),
]);

function* shortNames(): Generator<string> {
  const first = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const rest = `${first}0123456789_`;
  yield* first;
  for (const one of first) for (const two of rest) yield one + two;
}

/** A program as tokens, with what its names mean. */
interface Program {
  readonly list: readonly Token[];
  /** For each token, the index of the function that it stands in; -1: none. */
  readonly within: readonly number[];
  /** The parameters of each function, which awk takes for local variables, too. */
  readonly locals: readonly ReadonlySet<string>[];
  readonly functions: ReadonlySet<string>;
}

const isOperator = (token: Token | undefined, text: string): boolean => token?.kind === 'operator' && token.text === text;

/** The index behind the `}` of the function whose word `function` stands at `at`. */
function endOfFunction(list: readonly Token[], at: number): number {
  let depth = 0;
  for (let end = at; end < list.length; end++) {
    if (isOperator(list[end], '{')) depth++;
    if (isOperator(list[end], '}') && --depth === 0) return end + 1;
  }
  throw new Error(`the function ${list[at + 1]?.text} has no end`);
}

function programOf(source: string): Program {
  const list = tokens(source);
  const within = list.map(() => -1);
  const locals: Set<string>[] = [];
  const functions = new Set<string>();
  for (let at = 0; at < list.length; at++) {
    if (list[at]?.kind !== 'word' || list[at]?.text !== 'function') continue;
    functions.add(list[at + 1]?.text ?? '');
    const close = list.findIndex((token, index) => index > at && isOperator(token, ')'));
    const end = endOfFunction(list, at);
    within.fill(locals.length, at + 2, end);
    locals.push(new Set(list.slice(at + 3, close).flatMap(({ kind, text }) => (kind === 'word' ? [text] : []))));
    at = end - 1;
  }
  return { list, within, locals, functions };
}

/** Short names for words, the shortest for the most frequent, none of which `isTaken`. */
function shortened(words: readonly string[], isTaken: (name: string, word: string) => boolean): Map<string, string> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const given = new Set<string>();
  const next = (word: string): string => {
    for (const name of shortNames()) {
      if (OWN_WORDS.has(name) || given.has(name) || isTaken(name, word)) continue;
      given.add(name);
      return name;
    }
    throw new Error('the programs have too many names');
  };
  return new Map(byCount.map(([word]) => [word, next(word)]));
}

/**
 * Letters that no name of all programs may have: what is local to a function needs short names,
 * too.
 */
const FOR_LOCALS = 'abcdefghijkl';

/**
 * The programs with short names in place of their functions and variables. A name that is local to
 * a function or to one program may mean something else in another. `kept`: names that are set from
 * outside. `shared`: programs that run before others, whose names are the same everywhere.
 */
export function shortenNames(
  programs: ReadonlyMap<string, string>,
  kept: ReadonlySet<string>,
  shared: ReadonlySet<string>,
): Map<string, string> {
  const read = new Map([...programs].map(([name, text]) => [name, programOf(text)]));
  const isName = ({ kind, text }: Token): boolean => kind === 'word' && !OWN_WORDS.has(text) && !kept.has(text);
  const isLocal = ({ within, locals }: Program, index: number, text: string): boolean => locals[within[index] ?? -1]?.has(text) === true;
  const globals = (program: Program): string[] =>
    program.list.flatMap((token, index) => (isName(token) && !isLocal(program, index, token.text) ? [token.text] : []));
  const users = new Map<string, Set<string>>();
  for (const [name, program] of read) for (const word of globals(program)) users.set(word, (users.get(word) ?? new Set()).add(name));
  const isShared = (word: string): boolean => {
    const places = users.get(word) ?? new Set();
    return places.size > 1 || [...places].some((place) => shared.has(place));
  };
  const everywhere = shortened([...read.values()].flatMap(globals).filter(isShared), (name) => kept.has(name) || FOR_LOCALS.includes(name));
  const common = new Set(everywhere.values());
  const short = (program: Program): string => {
    const own = shortened(
      globals(program).filter((word) => !isShared(word)),
      (name, word) => kept.has(name) || common.has(name) || (program.functions.has(word) && FOR_LOCALS.includes(name)),
    );
    const global = (word: string): string => everywhere.get(word) ?? own.get(word) ?? word;
    // gawk takes no parameter that has the name of a function.
    const functions = new Set([...read.values()].flatMap((one) => [...one.functions].map(global)));
    const local = program.locals.map((names, at) => {
      const inside = program.list.filter((token, index) => program.within[index] === at && isName(token));
      const used = new Set(inside.filter(({ text }) => !names.has(text)).map(({ text }) => global(text)));
      const words = inside.filter(({ text }) => names.has(text)).map(({ text }) => text);
      return shortened(words, (name) => kept.has(name) || used.has(name) || functions.has(name));
    });
    const named = (token: Token, index: number): string => {
      if (!isName(token)) return token.text;
      return local[program.within[index] ?? -1]?.get(token.text) ?? global(token.text);
    };
    return program.list.map((token, index) => (token.isApart ? ' ' : '') + named(token, index)).join('');
  };
  return new Map([...read].map(([name, program]) => [name, short(program)]));
}
