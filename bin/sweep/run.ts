/** `sickbay sweep`: rounds, and what is printed of them. Loaded when it runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { configOf, type Config } from '../../core/config';
import { targetKey, type ProbePlan } from '../../core/model';
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

export async function runSweep(options: SweepOptions): Promise<number> {
  if (options.via !== undefined && options.prober !== undefined)
    throw new CommandError('got --via and --prober; allowed: one of them', EXIT.usage);
  if (options.rounds !== undefined && options.watch === undefined)
    throw new CommandError('--rounds: does nothing without --watch', EXIT.usage);
  const out = await screen(options.json === true ? process.stderr : process.stdout);
  out.progress('reading target groups ...');
  const { config, from } = await subjects(clients.readLoadBalancing(), aboutConfig(options));
  if (from !== undefined) process.stderr.write(`configuration: ${from}\n`);
  const prober = await proberOf(options);
  const watchS = options.watch === true ? WATCH_S : options.watch;
  const measure = measuring(prober, (plan) => out.progress(probing(plan)));
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  for (let done = 1; ; done++) {
    const startedAt = Date.now();
    const code = await one(measure, config, options, out);
    if (watchS === undefined || done === options.rounds || interrupted.signal.aborted) return code;
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
  else
    out.show([
      ...groups.flatMap((group) => [...sweepText(group), '']),
      ...pass.failures,
      ...(groups.length === 0 ? ['no target group was measured'] : []),
    ]);
  const isFine =
    groups.length > 0 &&
    pass.failures.length === 0 &&
    groups.every(({ round, unreached: lost }) => round.fleet === 'none' && round.verdicts.length > 0 && lost.length === 0);
  return isFine ? EXIT.fine : EXIT.findings;
}

function asJson(groups: readonly SweptGroup[], { failures }: Pass): object {
  return {
    v: 1,
    groups: groups.map((group) => ({
      groupArn: group.round.groupArn,
      name: group.round.group.name,
      startedAt: group.round.startedAt,
      rounds: group.rounds,
      fleet: group.round.fleet,
      judgement: judgement(group),
      targets: group.round.verdicts.map(({ key, verdict, medianMs, says }) => ({
        target: key,
        address: group.round.addresses[key],
        loadBalancerSays: group.round.lbView.find(({ target }) => key === targetKey(target))?.state,
        verdict,
        medianMs,
        samples: group.round.samples[key] ?? [],
        summary: says,
      })),
      unreached: group.unreached,
      notes: group.round.notes,
    })),
    failures,
  };
}
