/**
 * As much of the Logs Insights query language as it takes to run real queries: filter, fields and
 * stats with arithmetic and a few functions ("Logs Insights QL commands and functions", CloudWatch
 * Logs user guide). Missing fields and texts that are no numbers are nulls; arithmetic with a null
 * is a null, and sums leave it out (I).
 */
import { AwsError } from './aws-error';

export type LogRecord = Readonly<Record<string, string | number>>;

/** One log event, and how often it was delivered. */
export interface Counted {
  readonly record: LogRecord;
  readonly copies: number;
}

export type ResultRow = { field: string; value: string }[];

type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;
type Expression = (row: Row) => Value;
interface Stage {
  readonly row: Row;
  readonly copies: number;
}
type Command = (rows: readonly Stage[]) => readonly Stage[];

/** A parsed query. @throws AwsError MalformedQueryException, as StartQuery does. */
export function compile(queryString: string): (events: readonly Counted[]) => ResultRow[] {
  const commands = pipes(queryString).map(command);
  return (events) => {
    const first: readonly Stage[] = events.map(({ record, copies }) => ({ row: record, copies }));
    const last = commands.reduce((rows, run) => run(rows), first);
    return last.map(({ row }) =>
      Object.entries(row).flatMap(([field, value]) => (value === null ? [] : [{ field, value: String(value) }])),
    );
  };
}

function malformed(what: string): AwsError {
  return new AwsError('MalformedQueryException', `unexpected symbol found: ${what}`);
}

/** Split at the pipes that are in no quotes. */
function pipes(text: string): string[] {
  return (text.match(/(?:"[^"]*"|[^|"])+/g) ?? []).map((part) => part.trim());
}

function command(text: string): Command {
  const [, name = '', rest = ''] = /^(\w+)\s+([\s\S]*)$/.exec(text) ?? [];
  if (name === 'filter') {
    const holds = new Parser(rest).whole((parser) => parser.condition());
    return (rows) => rows.filter(({ row }) => holds(row) === 1);
  }
  if (name === 'fields') {
    const made = new Parser(rest).whole((parser) => parser.list(() => parser.named()));
    return (rows) =>
      rows.map(({ row, copies }) => ({
        copies,
        row: made.reduce<Row>((so, { as, value }) => ({ ...so, [as]: value(so) }), row),
      }));
  }
  if (name === 'stats') return new Parser(rest).whole((parser) => parser.stats());
  throw malformed(name || text.slice(0, 20));
}

interface Aggregate {
  readonly as: string;
  readonly of: (rows: readonly Stage[]) => Value;
}

/** Recursive descent; one word or sign at a time. */
class Parser {
  private readonly tokens: string[];

  constructor(text: string) {
    this.tokens = text.match(/"[^"]*"|\d+(?:\.\d+)?|[@\w]+|[!<>]=|[-+*/(),[\]=<>]/g) ?? [];
    if (this.tokens.join('').replaceAll(/\s/g, '') !== text.replaceAll(/\s/g, '')) throw malformed(text.slice(0, 40));
  }

  whole<Result>(parse: (parser: this) => Result): Result {
    const result = parse(this);
    if (this.tokens.length > 0) throw malformed(this.tokens.join(' '));
    return result;
  }

  list<Item>(item: () => Item): Item[] {
    const items = [item()];
    while (this.took(',')) items.push(item());
    return items;
  }

  condition(): Expression {
    let left = this.comparison();
    while (this.took('and')) {
      const [one, other] = [left, this.comparison()];
      left = (row) => (one(row) === 1 && other(row) === 1 ? 1 : 0);
    }
    return left;
  }

  private comparison(): Expression {
    const left = this.expression();
    if (this.took('in')) {
      this.need('[');
      const among = this.list(() => this.expression());
      this.need(']');
      return (row) => (among.some((one) => one(row) === left(row)) ? 1 : 0);
    }
    const sign = this.tokens.shift();
    const right = this.expression();
    if (sign === '!=') return (row) => (left(row) === right(row) ? 0 : 1);
    if (sign === '=') return (row) => (left(row) === right(row) ? 1 : 0);
    throw malformed(sign ?? 'the end');
  }

  named(): { readonly as: string; readonly value: Expression } {
    const [plain = ''] = this.tokens;
    const value = this.expression();
    return { as: this.took('as') ? (this.tokens.shift() ?? '') : plain, value };
  }

  stats(): Command {
    const aggregates = this.list(() => this.aggregate());
    this.need('by');
    const keys = this.list(() => this.tokens.shift() ?? '');
    return (rows) => {
      const groups = new Map<string, Stage[]>();
      for (const stage of rows) {
        const key = JSON.stringify(keys.map((name) => stage.row[name] ?? null));
        groups.set(key, [...(groups.get(key) ?? []), stage]);
      }
      return [...groups.values()].map((members) => ({
        copies: 1,
        row: Object.fromEntries([
          ...keys.map((name) => [name, members[0]?.row[name] ?? null] as const),
          ...aggregates.map(({ as, of }) => [as, of(members)] as const),
        ]),
      }));
    };
  }

  private aggregate(): Aggregate {
    const name = this.tokens.shift();
    this.need('(');
    if (name === 'count' && this.took('*')) {
      this.need(')');
      return { as: this.alias(), of: (rows) => rows.reduce((sum, { copies }) => sum + copies, 0) };
    }
    if (name !== 'sum') throw malformed(name ?? 'the end');
    const value = this.expression();
    this.need(')');
    return { as: this.alias(), of: (rows) => rows.reduce((sum, { row, copies }) => sum + copies * (numberOf(value(row)) ?? 0), 0) };
  }

  private alias(): string {
    this.need('as');
    return this.tokens.shift() ?? '';
  }

  private expression(): Expression {
    let left = this.product();
    for (;;) {
      if (this.took('+')) left = arithmetic(left, this.product(), (a, b) => a + b);
      else if (this.took('-')) left = arithmetic(left, this.product(), (a, b) => a - b);
      else return left;
    }
  }

  private product(): Expression {
    let left = this.atom();
    for (;;) {
      if (this.took('*')) left = arithmetic(left, this.atom(), (a, b) => a * b);
      else if (this.took('/')) left = arithmetic(left, this.atom(), (a, b) => a / b);
      else return left;
    }
  }

  private atom(): Expression {
    const token = this.tokens.shift() ?? '';
    if (token === '(') {
      const inner = this.expression();
      this.need(')');
      return inner;
    }
    if (token.startsWith('"')) return () => token.slice(1, -1);
    if (/^\d/.test(token)) return () => Number(token);
    if (!/^[@\w]+$/.test(token)) throw malformed(token || 'the end');
    if (!this.took('(')) return (row) => row[token] ?? null;
    const run = FUNCTIONS[token];
    if (run === undefined) throw malformed(token);
    const values = this.list(() => this.expression());
    this.need(')');
    return (row) => run(values.map((value) => value(row)));
  }

  private took(token: string): boolean {
    if (this.tokens[0] !== token) return false;
    this.tokens.shift();
    return true;
  }

  private need(token: string): void {
    if (!this.took(token)) throw malformed(this.tokens[0] ?? 'the end');
  }
}

function numberOf(value: Value | undefined): number | null {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function arithmetic(left: Expression, right: Expression, run: (a: number, b: number) => number): Expression {
  return (row) => {
    const [a, b] = [numberOf(left(row)), numberOf(right(row))];
    return a === null || b === null ? null : run(a, b);
  };
}

function numeric(run: (...numbers: number[]) => number): (values: readonly Value[]) => Value {
  return (values) => {
    const numbers = values.map(numberOf);
    return numbers.includes(null) ? null : run(...numbers.map((one) => one ?? 0));
  };
}

const FUNCTIONS: Readonly<Record<string, (values: readonly Value[]) => Value>> = {
  floor: numeric(Math.floor),
  least: numeric(Math.min),
  greatest: numeric(Math.max),
  strcontains: ([text, part]) => (text === null || text === undefined ? null : String(text).includes(String(part)) ? 1 : 0),
  substr: ([text, from, length]) =>
    text === null || text === undefined
      ? null
      : String(text).slice(Number(from), length === undefined ? undefined : Number(from) + Number(length)),
};
