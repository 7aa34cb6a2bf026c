/**
 * Commands (docs/redaction.md, "Commands"): the program, the names of its options, and harmless
 * values are told.
 */
import { SECRETIVE, SHELL, WRAPPER, WRAPPER_VALUE } from './words';
import { hide, isHarmless, isRandom, shown, shownValue } from './values';
import { readArgument, readSecret } from './arguments';
import { readOption } from './options';
import { freshReader, PROSE, type Reader } from './reader';
import { tokens, type Token } from './tokens';

/** Longer lines are cut. */
const LONGEST_LINE = 8_192;

const secretive = new RegExp(SECRETIVE);
const wrapper = new RegExp(WRAPPER);
const wrapperValue = new RegExp(WRAPPER_VALUE);
const shell = new RegExp(SHELL);

const FLOW = /^(if|then|else|elif|fi|do|done|while|until|for|case|esac|in|!|\{|\}|\[|\[\[|\]|\]\])$/;
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;
const PROGRAM = /^[A-Za-z0-9_.~+@%:${}()[\]-]+$/;

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
