/**
 * One round as a script for another host: curl of each target, each on a fresh connection, and what
 * it prints as samples. Pure. docs/decisions/0029-sweep-from-another-host.md says why curl over Run
 * Command, and not a tunnel.
 */
import { isIP } from 'node:net';
import type { ProbeGroup, ProbePlan, ProbeReport, Sample, SampleError, SamplePhases } from '../../core/model';
import { INSPECTION_PARAMETERS } from '../../lambda/inspect/document';
import { hostAndPort } from '../../lambda/probe/host-and-port';
import { parseMatcher } from '../../lambda/probe/matcher';

/** GetCommandInvocation gives 24,000 characters of output (API reference); a line has up to 60. */
const MOST_LINES = 380;
const FEWEST_SAMPLES = 3;
/** Between two probes of one target: the gap of the deployed prober. */
const GAP_S = '0.1';

export const HEADER = 'sickbay-sweep 1';

const ONE_SAMPLE = [
  '    head=""; [ "$5" = HEAD ] && head=-I',
  "    line=$(curl -s -k $head --http1.1 --noproxy '*' -o /dev/null --max-time \"$4\" -H \"Host: $6\" -H 'Connection: close' -A 'Sickbay-Prober/1 (curl)' \\",
  '      -w \'%{http_code} %{time_connect} %{time_appconnect} %{time_starttransfer} %{time_total}\' "$7")',
  '    status=$?',
  '    echo "S $1 $2 $status $line"',
];

interface Lane {
  readonly groupIndex: number;
  readonly targetIndex: number;
  readonly url: string;
  readonly host: string;
  readonly group: ProbeGroup;
}

/**
 * The script, and how long it may take, in seconds.
 * @throws RangeError for a plan that does not fit, and for a value that a shell might take for more
 * than data
 */
export function curlScript(plan: ProbePlan): { readonly script: string; readonly limitS: number } {
  const lanes = lanesOf(plan);
  const most = Math.floor(MOST_LINES / Math.max(1, lanes.length));
  if (most < FEWEST_SAMPLES)
    throw new RangeError(
      `${lanes.length} targets; allowed over Run Command: ${Math.floor(MOST_LINES / FEWEST_SAMPLES)}, for its output is cut at 24,000 characters`,
    );
  const windowS = Math.ceil(plan.startWindowMs / 1000);
  const timeoutS = Math.max(1, ...plan.groups.map(({ timeoutMs }) => timeoutMs / 1000));
  const script = [...head(windowS), ...lanes.map((lane) => laneCall(lane, most)), 'wait', ''].join('\n');
  if (script.includes('{{')) throw new RangeError('a probe path or host with "{{", which Systems Manager would replace');
  return { script, limitS: Math.ceil(windowS + timeoutS + 15) };
}

/** What stands before the lanes, with the function that measures one. */
function head(windowS: number): string[] {
  return [
    '#!/bin/sh',
    'command -v curl >/dev/null 2>&1 || { echo "no curl on this host"; exit 0; }',
    `echo '${HEADER}'`,
    'began=$(date +%s)',
    'lane() { # group target samples limit-s method host url',
    '  n=0',
    `  while [ "$n" -lt "$3" ] && [ $(($(date +%s) - began)) -lt ${windowS} ]; do`,
    ...ONE_SAMPLE,
    `    n=$((n + 1)); sleep ${GAP_S}`,
    '  done',
    '}',
  ];
}

function laneCall({ groupIndex, targetIndex, group, host, url }: Lane, most: number): string {
  const samples = Math.min(most, group.targets[targetIndex]?.samples ?? FEWEST_SAMPLES);
  return `lane ${groupIndex} ${targetIndex} ${samples} ${group.timeoutMs / 1000} ${group.method} '${host}' '${url}' &`;
}

function lanesOf({ groups }: ProbePlan): Lane[] {
  const other = groups.find(({ version }) => version !== undefined);
  if (other !== undefined)
    throw new RangeError(
      `${other.groupArn} is spoken to in ${other.version}; allowed over Run Command: HTTP1, for not every curl has the others`,
    );
  return groups.flatMap((group, groupIndex) =>
    group.targets.map(({ target, address }, targetIndex) => {
      if (isIP(address) === 0) throw new RangeError(`target ${target.id}: got address ${JSON.stringify(address)}, allowed an IP address`);
      const place = hostAndPort(address, group.port ?? target.port);
      const path = bound('probePath', group.path);
      const host = group.hostHeader === undefined ? place : bound('hostHeader', group.hostHeader);
      return { groupIndex, targetIndex, group, host, url: `${group.protocol.toLowerCase()}://${place}${path}` };
    }),
  );
}

/** Held against the pattern of the deployed inspection, which no quote and no `$` passes. */
function bound(name: 'probePath' | 'hostHeader', value: string): string {
  const { allowedPattern } = INSPECTION_PARAMETERS[name];
  if (new RegExp(allowedPattern).test(value) && !/['\\]/.test(value)) return value;
  throw new RangeError(
    `${name === 'probePath' ? '--path' : '--host'}: got ${JSON.stringify(value)}; allowed on another host: ${allowedPattern}`,
  );
}

/**
 * What the script printed, as the prober's report. A line that is none of its own is left out.
 * @throws Error where the host could not run it
 */
export function curlReport(plan: ProbePlan, stdout: string, startedAt: number, endedAt: number): ProbeReport {
  if (!stdout.includes(HEADER))
    throw new Error(stdout.includes('no curl') ? 'curl is not installed there' : 'the script did not run there');
  const samples = samplesOf(plan, stdout);
  return {
    v: 1,
    startedAt,
    endedAt,
    groups: plan.groups.map(({ groupArn }, index) => ({ groupArn, samples: samples[index] ?? [] })),
    // Nothing there measures the host itself: what it delays is taken for the targets'.
    prober: { ok: true, controlMs: 0, busyFraction: 0 },
  };
}

/** Of each group of the plan, in its order. */
function samplesOf(plan: ProbePlan, stdout: string): Sample[][] {
  const samples = plan.groups.map((): Sample[] => []);
  for (const line of stdout.split('\n')) {
    const found = /^S (\d+) (\d+) (\d+) (\d{3}) ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)$/.exec(line.trim());
    if (found === null) continue;
    const [groupIndex = 0, targetIndex = 0, exit = 0, status = 0, ...times] = found.slice(1).map(Number);
    const group = plan.groups[groupIndex];
    const target = group?.targets[targetIndex]?.target;
    if (group === undefined || target === undefined) continue;
    const mine = samples[groupIndex] ?? [];
    mine.push({ target, offsetMs: 0, ...measured(group, { exit, status, times }) });
  }
  return samples;
}

interface Ended {
  readonly exit: number;
  readonly status: number;
  readonly times: readonly number[];
}

function measured(
  group: ProbeGroup,
  ended: Ended,
): { readonly latencyMs: number; readonly phases: SamplePhases } | { readonly error: SampleError } {
  const error = errorOf(group, ended);
  if (error !== undefined) return { error };
  const [connectMs = 0, tlsMs = 0, firstMs = 0, totalMs = 0] = ended.times.map((seconds) => Math.round(seconds * 1e6) / 1e3);
  const secured = Math.max(connectMs, tlsMs);
  return {
    latencyMs: totalMs,
    phases: { connectMs, ...(tlsMs > 0 ? { tlsMs: tlsMs - connectMs } : {}), waitMs: firstMs - secured, bodyMs: totalMs - firstMs },
  };
}

/** Exit codes of curl (curl(1), "EXIT CODES"). */
const KINDS: Readonly<Record<number, SampleError['kind']>> = {
  7: 'refused',
  18: 'reset',
  28: 'timeout',
  35: 'tls',
  52: 'reset',
  55: 'reset',
  56: 'reset',
  60: 'tls',
};

function errorOf(group: ProbeGroup, { exit, status, times }: Ended): SampleError | undefined {
  if (exit !== 0) {
    // Without a connection curl leaves the time of it at 0.
    return { kind: KINDS[exit] ?? 'protocol', phase: exit === 7 || (times[0] ?? 0) === 0 ? 'connect' : 'wait' };
  }
  return parseMatcher(group.matcher)(status) ? undefined : { kind: 'status', status };
}
