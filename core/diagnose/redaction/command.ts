/**
 * Commands (docs/redaction.md, "Commands"): the program, the names of its options, and harmless
 * values are told.
 */
import { INTERPRETER, MESSAGE_WORDS, SECRETIVE, SECRET_OPTION, SECRET_WORD, SHELL, SINGLE_DASH, WRAPPER, WRAPPER_VALUE } from './words';
import { hide, isHarmless, isRandom, isSecretName, isWords, placeholder, shown, shownValue } from './values';

interface Token {
  /** As it stands in the line, with its quotes. */
  readonly raw: string;
  /** Without quotes and backslashes. */
  readonly text: string;
  /** What stood before it. */
  readonly space: string;
  readonly operator: boolean;
}

/** Longer lines are cut. */
const LONGEST_LINE = 8_192;

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

/**
 * Words and operators of a line, as a shell would see them. An open quotation ends with the line.
 */
function tokens(line: string): Token[] {
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

const secretive = new RegExp(SECRETIVE);
const secretWord = new RegExp(SECRET_WORD);
const secretOption = new RegExp(SECRET_OPTION);
const wrapper = new RegExp(WRAPPER);
const wrapperValue = new RegExp(WRAPPER_VALUE);
const interpreter = new RegExp(INTERPRETER);
const shell = new RegExp(SHELL);
const singleDash = new Set(SINGLE_DASH);
const messageWords = new Set(MESSAGE_WORDS);

/** What is read is no command. */
const PROSE = '(prose)';

const FLOW = /^(if|then|else|elif|fi|do|done|while|until|for|case|esac|in|!|\{|\}|\[|\[\[|\]|\]\])$/;
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;
const PROGRAM = /^[A-Za-z0-9_.~+@%:${}()[\]-]+$/;

/** Where a reader of a command stands. */
interface Reader {
  /**
   * `program`: the next word is one; `wrapped`: it may be an option of the wrapper before;
   * `arguments`.
   */
  expects: 'program' | 'wrapped' | 'arguments';
  /** The program's name without its directory. */
  program: string;
  /** Its first word that is no option. */
  sub: string;
  /** The option that the word before was, without dashes. */
  option: string;
  /** What comes next is a secret, whatever it looks like. */
  secret: boolean;
  /** Words after the program, options too. */
  count: number;
  /** Positional arguments are secrets. */
  secretive: boolean;
  /** The file of a redirection comes next. */
  redirected: boolean;
  /** Inside a command in backquotes. */
  backquoted: boolean;
}

function freshReader(): Reader {
  return {
    expects: 'program',
    program: '',
    sub: '',
    option: '',
    secret: false,
    count: 0,
    secretive: false,
    redirected: false,
    backquoted: false,
  };
}

function baseOf(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

/** Whether `echo` and `printf` give their words to another program. */
function isPiped(all: readonly Token[], from: number): boolean {
  const next = all.slice(from).find(({ operator }) => operator);
  return next !== undefined && next.raw.startsWith('|') && next.raw !== '||';
}

function readProgram(reader: Reader, token: Token, piped: boolean): string {
  const { text, raw } = token;
  if (FLOW.test(text)) return raw;
  if (ASSIGNMENT.test(text)) {
    const at = text.indexOf('=');
    return `${text.slice(0, at + 1)}${shownValue(text.slice(0, at), text.slice(at + 1))}`;
  }
  const base = baseOf(text);
  const told = text.includes('/') ? shown(text) : PROGRAM.test(text) && text.length <= 64 && !isRandom(text) ? raw : hide(text);
  reader.program = base;
  reader.sub = '';
  reader.option = '';
  reader.count = 0;
  reader.expects = wrapper.test(base) ? 'wrapped' : 'arguments';
  reader.secretive = secretive.test(base) && (!/^(echo|printf)$/.test(base) || piped);
  return told;
}

/** The next word after an option of these names is a secret. */
function awaits(reader: Reader, option: string): boolean {
  if (reader.program === 'sort' && /^(k|key)$/.test(option)) return false;
  const { program, sub } = reader;
  return (
    (option.length > 1 && isSecretName(option)) ||
    secretOption.test(`${program}:${option}`) ||
    secretOption.test(`${program}:${sub}:${option}`)
  );
}

function named(reader: Reader, dashes: string, name: string, value: string | undefined): string {
  if (value === undefined) {
    reader.option = name;
    reader.secret = awaits(reader, name);
    return `${dashes}${name}`;
  }
  return `${dashes}${name}=${value !== '' && awaits(reader, name) && !isFiled(name, value) ? hide(value) : shownValue(name, value)}`;
}

/** A secret's file instead of the secret. */
function isFiled(name: string, value: string): boolean {
  return isSecretName(name) && shownValue(name, value) === value;
}

function readOption(reader: Reader, token: Token): string {
  const { text, raw } = token;
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const value = at < 0 ? undefined : text.slice(at + 1);
  if (/^--?$/.test(text)) return raw;
  if (text.startsWith('--'))
    return name.length <= 66 && /^--[A-Za-z][A-Za-z0-9_.-]*$/.test(name) && !isRandom(name) && !(value ?? '').startsWith('=')
      ? named(reader, '--', name.slice(2), value)
      : `--${hide(text.slice(2))}`;
  return readSingleDash(reader, text.slice(1), raw);
}

/** `-x`, `-xyz`, `-xVALUE`, `-name`, `-name=value`, `-Dname=value`. */
function readSingleDash(reader: Reader, rest: string, raw: string): string {
  const letter = rest[0] ?? '';
  const glued = rest.slice(1);
  const at = rest.indexOf('=');
  if (glued === '') return /[A-Za-z0-9?@%]/.test(letter) ? named(reader, '-', letter, undefined) : hide(raw);
  if (secretOption.test(`${reader.program}:${letter}`) || secretOption.test(`${reader.program}:${reader.sub}:${letter}`))
    return readGluedSecret(reader, rest, letter, glued);
  if (/^[0-9.:+-]+$/.test(rest)) return raw;
  if (letter === 'D' && at > 1) return `-D${shown(glued)}`;
  if (/^X(mx|ms|ss|mn)[0-9]+[kKmMgGtT]?$/.test(rest) || /^XX:[-+][A-Za-z0-9]+$/.test(rest)) return raw;
  if (/^XX:[A-Za-z0-9]+=/.test(rest)) return `-XX:${shown(rest.slice(3))}`;
  if (at > 1 && /^[a-z][a-z0-9_.-]*$/.test(rest.slice(0, at)) && rest[at + 1] !== undefined && rest[at + 1] !== '=')
    return named(reader, '-', rest.slice(0, at), rest.slice(at + 1));
  if (singleDash.has(rest) || isCompound(rest)) return named(reader, '-', rest, undefined);
  return readGlued(reader, rest, raw);
}

/** A name of several words of the vocabulary: `-aes-256-cbc`. */
function isCompound(rest: string): boolean {
  return rest.length > 4 && /^[a-z]/.test(rest) && isWords(rest);
}

/**
 * Short options by which secrets are told: longer clusters may be a secret that is glued to them.
 */
const TELLING = /^[pPuUaAkKwW]/;

function readGlued(reader: Reader, rest: string, raw: string): string {
  const letter = rest[0] ?? '';
  const glued = rest.slice(1);
  if (/^[A-Za-z]+$/.test(rest) && rest.length <= (TELLING.test(rest) ? 3 : 4)) {
    const last = rest.at(-1) ?? '';
    reader.option = last;
    reader.secret = awaits(reader, last);
    return raw;
  }
  if (placeholder(glued) !== undefined) return `-${letter}${hide(glued)}`;
  const longNumber = letter === 'p' && /[0-9]{6}/.test(glued);
  if (/^[A-Za-z]$/.test(letter) && !longNumber && /^([0-9]|\.?\.?\/|:)/.test(glued) && isHarmless(glued)) return raw;
  reader.option = rest;
  reader.secret = isSecretName(rest);
  return `-${/[A-Za-z0-9]/.test(letter) ? letter : ''}${hide(glued)}`;
}

/** `-pSECRET` of a program that takes it so; a name of several letters stays one. */
function readGluedSecret(reader: Reader, rest: string, letter: string, glued: string): string {
  if (singleDash.has(rest) && rest.length > 3) return named(reader, '-', rest, undefined);
  return `-${letter}${hide(glued)}`;
}

/**
 * What `-p` may be followed by without being a secret: a number of up to five digits, an address or
 * a path.
 */
function isNoPin(option: string, text: string): boolean {
  return option !== 'p' || !/[0-9]{6}/.test(text);
}

function readArgument(reader: Reader, token: Token): string {
  const { text, raw } = token;
  const { option, program } = reader;
  reader.option = '';
  if (/^(=|=>|->|:|:=)$/.test(text)) return raw;
  const isPositional = option === '';
  if (isPositional && reader.sub === '') reader.sub = text;
  if (secretWord.test(text.toLowerCase()) && isHarmlessWord(text)) {
    reader.secret = true;
    return raw;
  }
  if (placeholder(text) !== undefined) return hide(text);
  if (program === PROSE && messageWords.has(text.toLowerCase().replaceAll(/^[("']+|[).,:;"']+$/g, ''))) return raw;
  if (reader.secretive && isPositional) return isTellable(reader, text) ? raw : hide(text);
  if (/^(python|python[0-9.]*)$/.test(program) && option === 'm' && /^[A-Za-z_][A-Za-z0-9_.]*$/.test(text) && !isRandom(text)) return raw;
  if (interpreter.test(program) && reader.count === 1 && /^[A-Za-z0-9_.@/+-]+$/.test(text) && !isRandom(text) && text.length <= 120)
    return raw;
  if (!isNoPin(option, text)) return hide(text);
  const told = shown(text, option);
  return told === text ? raw : told;
}

/** `password`, `PIN:`; not a longer word that only begins so. */
function isHarmlessWord(text: string): boolean {
  return /^[A-Za-z_-]+[:=]?$/.test(text);
}

/** Of a program whose words are secrets: a path, and the sub-command of those that have one. */
function isTellable(reader: Reader, text: string): boolean {
  if (/^(\/|\.\/|\.\.\/|~\/)/.test(text)) return isHarmless(text);
  return (
    reader.count === 1 &&
    /^(vault|op|pass|keyctl|sops|net|security|ansible-vault|rclone)$/.test(reader.program) &&
    isHarmless(text) &&
    !/[0-9]/.test(text)
  );
}

/** A word that a secret option or word awaits. What looks like the next option is one. */
function readSecret(reader: Reader, token: Token): string | undefined {
  const { text, raw } = token;
  if (/^(=|=>|->|:|:=|is|by|BY)$/.test(text)) return raw;
  const { option } = reader;
  reader.secret = false;
  reader.option = '';
  if (/^--?[A-Za-z][A-Za-z0-9-]*(=|$)/.test(text)) return undefined;
  return isFiled(option, text) ? raw : hide(text);
}

function readOperator(reader: Reader, raw: string): string {
  if (raw.includes('<<<')) reader.secret = true;
  else if (/[<>]/.test(raw)) reader.redirected = !/[0-9-]$/.test(raw);
  else {
    const backquoted = raw.includes('`') ? !reader.backquoted : reader.backquoted;
    // What follows a command's end in the middle of another is a word of that one.
    const isEnd = raw.startsWith(')') || (raw.startsWith('`') && !backquoted);
    Object.assign(reader, freshReader(), { backquoted }, isEnd ? { expects: 'arguments' } : {});
  }
  return raw;
}

/** The word in its quotation, if it was in one. */
function inline(raw: string, text: string): string {
  const quote = /^["']/.exec(raw)?.[0] ?? '';
  return `${quote}${shownLine(text)}${quote}`;
}

function readWord(reader: Reader, token: Token, piped: boolean): string {
  if (reader.redirected) {
    reader.redirected = false;
    return shown(token.text);
  }
  const isText = reader.expects === 'arguments' && shell.test(reader.program) && reader.option.endsWith('c');
  const isExec = reader.expects === 'arguments' && /^(exec|execdir|ok)$/.test(reader.option);
  if (isText || isExec) {
    if (isText && token.text.includes(' ')) {
      reader.option = '';
      return inline(token.raw, token.text);
    }
    Object.assign(reader, { ...freshReader(), backquoted: reader.backquoted });
  }
  if (reader.expects === 'program') return readProgram(reader, token, piped);
  reader.count += 1;
  if (reader.secret) {
    const told = readSecret(reader, token);
    if (told !== undefined) return told;
  }
  if (reader.expects === 'wrapped') return readWrapped(reader, token, piped);
  return token.text.startsWith('-') ? readOption(reader, token) : readArgument(reader, token);
}

/** Options of a wrapper with their values, and then the program. */
function readWrapped(reader: Reader, token: Token, piped: boolean): string {
  if (token.text.startsWith('-')) {
    const told = readOption(reader, token);
    if (!wrapperValue.test(token.text)) reader.option = '';
    return told;
  }
  if (reader.option !== '') {
    reader.option = '';
    return shown(token.text, 'user');
  }
  if (/^[0-9.]+[smhd]?$/.test(token.text)) return token.raw;
  if (reader.program === 'flock' && reader.count === 1) return shown(token.text);
  return readProgram(reader, token, piped);
}

function read(all: readonly Token[], reader: Reader): string {
  return all
    .map((token, index) => {
      const told = token.operator
        ? readOperator(reader, token.raw)
        : readWord(reader, token, /^(echo|printf)$/.test(baseOf(token.text)) && isPiped(all, index));
      return `${token.space}${told}`;
    })
    .join('');
}

/**
 * What may be told of a line for a shell: of a crontab's command, of the argument of `sh -c`, of a
 * command whose arguments were joined.
 */
export function shownLine(line: string): string {
  return read(tokens(line.slice(0, LONGEST_LINE)), freshReader());
}

function separate(words: readonly string[]): Token[] {
  return words.map((text, index) => ({ raw: text, text, space: index === 0 ? '' : ' ', operator: false }));
}

/**
 * What may be told of a process's arguments while they are still apart. A title, as servers write
 * it over their arguments, is read as a line.
 */
export function shownArguments(argv: readonly string[]): string {
  const [first = '', ...rest] = argv;
  if (first.includes(' ')) return [shownLine(first), ...(rest.length > 0 ? [shownOptions(rest)] : [])].join(' ');
  return read(separate(argv), freshReader());
}

/** Arguments without a program before them. */
function shownOptions(words: readonly string[]): string {
  return read(separate(words), { ...freshReader(), expects: 'arguments', program: '-' });
}

/** What may be told of options without a program before them, as `JAVA_OPTS` holds them. */
export function shownOptionLine(line: string): string {
  return read(tokens(line.slice(0, LONGEST_LINE)), { ...freshReader(), expects: 'arguments', program: '-' });
}

/** What may be told of prose: an error message, a reason. */
export function shownText(text: string): string {
  return read(separate(text.slice(0, LONGEST_LINE).split(' ')), { ...freshReader(), expects: 'arguments', program: PROSE });
}

const FIELD = '[0-9A-Za-z*,/-]+ +';
const SCHEDULE = new RegExp(`^(@[a-z]+ +|${FIELD}${FIELD}${FIELD}${FIELD}${FIELD})`);

/**
 * What may be told of a line of a crontab. `user`: who stands between the schedule and the command,
 * if anybody.
 */
export function shownCron(line: string, user = ''): string {
  const [schedule = ''] = SCHEDULE.exec(line) ?? [];
  const rest = line.slice(schedule.length);
  const fields = schedule.split(' ');
  if (!fields.every((field) => field === '' || isHarmless(field) || (field.length <= 12 && /^@[a-z]+$/.test(field))))
    return shownLine(line);
  const hasUser = user !== '' && rest.startsWith(`${user} `);
  return `${schedule}${hasUser ? `${user} ` : ''}${shownLine(hasUser ? rest.slice(user.length + 1) : rest)}`;
}
