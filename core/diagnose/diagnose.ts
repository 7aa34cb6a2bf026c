import { isLead, type Diagnosis, type Finding, type HostCapture } from '../model';
import { checkable } from './checks';
import { leadsOf, unexplained } from './differences';
import type { Inspection } from './inspection';
import { comparable } from './machine';
import { notes } from './notes';
import { parseInspection } from './parse';
import { isFull } from './pool-evidence';
import { poolReadings, type PoolMetricNames } from './pools';
import { busyFraction } from './readings';
import { RULES } from './rules/table';
import { taskNotes } from './task';
import type { View } from './view';
import { isOfOneWorker, workerPools } from './workers';

export interface DiagnosisInput {
  readonly sick: HostCapture;
  readonly peers: readonly HostCapture[];
  /** The user's own names of the pool's metrics. */
  readonly poolMetrics?: PoolMetricNames;
  readonly now: number;
}

/** Host names, the same for every order of the input. */
function byHost(a: { readonly host: string }, b: { readonly host: string }): number {
  return a.host < b.host ? -1 : Number(a.host > b.host);
}

interface Looked {
  readonly capture: HostCapture;
  readonly inspection?: Inspection;
}

function look(capture: HostCapture): Looked {
  const inspection = parseInspection(capture);
  return inspection === undefined ? { capture } : { capture, inspection };
}

function whyNot({ capture, inspection }: Looked): { host: string; why: string }[] {
  if ('notInspectable' in capture) return [{ host: capture.host, why: capture.notInspectable }];
  if (inspection !== undefined) return [];
  return [
    { host: capture.host, why: capture.stdout.trim() === '' ? 'it printed nothing' : 'what it printed is no inspection of version 1' },
  ];
}

function overNetworkOf({ inspection }: Looked): { host: string; why: string }[] {
  return inspection?.overNetwork === undefined ? [] : [{ host: inspection.host, why: inspection.overNetwork }];
}

function cpuOf(hosts: readonly Inspection[]): { host: string; busyFraction: number }[] {
  return hosts.flatMap((inspection) => {
    const busy = busyFraction(inspection);
    return busy === undefined ? [] : [{ host: inspection.host, busyFraction: busy }];
  });
}

/** Of the nineteen sections of an inspection a page is one. */
const OF_A_PAGE = 0.06;

/**
 * Share of what the sick host should have shown that it did show: how much "nothing differs" is
 * worth.
 */
function seen(sick: Inspection | undefined): number {
  if (sick?.overNetwork !== undefined) return OF_A_PAGE;
  const sections = [...(sick?.sections.values() ?? [])];
  return sections.length === 0 ? 0 : Math.round((sections.filter(({ status }) => status === 'ok').length / sections.length) * 100) / 100;
}

function unknown(summary: string, sick?: Inspection): Finding {
  return { cause: 'unknown', confidence: Math.min(0.97, seen(sick)), evidence: [summary], against: [] };
}

/** The findings; where there is none, the leads. */
function ranked(view: View): Finding[] {
  const told = RULES.flatMap((rule) => rule(view) ?? []).sort((a, b) => b.confidence - a.confidence);
  const findings = told.filter((one) => !isLead(one));
  return (findings.length > 0 ? findings : told).map((one) => checkable(one, view));
}

function noneKnown(view: View, different: number): Finding {
  const summary =
    different === 0
      ? `nothing that ${view.sick.overNetwork === undefined ? 'was inspected' : 'its metrics page tells'} differs but the latency`
      : `no known cause: ${different === 1 ? 'one difference is listed, which does' : `${different} differences are listed, which do`} not explain it`;
  return unknown(summary, view.sick);
}

function viewOf(sick: Inspection, peers: readonly Inspection[], input: DiagnosisInput): View {
  const told = poolReadings(sick, peers, input.poolMetrics);
  const own = told.find(({ host }) => host === sick.host);
  // One worker with room in its pool says nothing of the others: then the sockets decide.
  const tells = own !== undefined && (isFull(own) || !isOfOneWorker(sick));
  const pools = tells ? told : workerPools(sick, peers);
  const sickPool = pools.find(({ host }) => host === sick.host);
  return {
    sick,
    peers,
    alike: comparable(sick, peers),
    now: input.now,
    ...(sickPool === undefined ? {} : { sickPool }),
    ...(tells ? {} : { isOfWorkers: true }),
    peerPools: pools.filter(({ host }) => host !== sick.host),
  };
}

/**
 * Why the sick host is slow, best first: what the rules make of its differences from its peers.
 * Never empty: `unknown` when nothing differs. The order of the peers does not matter. Never throws
 * on anything a host may print.
 */
export function diagnose(input: DiagnosisInput): Diagnosis {
  const looked = [input.sick, ...[...input.peers].sort(byHost)].map(look);
  const sick = looked[0]?.inspection;
  const peers = looked.slice(1).flatMap(({ inspection }) => inspection ?? []);
  const tasks = taskNotes(input.sick, input.peers, input.now);
  const overNetwork = looked.flatMap(overNetworkOf);
  const shared = {
    notInspectable: looked.flatMap(whyNot),
    ...(overNetwork.length === 0 ? {} : { overNetwork }),
    pools: poolReadings(sick, peers, input.poolMetrics),
    cpu: cpuOf([...(sick === undefined ? [] : [sick]), ...peers]),
  };
  if (sick === undefined) return { ...shared, findings: [unknown('the sick host could not be inspected')], differences: [], notes: tasks };
  if (peers.length === 0)
    return { ...shared, findings: [unknown('no peer was inspected: there is nothing to compare with')], differences: [], notes: tasks };
  const view = viewOf(sick, peers, input);
  const known = ranked(view);
  const found = known.length > 0 ? known : leadsOf(view).map((one) => checkable(one, view));
  const left = unexplained(view, found);
  return {
    ...shared,
    findings: found.length > 0 ? found : [noneKnown(view, left.length)],
    differences: left,
    notes: [...tasks, ...notes(view)],
  };
}
