/** What a host printed, read line by line. */
import type { HostCapture } from '../model';
import { parseMetrics } from './metrics';
import { printable, redactRow } from './redact';
import { emptyDraft, type Draft } from './draft';
import { READERS } from './row-readers';
import { SECTION_STATUSES, type Inspection } from './inspection';

const HEADER = 'sickbay-inspection 1';
const MAX_LINES = 5_000;

function readSection(draft: Draft, line: string): void {
  const [, name, status, why] = /^## (\S+) (\S+)(?: (.*))?$/.exec(line) ?? [];
  const known = SECTION_STATUSES.find((one) => one === status);
  if (name === undefined || known === undefined) draft.unread += 1;
  else if (name === 'end') draft.complete = true;
  else draft.sections.set(name, { status: known, ...(why === undefined ? {} : { why }) });
}

function readLine(draft: Draft, line: string): void {
  if (line === '') return;
  if (line.startsWith('## ')) {
    readSection(draft, line);
    return;
  }
  const [type = '', ...columns] = line.split('\t');
  const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (reader?.(draft, columns) !== true) draft.unread += 1;
}

/**
 * The line with the host's own name hidden as a host hides it: alike on all hosts. Otherwise a name
 * that is a word of the vocabulary would be told, and the names of its peers would not.
 */
function withoutOwnName(line: string, hostname = ''): string {
  const names = [hostname, hostname.split('.')[0] ?? ''].filter((name) => name.length >= 3);
  if (names.length === 0 || !/^(proc|cron)\t/.test(line)) return line;
  const hidden = (word: string): string => names.reduce((rest, name) => (rest === name ? OWN_NAME : afterEquals(rest, name)), word);
  return line
    .split('\t')
    .map((column, index) => (index < 3 ? column : column.split(' ').map(hidden).join(' ')))
    .join('\t');
}

const OWN_NAME = '‹hidden:0›';

function afterEquals(word: string, name: string): string {
  return word.endsWith(`=${name}`) ? `${word.slice(0, -name.length)}${OWN_NAME}` : word;
}

/**
 * Of the captures that are still in use: the diagnosis, the status of the cause and the loads of
 * one round read the same ones, and parsing is most of their time. Neither side is ever changed.
 */
const PARSED = new WeakMap<HostCapture, Inspection>();

/**
 * What a host printed, as data. Returns undefined for a host that printed nothing, or nothing of
 * output version 1. Never throws: lines that cannot be read are counted in `unread`, and what
 * follows the end mark is ignored.
 */
export function parseInspection(capture: HostCapture): Inspection | undefined {
  const known = PARSED.get(capture);
  if (known !== undefined) return known;
  const inspection = parsed(capture);
  if (inspection !== undefined) PARSED.set(capture, inspection);
  return inspection;
}

function parsed(capture: HostCapture): Inspection | undefined {
  if (!('stdout' in capture)) return undefined;
  // The script prints printable ASCII alone; what was captured by other means may hold what a
  // terminal would obey.
  const lines = printable(capture.stdout).split(/\r?\n/).slice(0, MAX_LINES);
  const start = lines.indexOf(HEADER);
  if (start < 0) return undefined;
  const draft = emptyDraft();
  for (const line of lines.slice(start + 1)) {
    if (draft.complete) break;
    readLine(draft, redactRow(withoutOwnName(line, draft.facts.get('hostname'))));
  }
  const { host, capturedAt, overNetwork, task } = capture;
  const { before, ...read } = draft;
  return {
    host,
    capturedAt,
    ...read,
    ...(overNetwork === undefined ? {} : { overNetwork }),
    ...(task === undefined ? {} : { task }),
    ...(before.length === 0 ? {} : { metricsBefore: parseMetrics(before.join('\n')) }),
    metrics: parseMetrics(draft.metrics.join('\n')),
  };
}
