/**
 * Takes secrets out of text that came from a host: command lines, crontabs, labels, environment values. The host did the same before it
 * printed (the last stage of `inspect.sh`); this is the second pair of eyes, and it errs towards hiding too much.
 */

export const REDACTED = '[redacted]';

/** Names whose value is a secret, once punctuation is gone: `DB_PASSWORD`, `api-key`, `x.auth.token`. */
const SECRET_NAME =
  /passw|passphrase|pass$|pwd|pw$|secret|token|apikey|key$|keybase|credential|creds?$|cookie|sessionid|sessid|signature|authorization|bearer|auth$|^sig$|^sas$|dsn$|jwt|otp$|salt$|^pin$/;

/** Values of these names run to the end of the quotation or the line: they hold several words. */
const MANY_WORDS = /authorization|cookie/;

function isSecretName(name: string): boolean {
  if (/^PG[A-Z]+$/.test(name)) return true;
  return SECRET_NAME.test(name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
}

/** Walks the text once: where `start` matches and `valueOf` knows how the value goes on, the value is hidden. */
function hideAfter(text: string, start: RegExp, valueOf: (match: RegExpExecArray) => RegExp | undefined): string {
  const out: string[] = [];
  let at = 0;
  for (const match of text.matchAll(start)) {
    if (match.index < at) continue; // inside a value that is hidden already
    const from = match.index + match[0].length;
    const value = valueOf(match);
    out.push(text.slice(at, from));
    at = value === undefined ? from : from + hiddenLength(text, value, from, out);
  }
  return `${out.join('')}${text.slice(at)}`;
}

/** Pushes what stands for the value at `from`, with its opening quote, and returns the length of the value. */
function hiddenLength(text: string, value: RegExp, from: number, out: string[]): number {
  value.lastIndex = from;
  const [found = ''] = value.exec(text) ?? [];
  const quote = /^\\*["']/.exec(found)?.[0] ?? '';
  out.push(quote, REDACTED);
  return quote.startsWith('\\') && found.endsWith('\\') ? found.length - 1 : found.length;
}

/** A quoted value goes to its quote or the end of the cell, another to the next space or separator. */
const VALUE = /\\*"[^"\n\t]*|\\*'[^'\n\t]*|[^\s,;&"']*/y;
/** Several words: to the end of the quotation that begins with them or that they stand in, else to the end of the cell. */
const VALUES = /\\*"[^"\n\t]*|\\*'[^'\n\t]*|[^\n\t]*/y;
const VALUES_IN: Readonly<Record<string, RegExp>> = { '"': /\\*'[^'\n\t]*|[^"\n\t]*/y, "'": /\\*"[^"\n\t]*|[^'\n\t]*/y };

/** As far as a command line is looked back on. */
const LOOK_BACK = 2000;

/** The quotation that is open at this place of its cell, if any. */
function openQuote(text: string, at: number): string | undefined {
  const before = text.slice(Math.max(0, at - LOOK_BACK), at);
  const cell = before.slice(Math.max(before.lastIndexOf('\t'), before.lastIndexOf('\n')) + 1);
  let open: string | undefined;
  for (const [quote] of cell.matchAll(/["']/g)) open = open === undefined ? quote : open === quote ? undefined : open;
  return open;
}
/** One argument. */
const ARGUMENT = /"[^"\n\t]*|'[^'\n\t]*|\S+/y;

/** `name=value`, `name: value`, `"name": "value"`, also with escaped quotes, as in JSON within JSON. */
const ASSIGNMENT = /(?<![A-Za-z0-9_.-])([A-Za-z0-9_.-]+)\\*["']?[ ]*[=:][ ]*/g;

function hideAssignments(text: string): string {
  return hideAfter(text, ASSIGNMENT, ({ index, 1: name = '' }) => {
    if (!isSecretName(name)) return undefined;
    if (!MANY_WORDS.test(name.toLowerCase())) return VALUE;
    return VALUES_IN[openQuote(text, index) ?? ''] ?? VALUES;
  });
}

/** `--password value`, `-token "two words"`, `password value`. */
const FLAG = /(?<![A-Za-z0-9_.-])(?:--?([A-Za-z][A-Za-z0-9_.-]*)|(password|passwd|passphrase))[ ]+(?![ =:])/g;

function hideFlags(text: string): string {
  return hideAfter(text, FLAG, ([, flag, word = '']) => (isSecretName(flag ?? word) ? ARGUMENT : undefined));
}

/** What follows a short option: a quotation, or a word. */
const VALUE_OF_OPTION = String.raw`("[^"\n\t]*"?|'[^'\n\t]*'?|[^\s"']+)`;

/** An option of these programs, with its value beside it or attached to it. */
function optionOf(programs: string, options: string): RegExp {
  return new RegExp(String.raw`(\b(?:${programs})\b[^\t\n]{0,1000}?[ ](?:${options})[ ]*)${VALUE_OF_OPTION}`, 'g');
}

/** Short options that carry a secret in the tools that have them. */
const TOOL_OPTIONS: readonly RegExp[] = [
  /(\b(?:mysql|mariadb)[\w-]*\b[^\t\n]{0,1000}?[ ]-p)("[^"\n\t]*"?|'[^'\n\t]*'?|[^\s"']+)/g,
  optionOf('sshpass|mongo(?:sh|dump|restore|export)?', '-p'),
  optionOf('curl|wget', '-[a-zA-Z]*u|-U|--(?:proxy-)?user=?'),
  optionOf('curl', '-b|-H|--header|--oauth2-bearer'),
  optionOf('redis-cli', '-a'),
  optionOf('sqlcmd|ipmitool', '-P'),
  optionOf(String.raw`ldap\w+`, '-w'),
  optionOf('openssl', '-k'),
  optionOf(String.raw`snmp\w+`, '-[cAX]'),
  optionOf('smbclient', '-U'),
  /(\bsqlplus\b[^\t\n]{0,1000}?[ ])([^\s/:[\]]+\/[^\s/@]+(?=@))/g,
];

/** `-p value` of whatever program: hidden, unless it is a number of up to five digits, as ports have, an address or a path; `-pvalue` where no option is written so. */
const ATTACHED_P =
  /([ \t"'|;]-p)(?=["']*(?:[a-z]*[A-Z]|[a-z]*\d[a-z\d]*[a-z\d]))(?!(?!\S*\d{6})[\d.:,*-]+(?:\s|$))("[^"\n\t]*"?|'[^'\n\t]*'?|[^\s"']+)/g;
const ANY_P = /([ \t"'|;]-p[ ]+)(?!(?!\S*\d{6})[\d.:,*-]+(?:\s|$)|\.{0,2}\/|-)("[^"\n\t]*"?|'[^'\n\t]*'?|[^\s"']+)/g;

/** Shapes that are secrets wherever they stand: AWS, JWT, GitHub, GitLab, Slack, Stripe, Google, OpenAI and PEM keys. */
const SHAPES: readonly RegExp[] = [
  /(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}/g,
  /eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_.-]+/g,
  /(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]+/g,
  /gh[pousr]_[A-Za-z0-9]+|github_pat_\w+|glpat-[\w-]+/g,
  /xox[abprs]-[A-Za-z0-9-]+/g,
  /AIza[\w-]{20,}/g,
  /\bsk-[\w-]{16,}/g,
  /-----BEGIN[A-Z ]*KEY-----[^\t\n]*/g,
  /(?<=hooks\.slack\.com\/services\/)[^\s"']+/g,
];

/** A long word of mixed case with digits is nobody's prose. Lower-case hexadecimal stays: it is how commits are named. */
function looksRandom(word: string, digits: number): boolean {
  return /[A-Z]/.test(word) && /[a-z]/.test(word) && (word.match(/\d/g)?.length ?? 0) >= digits;
}

/** Capitals, small letters and digits in no order: a password that was drawn, not written. More than every other character begins a new kind. */
function isJumbled(word: string): boolean {
  if (!/[A-Z]/.test(word) || !/[a-z]/.test(word) || !/\d.*\d/.test(word)) return false;
  const turns = word.match(/(?<=[A-Z])[a-z\d]|(?<=[a-z])[A-Z\d]|(?<=\d)[A-Za-z]/g) ?? [];
  return turns.length > word.length / 2;
}

function hideShapes(text: string): string {
  const shaped = SHAPES.reduce((rest, shape) => rest.replaceAll(shape, REDACTED), text);
  return shaped
    .replaceAll(/(?<![A-Za-z0-9/+=])[A-Za-z0-9+][A-Za-z0-9/+]{39}(?![A-Za-z0-9/+=])/g, (word) => (looksRandom(word, 1) ? REDACTED : word))
    .replaceAll(/(?<![\w+=-])[\w+=-]{32,}(?![\w+=-])/g, (word) => (looksRandom(word, 3) ? REDACTED : word))
    .replaceAll(/[A-Za-z0-9]{8,}/g, (word) => (isJumbled(word) ? REDACTED : word));
}

function hideUserInfo(text: string): string {
  return text.replaceAll(/(?<![A-Za-z0-9+.-])([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^\s"']*@/g, `$1${REDACTED}@`);
}

function hideToolOptions(text: string): string {
  return [...TOOL_OPTIONS, ATTACHED_P, ANY_P].reduce((rest, option) => rest.replaceAll(option, `$1${REDACTED}`), text);
}

function hideBearers(text: string): string {
  return text.replaceAll(/\b(Bearer|Basic)[ ]+[^\s"',;]+/gi, `$1 ${REDACTED}`);
}

/**
 * The text without the secrets it carries: passwords in arguments and URLs, tokens, keys, cookies, AWS keys, PG* and *_SECRET
 * variables. Idempotent. Tabs and newlines stay where they are, so that rows of an inspection remain rows.
 */
export function redact(text: string): string {
  return hideShapes(hideBearers(hideToolOptions(hideFlags(hideAssignments(hideUserInfo(text))))));
}

/** The text in printable ASCII and tabs; `?` stands for every other character, and so for what a terminal would obey. Line ends stay. */
export function printable(text: string): string {
  return text.replaceAll(/[^\t\n\r\x20-\x7E]/g, '?');
}
