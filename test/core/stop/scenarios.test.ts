/**
 * test/stop-scenarios/: prose, what is other than in order, and what comes of it. With
 * `UPDATE=1` the last part is written anew.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Blocked, ProcessIdentity, Stop, StopAllowed, StopPlan, TargetCase } from '../../../core/model';
import { allowedBy } from '../../../core/stop/allowed';
import { planOf, type Reading, type StopCandidate } from '../../../core/stop/candidate';
import { evaluateStop, failedOf } from '../../../core/stop/checks';
import { decisionTo } from '../../builders/decisions';
import { NOW } from '../../builders/now';
import { roundOf, verdict } from '../../builders/rounds';
import { PLAN, candidateOf, incidentOf, stopOf } from './candidate-builder';
import { parsed } from '../../builders/parsed';

const FOLDER = path.join(__dirname, '../../stop-scenarios');
type Values = Readonly<Record<string, unknown>>;

/** `null` takes a field away; an object changes the fields that it names. */
function merged<Part>(part: Part, change: unknown): Part {
  return changed(part, change) as Part;
}

function changed(part: unknown, change: unknown): unknown {
  if (change === null || typeof change !== 'object' || Array.isArray(change)) return change;
  const before = new Map(Object.entries(part ?? {}));
  for (const [key, value] of Object.entries(change))
    if (value === null) before.delete(key);
    else before.set(key, changed(before.get(key), value));
  return Object.fromEntries(before);
}

/** `!why` could not be read. */
function reading<Value>(text: string): Reading<Value> {
  return text.startsWith('!') ? { unread: text.slice(1) } : { value: parsed<Value>(text) };
}

interface Earlier extends Partial<Stop> {
  readonly agoS: number;
  readonly approvedAgoS?: number;
  readonly digest?: string;
}

function earlier({ agoS, approvedAgoS, digest, ...fields }: Earlier): Stop {
  const plan: StopPlan = digest === undefined ? PLAN : { ...PLAN, digest: digest.repeat(64) };
  return stopOf({
    ...fields,
    plan,
    proposedAt: NOW - agoS * 1000,
    ...(approvedAgoS === undefined ? {} : { approvedAt: NOW - approvedAgoS * 1000 }),
  });
}

const SET: Readonly<Record<string, (candidate: StopCandidate, text: string) => StopCandidate>> = {
  allow: (candidate, text) => ({ ...candidate, allow: parsed<StopAllowed[]>(text) }),
  allowed: (candidate, text) => ({ ...candidate, allow: candidate.allow.map((entry) => merged(entry, JSON.parse(text))) }),
  stopSwitch: (candidate, text) => ({ ...candidate, stopSwitch: parsed<StopCandidate['stopSwitch']>(text) }),
  stop: (candidate, text) => ({ ...candidate, stops: [...candidate.stops, earlier(parsed<Earlier>(text))] }),
  unreadable: (candidate, text) => ({ ...candidate, unreadable: parsed<string[]>(text) }),
  incident: (candidate, text) => withIncident(candidate, merged(candidate.incident, JSON.parse(text))),
  finding: (candidate, text) => withFinding(candidate, { ...JSON.parse(text), culprit: null }),
  culprit: (candidate, text) => withFinding(candidate, { culprit: JSON.parse(text) }),
  second: (candidate, text) => withSecond(candidate, parsed<Values>(text)),
  blocked: (candidate, text) => withIncident(candidate, { ...candidate.incident, decision: keptFor(parsed<Blocked[]>(text)) }),
  verdict: (candidate) => ({
    ...candidate,
    round: roundOf({
      groupArn: candidate.incident.groupArn,
      verdicts: [verdict(`${candidate.incident.target.id}:8080`, { verdict: 'convicted' })],
    }),
  }),
  restoring: (candidate) =>
    withIncident(candidate, {
      ...candidate.incident,
      ejections: candidate.incident.ejections.map((one) => ({ ...one, restoreIntentAt: NOW })),
    }),
  serves: (candidate, text) => ({ ...candidate, serves: reading(text) }),
  tagged: (candidate, text) => ({ ...candidate, tagged: reading(text) }),
  calendarOpen: (candidate, text) => ({ ...candidate, calendarOpen: reading(text) }),
  peersRunning: (candidate, text) => ({ ...candidate, peersRunning: reading(text) }),
  plan: (candidate, text) => ({ ...candidate, plan: planned(text) }),
  child: (candidate, text) =>
    withPlan(candidate, { tree: [PLAN.process, merged({ ...PLAN.process, pid: 4243, ppid: 4242 }, JSON.parse(text))] }),
  ancestors: (candidate, text) => withPlan(candidate, { ancestors: parsed<string[]>(text).map(ancestor) }),
  proposed: (candidate, text) => ({ ...candidate, proposed: merged(PLAN, JSON.parse(text)) }),
  other: (candidate, id) => withOther(candidate, id),
  otherCommand: (candidate, command) => withOther(candidate, 'i-9', command),
};

function planned(text: string): Reading<StopPlan | undefined> {
  if (text.startsWith('!')) return { unread: text.slice(1) };
  const change = parsed<Values | null>(text);
  if (change === null) return { value: undefined };
  const plan = merged(PLAN, change);
  return { value: { ...plan, tree: [plan.process, ...plan.tree.slice(1)] } };
}

function ancestor(executable: string): ProcessIdentity {
  return { ...PLAN.process, pid: 200, executable, command: executable };
}

function withPlan(candidate: StopCandidate, change: Partial<StopPlan>): StopCandidate {
  return { ...candidate, plan: { value: { ...PLAN, ...change } } };
}

function withIncident(candidate: StopCandidate, incident: TargetCase): StopCandidate {
  return { ...candidate, incident, openCases: [incident] };
}

function keptFor(blocked: readonly Blocked[]) {
  return { ...decisionTo('keep'), blocked };
}

function withFinding(candidate: StopCandidate, change: Values): StopCandidate {
  const { incident } = candidate;
  const [first, ...rest] = incident.diagnosis?.findings ?? [];
  return withIncident(candidate, merged(incident, { diagnosis: { findings: [merged(first, change), ...rest] } }));
}

/** Another open case, with the same finding about another command. */
function withOther(candidate: StopCandidate, id: string, command?: string): StopCandidate {
  const other = incidentOf({ id: 'case-2', target: { id, port: 8080 } });
  const { incident } =
    command === undefined ? { incident: other } : withFinding({ ...candidate, incident: other }, { culprit: { command } });
  return { ...candidate, openCases: [...candidate.openCases, incident] };
}

function withSecond(candidate: StopCandidate, culprit: Values): StopCandidate {
  const { incident } = candidate;
  const [first] = incident.diagnosis?.findings ?? [];
  return withIncident(candidate, merged(incident, { diagnosis: { findings: [first, merged(first, { culprit })] } }));
}

function rendered(candidate: StopCandidate): string {
  const failed = failedOf(evaluateStop(candidate));
  const plan = planOf(candidate);
  const entry = plan === undefined ? undefined : allowedBy(candidate.allow, plan);
  if (failed.length === 0) return `proposed: pid ${plan?.process.pid}, allowed by ${entry?.executable} ${entry?.arguments}\n`;
  return failed.map(({ check, value, limit }) => `NO ${check}: ${value}; limit: ${limit}\n`).join('');
}

function candidateIn(lines: readonly string[]): StopCandidate {
  return lines.reduce((candidate, line) => {
    const [, key = '', text = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
    const set = SET[key];
    if (set === undefined) throw new Error(`not known in a scenario: ${line}`);
    return set(candidate, text);
  }, candidateOf());
}

test.each(readdirSync(FOLDER))('%s', (file) => {
  const name = path.join(FOLDER, file);
  const [head = ''] = readFileSync(name, 'utf8').split('---\n');
  const lines = head
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
  const found = rendered(candidateIn(lines));
  if (process.env['UPDATE'] === '1') writeFileSync(name, `${head}---\n${found}`);
  expect(readFileSync(name, 'utf8').split('---\n')[1]).toBe(found);
});
