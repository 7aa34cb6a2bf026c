/**
 * What a host printed, row by row (docs/redaction.md, "Rows"): every column that may hold
 * somebody's words is read by the rules of its kind.
 */
import { shownCron, shownLine, shownOptionLine, shownText } from './command';
import { hide, isRandom, placeholder, shown, shownUrlPath, shownValue } from './values';
import { LABEL_NAME } from './words';

const labelName = new RegExp(LABEL_NAME);
const LABEL_VALUE = /^[A-Za-z0-9 _.:/*<>()+-]*$/;
const PLAIN = /^[\]A-Za-z0-9 _.,:;/@<>()[{}*+#~=%?!|‹›-]*$/;
const LONGEST_PLAIN = 200;
const BARE_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]* [-+0-9.eEnNaAIif ]+$/;
const METRIC_HEAD = /^[a-zA-Z_:][a-zA-Z0-9_:]*[{]$/;
const METRIC_LABEL = /^ *([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(,?)/;
const METRIC_TAIL = /^[}] +[-+0-9.eEnNaAIif ]+$/;

/** A name that the system or a program gives: of a process, a thread, a user, a mount. */
function plain(text: string): string {
  return text.length <= LONGEST_PLAIN && PLAIN.test(text) && !isRandom(text) ? text : hide(text);
}

function shownLabel(name: string, value: string): string {
  const isQuery = /^(path|route|handler|uri)$/.test(name) && value.includes('?');
  const isNamed = labelName.test(name) && value.length <= 60 && LABEL_VALUE.test(value) && !isRandom(value) && !isQuery;
  return placeholder(value) ?? (isNamed ? value : shownValue(name, value));
}

/** A line of the Prometheus text format. What is none is prose. */
export function shownMetric(line: string): string {
  const brace = line.indexOf('{');
  if (brace < 0) return BARE_METRIC.test(line) ? line : shownText(line);
  const head = line.slice(0, brace + 1);
  if (!METRIC_HEAD.test(head)) return shownText(line);
  const labels: string[] = [];
  let rest = line.slice(brace + 1);
  for (let match = METRIC_LABEL.exec(rest); match !== null; match = METRIC_LABEL.exec(rest)) {
    const [whole, name = '', value = '', comma = ''] = match;
    labels.push(`${name}="${shownLabel(name, value).replaceAll(/["\\]/g, '?')}"${comma}`);
    rest = rest.slice(whole.length);
  }
  return METRIC_TAIL.test(rest) ? `${head}${labels.join('')}${rest}` : `malformed ${hide(rest)}`;
}

/** What the application is and was configured with. */
function shownFact(key: string, value: string): string {
  if (/^(env:.*(OPTS?|OPTIONS)|heap)$/.test(key)) return shownOptionLine(value);
  if (key.startsWith('env:')) return shownValue(key.slice(4), value);
  if (key === 'module') return plain(value);
  if (key.startsWith('file:')) return shownValue('version', value);
  return shown(value);
}

/** Columns of a row, the type first. */
type Columns = readonly string[];
type RowRule = (columns: Columns) => string[];

function last(columns: Columns, rule: (value: string, columns: Columns) => string): string[] {
  return columns.map((value, index) => (index > 0 && index === columns.length - 1 ? rule(value, columns) : plain(value)));
}

function shownSample([type = '', sample = '', ...rest]: Columns): string[] {
  return [type, shownMetric(sample), ...rest.map(shownText)];
}

/**
 * Row types whose columns hold more than names and numbers. The host's arguments were joined, so
 * that a command is read as a line.
 */
const RULES: Readonly<Record<string, RowRule>> = {
  proc: (columns) => last(columns, shownLine),
  cron: (columns) => last(columns, (line, [, , user = '']) => shownCron(line, user)),
  app: (columns) => last(columns, (value, [, , key = '']) => shownFact(key, value)),
  m: shownSample,
  before: shownSample,
  http: (columns) => columns.map((value, index) => (index === 2 ? shownUrlPath(value) : plain(value))),
  param: (columns) => last(columns, (value, [, key = '']) => (key.endsWith('Path') ? shownUrlPath(value) : plain(value))),
};

const HEADER = /^sickbay-inspection [0-9]+$/;
const SECTION = /^(## [a-z]+ [a-z]+)(?: (.*))?$/;
const ROW = /^[a-z]+\t/;

/**
 * One line of a host's output, of which only the harmless is left. Idempotent; tabs stay where they
 * are.
 */
export function shownRow(line: string): string {
  if (line === '' || HEADER.test(line)) return line;
  const section = SECTION.exec(line);
  if (section !== null) return section[2] === undefined ? line : `${section[1] ?? ''} ${shownText(section[2])}`;
  if (!ROW.test(line)) return line.split('\t').map(shownText).join('\t');
  const columns = line.split('\t');
  const type = columns[0] ?? '';
  return ((Object.hasOwn(RULES, type) ? RULES[type] : undefined)?.(columns) ?? columns.map(plain)).join('\t');
}
