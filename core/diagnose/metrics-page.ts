/**
 * A metrics page in the form of an inspection, of which only the harmless is left: what the host's
 * own script makes of one (lambda/inspect/host/awk/metrics.awk), for pages that were read over the
 * network. test/lambda/probe/page-like-the-host.host.test.ts holds the two together.
 */
import { redactRow } from './redact';

/** Of one look at a page. */
export interface PageLook {
  /** When it was asked for, by a clock that only goes forward. */
  readonly atMs: number;
  readonly status: number;
  readonly ms: number;
  readonly bytes: number;
  readonly text: string;
}

const SAMPLE = /^[a-zA-Z_:][a-zA-Z0-9_:]*(?:[{].*[}])? +[-+0-9NI]/;
const LONGEST_LINE = 400;
/** Samples of one class: a page may have thousands. */
const MOST_OF_A_CLASS = 60;
/** Characters of all rows. A whole inspection has 20,000 bytes. */
const ROOM = 15_000;
/** And of the counters of the look before. */
const ROOM_BEFORE = 3_000;

const POOL = /pool|hikari|jdbc|go_sql|pgbouncer|db_client|db_conn|sqlalchemy|active_record/;
const RELEASE = /build_info|version|_info$/;
const RUNTIME = /eventloop|event_loop|gc_pause|gc_duration|jvm_memory|process_|threads|goroutines|queue|waiting|pending/;

function familyOf(line: string): string {
  return line.replace(/[{ ].*$/, '');
}

/** What was asked for, pool, release and run-time families first. */
function classOf(family: string, wanted: ReadonlySet<string>): number {
  const name = family.toLowerCase();
  if (wanted.has(family)) return 0;
  if (POOL.test(name)) return 1;
  if (RELEASE.test(name)) return 2;
  return RUNTIME.test(name) ? 3 : 4;
}

/** The samples worth telling, the most telling first, and how many were left out. */
function samplesOf(text: string, wanted: ReadonlySet<string>): { readonly lines: readonly string[]; readonly lost: number } {
  const classes: string[][] = [[], [], [], [], []];
  let lost = 0;
  for (const line of text.split(/\r?\n/)) {
    const family = familyOf(line);
    if (!SAMPLE.test(line) || family.endsWith('_bucket') || line.length > LONGEST_LINE) continue;
    const lines = classes[classOf(family, wanted)] ?? [];
    if (lines.length < MOST_OF_A_CLASS) lines.push(line);
    else lost += 1;
  }
  return { lines: classes.flat(), lost };
}

/**
 * The page as an inspection with the sections `http` and `metrics`, at most 20,000 characters.
 * `before`: the look at it before, of which the counters of pools and processes are told, too;
 * `wanted`: names that are told before all others.
 */
export function pageInspection(look: PageLook, before: PageLook, wanted: readonly string[]): string {
  const timing = redactRow(`http\tmetrics\t-\t${look.status}\t${Math.round(look.ms)}\t${look.bytes}\tprober`);
  const told = look.status === 200 ? told200(look, before, new Set(wanted)) : [`## metrics failed status ${look.status}`];
  return ['sickbay-inspection 1', '## http ok', timing, ...told, '## end ok', ''].join('\n');
}

function told200(look: PageLook, before: PageLook, wanted: ReadonlySet<string>): string[] {
  const { lines, lost } = samplesOf(look.text, wanted);
  if (lines.length === 0) return ['## metrics failed not the Prometheus text format'];
  const rows = lines.map((line) => redactRow(`m\t${line}`));
  const kept = fitting(rows, ROOM);
  const left = lost + rows.length - kept.length;
  const counters = before.status === 200 ? countersOf(before.text).map((line) => redactRow(`before\t${line}`)) : [];
  const betweenMs = redactRow(`self\tbetweenMs\t${Math.round(look.atMs - before.atMs)}`);
  const status = left === 0 ? '## metrics ok' : `## metrics cut ${left} samples`;
  return [status, ...kept, betweenMs, ...fitting(counters, ROOM_BEFORE)];
}

/** What a second look is compared by. */
const COUNTER = /_count$|^process_cpu_seconds_total$|^jvm_gc_pause_seconds_sum$/;

function countersOf(text: string): string[] {
  const { lines } = samplesOf(text, new Set());
  return lines.filter((line) => {
    const family = familyOf(line);
    return COUNTER.test(family) && (POOL.test(family) || /conn/.test(family) || /^process_|^jvm_gc_pause_/.test(family));
  });
}

function fitting(rows: readonly string[], most: number): string[] {
  let room = most;
  return rows.filter((row) => {
    room -= row.length + 1;
    return room >= 0;
  });
}
