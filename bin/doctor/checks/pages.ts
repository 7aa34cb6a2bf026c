import type { PoolMetricNames } from '../../../core/diagnose/pools';
import { statusText } from '../../../core/grpc';
import { spokenTo, type Spoken } from '../../../core/spoken';
import { DEFAULT_TIMEOUT_MS, shapeOf } from '../../../lambda/discover/probe-group';
import { exchange } from '../../../lambda/probe/exchange';
import { LoopGauge } from '../../../lambda/probe/loop-gauge';
import { parseMatcher } from '../../../lambda/probe/matcher';
import { requestsOf } from '../../../lambda/probe/request';
import { getPage } from '../../account/get-page';
import { findMetrics, type MetricsPage } from '../../account/metrics-page';
import { identify, type Identified } from '../../account/same-host';
import type { SurveyedTarget } from '../../init/survey';
import { fail, ok, skip, warn, type Check, type Result } from '../check';
import type { WatchedGroup } from '../context';

/** One connection is tried for so long: from most desks no target can be reached. */
const REACH_MS = 3_000;

/** Whether each group has a page of its own, and whether it answers from here. */
export const probePath: Check = {
  name: 'probe path',
  run: async ({ watched }) => (await Promise.all((await watched()).map(pageOf))).flat(),
};

async function pageOf(group: WatchedGroup): Promise<Result[]> {
  const { name, healthCheck } = group.candidate.group;
  const { probe } = group.config;
  const spoken = spokenTo(group.candidate.group, probe);
  if (!spoken.ok) return [fail(`${name} is not measured: ${spoken.why}`)];
  if (probe === undefined)
    return [
      warn(
        `${name}: none is configured: the health check's path ${healthCheck.path ?? '/'} is measured, and nothing is ever removed on it (targetGroups[].probe.path)`,
      ),
    ];
  const same =
    probe.path === healthCheck.path
      ? [warn(`${name}: ${probe.path} is the health check's own path, which stays fast while users wait`)]
      : [];
  const target = reachable(group);
  if (target?.address === undefined) return [...same, skip(`${name}: no healthy target with an address to ask`)];
  const where = `${name}: ${probe.path} of ${target.id}`;
  const seen = await identify(group.candidate.group, target.address, target.port);
  if (seen.is !== 'target') return [...same, skip(`${where} ${notSeen(seen)}: the first round shows it`)];
  if (spoken.version !== undefined) return [...same, await probedAs(group, spoken, { ...target, address: target.address })];
  const page = await getPage({
    protocol: spoken.protocol,
    address: target.address,
    port: probe.port ?? target.port,
    path: probe.path,
    method: probe.method,
    timeoutMs: Math.min(probe.timeoutMs ?? DEFAULT_TIMEOUT_MS, REACH_MS),
    ...(probe.host === undefined ? {} : { host: probe.host }),
  });
  if ('unreachable' in page) return [...same, skip(`${where} cannot be reached from here (${page.unreachable}): the first round shows it`)];
  if ('failed' in page) return [...same, fail(`${where}: ${page.failed}`)];
  const matcher = probe.matcher ?? healthCheck.matcher ?? '200';
  if (parseMatcher(matcher)(page.status)) return same.length > 0 ? same : [ok(`${where}: ${page.status} in ${Math.round(page.tookMs)} ms`)];
  const goes = page.location === undefined ? '' : ` to ${page.location}`;
  return [...same, fail(`${where}: got status ${page.status}${goes}; allowed: ${matcher} (targetGroups[].probe.matcher, path and host)`)];
}

/** In HTTP/2 and gRPC the prober's own code asks. */
async function probedAs(
  { candidate: { group }, config }: WatchedGroup,
  spoken: Extract<Spoken, { ok: true }>,
  { id, address, port }: SurveyedTarget & { readonly address: string },
): Promise<Result> {
  const shape = shapeOf(group, config, spoken);
  const request = requestsOf({ ...shape, timeoutMs: Math.min(shape.timeoutMs, REACH_MS) })(address, shape.port ?? port);
  const outcome = await exchange(request, new LoopGauge());
  const where = `${group.name}: ${shape.path} of ${id} in ${spoken.version === 'GRPC' ? 'gRPC' : 'HTTP/2'}`;
  if ('latencyMs' in outcome) return ok(`${where}: ${shape.matcher} in ${Math.round(outcome.latencyMs)} ms`);
  if ('own' in outcome) return skip(`${where} could not be asked from here (${outcome.own}): the first round shows it`);
  const { kind, phase = 'body', status } = outcome.error;
  if (phase === 'connect') return skip(`${where} cannot be reached from here (${kind}): the first round shows it`);
  const got = status === undefined ? `${kind} while in the phase "${phase}"` : statusText(status);
  return fail(`${where}: got ${got}; allowed: ${shape.matcher} (targetGroups[].probe.matcher, path and host)`);
}

/** What the reader's own network has at a target's private address may be another machine. */
function notSeen(seen: Exclude<Identified, { readonly is: 'target' }>): string {
  return seen.is === 'unreachable'
    ? `cannot be reached from here (${seen.why})`
    : `is not what answers at its address from here (${seen.why})`;
}

function reachable({ targets }: WatchedGroup): SurveyedTarget | undefined {
  return targets.find(({ state, address }) => state === 'healthy' && address !== undefined);
}

/** Whether the application's metrics are there, and name a pool that is recognised. */
export const metricsPage: Check = {
  name: 'metrics page',
  run: async ({ watched }) => Promise.all((await watched()).map(metricsOf)),
};

async function metricsOf(group: WatchedGroup): Promise<Result> {
  const { name } = group.candidate.group;
  const { inspection } = group.config;
  if (inspection?.metricsPort === undefined)
    return skip(`${name}: none is configured (targetGroups[].inspection.metricsPort): pools are not compared`);
  const { metricsPort, metricsPath } = inspection;
  const target = reachable(group);
  if (target?.address === undefined) return skip(`${name}: no healthy target with an address to ask`);
  const seen = await identify(group.candidate.group, target.address, target.port);
  const where = `${name}: ${metricsPath} on ${metricsPort} of ${target.id}`;
  if (seen.is !== 'target') return skip(`${where} ${notSeen(seen)}: an inspection reads it on the host itself`);
  return recognised(
    where,
    await findMetrics({ protocol: 'HTTP', address: target.address }, [metricsPort], metricsPath, ownNames(inspection.pool)),
  );
}

function recognised(where: string, page: MetricsPage | undefined): Result {
  if (page === undefined) return skip(`${where} cannot be reached from here: an inspection reads it on the host itself`);
  if (page.port === undefined)
    return warn(`${where}: no metrics in the Prometheus text format; on the host itself it may be there all the same`);
  if (page.pools.length === 0)
    return warn(`${where}: no connection pool is recognised; name its metrics in targetGroups[].inspection.pool`);
  return ok(`${where}: recognises ${page.pools.join(', ')}`);
}

function ownNames(pool: NonNullable<WatchedGroup['config']['inspection']>['pool']): PoolMetricNames | undefined {
  if (pool === undefined) return undefined;
  const { active, max, waiting } = pool;
  return { active, max, ...(waiting === undefined ? {} : { waiting }) };
}
