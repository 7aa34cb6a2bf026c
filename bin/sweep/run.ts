/** `sickbay sweep`: rounds, and what is printed of them. Loaded when it runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { configOf, type Config } from '../../core/config';
import { targetKey, type ProbePlan, type Round, type TargetVerdict } from '../../core/model';
import { judgement, sweepText, unreached, type SweptGroup } from '../../core/report/sweep';
import * as clients from '../../lambda/aws/clients';
import { DEFAULT_TIMEOUT_MS } from '../../lambda/discover/probe-group';
import type { Prober } from '../../lambda/ports';
import { sweep } from '../../lambda/sweep';
import { CommandError, EXIT } from '../exit';
import { resourceName } from '../operator-command';
import { byFunction, byHost, fromHere } from './probers';
import { measuring, type Measuring, type Pass } from './ports';
import { screen, type Screen } from './screen';
import { subjects, type SubjectOptions } from './subjects';

export interface SweepOptions extends SubjectOptions {
  readonly via?: string;
  readonly prober?: string | true;
  readonly watch?: number | true;
  readonly rounds?: number;
  readonly json?: true;
  readonly outputs?: string;
}

/** Between two rounds, as the deployed sweep has them. */
const WATCH_S = 60;

/** Beside a file the name of a stack is that of the prober's. */
function aboutConfig(options: SweepOptions): SubjectOptions {
  const { stack, ...rest } = options;
  return stack === undefined || (options.config !== undefined && options.prober !== undefined) ? rest : { ...rest, stack };
}

/** @throws CommandError for options that do not go together */
function checkOptions({ via, prober, rounds, watch }: SweepOptions): void {
  if (via !== undefined && prober !== undefined) throw new CommandError('got --via and --prober; allowed: one of them', EXIT.usage);
  if (rounds !== undefined && watch === undefined) throw new CommandError('--rounds: does nothing without --watch', EXIT.usage);
}

export async function runSweep(options: SweepOptions): Promise<number> {
  checkOptions(options);
  const out = await screen(options.json === true ? process.stderr : process.stdout);
  out.progress('reading target groups ...');
  const { config, from } = await subjects(clients.readLoadBalancing(), aboutConfig(options));
  if (from !== undefined) process.stderr.write(`configuration: ${from}\n`);
  const measure = measuring(await proberOf(options), (plan) => out.progress(probing(plan)));
  return watched(() => one(measure, config, options, out), options);
}

/**
 * Once without `--watch`; otherwise round after round. Answers with the exit code of the last one.
 */
async function watched(round: () => Promise<number>, { watch, rounds }: SweepOptions): Promise<number> {
  const watchS = watch === true ? WATCH_S : watch;
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  for (let done = 1; ; done++) {
    const startedAt = Date.now();
    const code = await round();
    if (watchS === undefined || done === rounds || interrupted.signal.aborted) return code;
    await pause(Math.max(0, startedAt + watchS * 1000 - Date.now()), interrupted.signal);
    if (interrupted.signal.aborted) return code;
  }
}

/** Until it is over or interrupted, which is how a watch ends. */
async function pause(ms: number, interrupted: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: interrupted });
  } catch (error) {
    if (!interrupted.aborted) throw error;
  }
}

async function proberOf({ via, prober, stack, outputs }: SweepOptions): Promise<Prober> {
  if (via !== undefined) return byHost(via);
  if (prober === undefined) return fromHere;
  const named = { ...(stack === undefined ? {} : { stack }), ...(outputs === undefined ? {} : { outputs }) };
  return byFunction(await resourceName('prober', { ...named, ...(prober === true ? {} : { prober }) }));
}

function probing({ groups }: ProbePlan): string {
  const targets = groups.reduce((sum, group) => sum + group.targets.length, 0);
  return `measuring ${targets} targets of ${groups.length} target ${groups.length === 1 ? 'group' : 'groups'}, up to 25 s ...`;
}

async function one(measure: Measuring, config: Config, options: SweepOptions, out: Screen): Promise<number> {
  await sweep(measure.ports, config, 'operator');
  const pass = measure.taken();
  const groups = pass.rounds.map((round): SweptGroup => {
    const timeoutMs = configOf(config, round.group)?.probe?.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    return { round, rounds: measure.roundsOf(round.groupArn), unreached: unreached(round, pass.reports, timeoutMs) };
  });
  if (options.json === true)
    process.stdout.write(`${JSON.stringify(asJson(groups, pass), undefined, options.watch === undefined ? 2 : 0)}\n`);
  else out.show(asText(groups, pass));
  return isFine(groups, pass) ? EXIT.fine : EXIT.findings;
}

function asText(groups: readonly SweptGroup[], { failures }: Pass): string[] {
  return [
    ...groups.flatMap((group) => [...sweepText(group), '']),
    ...failures,
    ...(groups.length === 0 ? ['no target group was measured'] : []),
  ];
}

function isFine(groups: readonly SweptGroup[], { failures }: Pass): boolean {
  return (
    groups.length > 0 &&
    failures.length === 0 &&
    groups.every(({ round, unreached: lost }) => round.fleet === 'none' && round.verdicts.length > 0 && lost.length === 0)
  );
}

function asJson(groups: readonly SweptGroup[], { failures }: Pass): object {
  return { v: 1, groups: groups.map(groupJson), failures };
}

function groupJson(group: SweptGroup): object {
  const { round } = group;
  return {
    groupArn: round.groupArn,
    name: round.group.name,
    startedAt: round.startedAt,
    rounds: group.rounds,
    fleet: round.fleet,
    judgement: judgement(group),
    targets: round.verdicts.map((verdict) => targetJson(round, verdict)),
    unreached: group.unreached,
    notes: round.notes,
  };
}

function targetJson({ addresses, lbView, samples }: Round, { key, verdict, medianMs, says }: TargetVerdict): object {
  return {
    target: key,
    address: addresses[key],
    loadBalancerSays: lbView.find(({ target }) => key === targetKey(target))?.state,
    verdict,
    medianMs,
    samples: samples[key] ?? [],
    summary: says,
  };
}
