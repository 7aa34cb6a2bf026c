/**
 * Which values may be told (docs/redaction.md, "Values"): what is harmless by its form. Everything
 * else is hidden. Linear time: no pattern nests.
 */
import { DOMAINS, EXTENSIONS, FILED_NAME, NO_SECRET_NAME, RELEASE_NAME, REVERSED, SECRET_NAME, USER_NAME, VOCABULARY } from './words';

/** What stands for a hidden value. */
export const HIDDEN = '‹hidden›';

/**
 * A hidden value as it is told (`‹hidden:3›`: equal labels, equal values), as a host printed it
 * (`[hidden:7]`: a number of that host alone, which says nothing beside another's; 0 is its own
 * name, an id or a number), or of an older record.
 */
const PLACEHOLDER = /^(?:‹hidden(:\d{1,4})?›|\[hidden(:0)?(?::\d{1,4})?\]|\[redacted\])$/;

/** Longer words are hidden unread. */
const LONGEST = 400;

const WORDS = new Set(VOCABULARY);
const NUMBER =
  /^[-+]?[0-9]+([.,:/_x-][0-9]+)*([(][0-9]+[)])?(ns|us|ms|s|m|h|d|w|b|k|kb|kib|ki|m|mb|mib|mi|g|gb|gib|gi|t|tb|ti|%)?[-+:,)]?$/;
const VERSION =
  /^v?[0-9]+([.][0-9]+)*([-+._]?(rc|alpha|beta|b|a|p|snapshot|final|release|ga|dev|build|alpine|slim|bookworm|bullseye|jammy|noble|lts|el|amzn|deb|ubuntu|jre|jdk|fpm)[0-9.]*)*$/;
const MOMENT = /^[0-9][0-9-]+t[0-9:.]+(z|[-+][0-9:]+)?$/;
const SCHEDULE = /^[0-9*,/-]+$/;
const PUNCTUATION = /^[\][*.,/:+%{}?=_~!-]+$/;
const DATE_FORMAT = /^[+]?(%[-_0]?[A-Za-z]|[-_:./T])+$/;
const VARIABLE = /^[$]([{][A-Z_][A-Z0-9_]*[}]|[A-Z_][A-Z0-9_]*|[0-9@*#?$!])$/;
const VARIABLE_HEAD = /^[$]([{][A-Z_][A-Z0-9_]*[}]|[A-Z_][A-Z0-9_]*)[/]/;
const PATH_HEAD = /^([/]|[.][.]?[/]|~[/])/;
const COMPONENT = /^[A-Za-z0-9._+%,~*{}-]*$/;
const SCOPE = /^@[A-Za-z0-9._-]+$/;
const UNIT = /^[A-Za-z0-9._-]+@[A-Za-z0-9._-]*[.](service|timer|socket|mount|target|slice|scope|path)$/;
const FILE = new RegExp(`^[A-Za-z0-9._+%-]*[A-Za-z0-9_*][.](${EXTENSIONS})$`);
const IPV6 = /^[[]?[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(\](:[0-9]+)?)?$/;
const DOTTED = new RegExp(`^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*[.](${DOMAINS})(:[0-9]+)?$`);
const CLASS = new RegExp(`^(${REVERSED})[.][A-Za-z0-9_$]+([.][A-Za-z0-9_$*]+)+$`);
const EC2_NAME = /^ip-[0-9]+-[0-9]+-[0-9]+-[0-9]+([.][a-z0-9.-]+)?$/;
const LOCAL = /^(localhost|[*])?(:[0-9]+)?$/;
const NAME_PORT = /^[a-z][a-z0-9-]*([.][a-z0-9-]+)*:v?[0-9]+([.][0-9]+)*(-[a-z]+[0-9.]*)?$/;
const COMMIT = /^[0-9a-f]+$/;
const URL_HEAD = /^[A-Za-z][A-Za-z0-9+.:-]*:[/][/]/;
const URL_HOST = /^[A-Za-z0-9._,*-]*(:[0-9]+)?(,[A-Za-z0-9._-]+(:[0-9]+)?)*$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_.:-]*$/;

/** A name in small letters, with `-` for whatever else is no letter and no digit. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}

const secretName = new RegExp(SECRET_NAME);
const noSecretName = new RegExp(NO_SECRET_NAME);
const filedName = new RegExp(FILED_NAME);
const userName = new RegExp(USER_NAME);
const releaseName = new RegExp(RELEASE_NAME);

/** Whether the value of an option, a variable or a label of this name is a secret. */
export function isSecretName(name: string): boolean {
  const plain = plainName(name);
  return secretName.test(plain) && !noSecretName.test(plain);
}

/** The placeholder in the form that is told; undefined for anything else. */
export function placeholder(text: string): string | undefined {
  const match = PLACEHOLDER.exec(text);
  return match === null ? undefined : `‹hidden${match[1] ?? match[2] ?? ''}›`;
}

/** What stands for this value. */
export function hide(value: string): string {
  return placeholder(value) ?? HIDDEN;
}

/**
 * Capitals, small letters and digits in no order, or 16 characters or more of letters with digits
 * among them: drawn and not written. A run of small letters with a number behind it is a name.
 */
export function isRandom(text: string): boolean {
  return text.split(/[^A-Za-z0-9]+/).some((run) => run.length >= 8 && isRandomRun(run));
}

function isRandomRun(run: string): boolean {
  if (run.length > 64) return true;
  if (!/[0-9]/.test(run) || !/[A-Za-z]/.test(run)) return false;
  const turns = kinds(run);
  if (run.length >= 16 && turns > 3) return true;
  return /[A-Z]/.test(run) && /[a-z]/.test(run) && /[0-9].*[0-9]/.test(run) && turns > run.length / 2;
}

/** How often a run changes between capitals, small letters and digits. */
function kinds(run: string): number {
  const kind = (character: string): number => (character <= '9' ? 1 : character <= 'Z' ? 2 : 3);
  let turns = 0;
  for (let at = 1; at < run.length; at += 1) if (kind(run[at] ?? '') !== kind(run[at - 1] ?? '')) turns += 1;
  return turns;
}

/** Words of the vocabulary, also several joined by punctuation, and numbers among them. */
export function isWords(value: string): boolean {
  if (value.length > 80) return false;
  if (/^[A-Za-z]$/.test(value)) return true;
  const pieces = value.toLowerCase().split(/[-_.:,/+]/);
  const isWord = (piece: string): boolean => WORDS.has(piece) || (piece.endsWith('s') && WORDS.has(piece.slice(0, -1)));
  return pieces.some(isWord) && pieces.every((piece) => piece === '' || isWord(piece) || (piece.length <= 5 && /^v?[0-9]+$/.test(piece)));
}

/** A component of a path: a name, not something drawn. */
function isComponent(component: string): boolean {
  return (COMPONENT.test(component) || SCOPE.test(component) || UNIT.test(component)) && !isRandom(component);
}

function isPath(value: string): boolean {
  if (value === '~' || VARIABLE_HEAD.test(value)) return value === '~' || isPath(value.replace(VARIABLE_HEAD, '/'));
  return PATH_HEAD.test(value) && !value.startsWith('//') && value.split('/').every(isComponent);
}

/** Paths joined by `:`, as in `-v /srv:/data:ro` and in a class path. */
function isPaths(value: string): boolean {
  const parts = value.split(':');
  return isPath(parts[0] ?? '') && parts.every((part) => isPath(part) || isWords(part) || isFile(part) || isNumber(part));
}

/** A file by its ending, with or without directories before it. */
function isFile(value: string): boolean {
  const components = value.split('/');
  return FILE.test(components.at(-1) ?? '') && components.every(isComponent);
}

/** `host`, `host:port`, `image:version`. Where a user is named it may be `user:password`. */
function isHost(value: string, name: string): boolean {
  if (LOCAL.test(value) || DOTTED.test(value) || CLASS.test(value) || IPV6.test(value) || EC2_NAME.test(value)) return !isRandom(value);
  return NAME_PORT.test(value) && !userName.test(plainName(name)) && !isRandom(value);
}

/** Whether the value is harmless by its form, whoever says it. */
export function isHarmless(value: string, name = ''): boolean {
  if (value.length > LONGEST) return false;
  if (placeholder(value) !== undefined) return true;
  if (value.length <= 40 && isNumber(value)) return true;
  return (
    value === '' ||
    SCHEDULE.test(value) ||
    (value.length <= 3 && PUNCTUATION.test(value)) ||
    DATE_FORMAT.test(value) ||
    VARIABLE.test(value) ||
    isWords(value) ||
    isPaths(value) ||
    isFile(value) ||
    isHost(value, name) ||
    (COMMIT.test(value) && value.length <= 64 && releaseName.test(plainName(name)))
  );
}

/**
 * A component of a URL's path: its form does not say that it is none, and hooks carry their secret
 * there.
 */
function shownComponent(component: string): string {
  const isPlain =
    component === '' ||
    isWords(component) ||
    (component.length <= 20 && isNumber(component)) ||
    (FILE.test(component) && !isRandom(component));
  return isPlain ? component : hide(component);
}

/** Numbers with a unit, lists and ranges of them, addresses, versions, dates and times. */
function isNumber(value: string): boolean {
  const text = value.toLowerCase();
  return NUMBER.test(text) || VERSION.test(text) || MOMENT.test(text);
}

/** The path of a URL, with its query and fragment. */
export function shownUrlPath(text: string): string {
  if (text === '-') return text; // not asked for
  const at = text.search(/[?#;]/);
  const path = (at < 0 ? text : text.slice(0, at)).split('/').map(shownComponent).join('/');
  if (at < 0) return path;
  const query = text.slice(at + 1);
  const separator = query.includes('&') ? '&' : query.includes(';') ? ';' : '&';
  return `${path}${text[at] ?? ''}${query
    .split(separator)
    .map((pair) => shown(pair))
    .join(separator)}`;
}

function shownUrl(value: string): string {
  const [head = ''] = URL_HEAD.exec(value) ?? [];
  const rest = value.slice(head.length);
  const at = rest.lastIndexOf('@');
  const user = at < 0 ? '' : `${hide(rest.slice(0, at))}@`;
  const behind = rest.slice(at + 1);
  const end = behind.search(/[/?#;]/);
  const host = end < 0 ? behind : behind.slice(0, end);
  const shownHost = (URL_HOST.test(host) || IPV6.test(host) || VARIABLE.test(host)) && !isRandom(host) ? host : hide(host);
  return `${head}${user}${shownHost}${end < 0 ? '' : shownUrlPath(behind.slice(end))}`;
}

/** A name that may stand before a value: not itself something drawn, nor base64 with its `=`. */
function isName(name: string, value: string): boolean {
  return name.length <= 64 && NAME.test(name) && value !== '' && !value.startsWith('=') && !isRandom(name);
}

/** A secret's value in full, but for a path where secrets of this name are files. */
function isSecretValue(name: string, value: string): boolean {
  return isSecretName(name) && !(filedName.test(plainName(name)) && (isPath(value) || isFile(value)));
}

/**
 * What may be told of the value of an option, a variable or a label of this name: the value, parts
 * of it, or `HIDDEN`.
 */
export function shownValue(name: string, value: string): string {
  if (value === '') return '';
  return isSecretValue(name, value) ? hide(value) : shown(value, name);
}

/** What may be told of a value. `name`: whose value it is, where that is known. */
export function shown(value: string, name = ''): string {
  if (isHarmless(value, name)) return placeholder(value) ?? value;
  if (value.length > LONGEST) return HIDDEN;
  if (value.includes(' ')) return shownPhrase(value, name);
  if (URL_HEAD.test(value)) return shownUrl(value);
  const at = value.indexOf('=');
  if (at > 0 && !/[,;]/.test(value.slice(0, at)) && isName(value.slice(0, at), value.slice(at + 1))) {
    const key = value.slice(0, at);
    const rest = value.slice(at + 1);
    if (/[,;]/.test(rest) && !isSecretName(key)) return shownList(value, name);
    return `${key}=${shownValue(key, rest)}`;
  }
  if (/[,;]/.test(value)) return shownList(value, name);
  if (value.includes('/') && PATH_HEAD.test(value) && !value.startsWith('//')) return shownPath(value);
  const user = value.lastIndexOf('@');
  const host = value.slice(user + 1);
  if (user > 0 && host !== '' && isHost(host, '')) return `${hide(value.slice(0, user))}@${host}`;
  return hide(value);
}

/** Several words are told when each of them may be, and none says that a secret follows. */
function shownPhrase(value: string, name: string): string {
  const words = value.split(' ');
  const isPlain = (word: string): boolean =>
    word === '' || (isHarmless(word, name) && !isSecretName(word)) || placeholder(word) !== undefined;
  return words.every(isPlain) ? value : HIDDEN;
}

/**
 * A list is told part by part. A secret may hold a comma itself: what follows it is a part of its
 * own, and hidden unless harmless.
 */
function shownList(value: string, name: string): string {
  const separator = /[,;]/.exec(value)?.[0] ?? ',';
  return value
    .split(separator)
    .map((part) => (part === '' ? '' : shown(part, name)))
    .join(separator);
}

/** A path whose components are told one by one. */
function shownPath(value: string): string {
  return value
    .split('/')
    .map((component) => (isComponent(component) ? component : hide(component)))
    .join('/');
}
