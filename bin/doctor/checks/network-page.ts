/** Whether the metrics page that the prober reads over the network answers from here. */
import { findMetrics, type MetricsPage } from '../../account/metrics-page';
import { identify } from '../../account/same-host';
import { ok, skip, warn, type Check, type Result } from '../check';
import type { WatchedGroup } from '../context';

export const networkPage: Check = {
  name: 'network page',
  run: async ({ watched }) => {
    const told = (await Promise.all((await watched()).map(pageOf))).flat();
    return told.length > 0 ? told : [ok('none is declared: a host that cannot be inspected is told as such')];
  },
};

const BY_PROBER = 'the prober reads it where a host cannot be inspected, and the first case shows it';

/** Nothing where none is declared. */
async function pageOf({ candidate, config, targets }: WatchedGroup): Promise<Result[]> {
  const page = config.inspection?.page;
  if (page === undefined) return [];
  const { group } = candidate;
  const target = targets.find(({ state, address }) => state === 'healthy' && address !== undefined);
  if (target?.address === undefined) return [skip(`${group.name}: no healthy target with an address to ask`)];
  const where = `${group.name}: ${page.path} on ${page.port} of ${target.id}`;
  const seen = await identify(group, target.address, target.port);
  if (seen.is === 'unreachable') return [skip(`${where} cannot be reached from here (${seen.why}): ${BY_PROBER}`)];
  if (seen.is !== 'target') return [skip(`${where} is not what answers at its address from here (${seen.why}): ${BY_PROBER}`)];
  const { active, max, waiting } = config.inspection?.pool ?? {};
  const own = active === undefined || max === undefined ? undefined : { active, max, ...(waiting === undefined ? {} : { waiting }) };
  return [recognised(where, await findMetrics({ protocol: page.protocol, address: target.address }, [page.port], page.path, own))];
}

function recognised(where: string, found: MetricsPage | undefined): Result {
  if (found === undefined) return skip(`${where} cannot be reached from here: ${BY_PROBER}`);
  if (found.port === undefined)
    return warn(`${where}: no metrics in the Prometheus text format (targetGroups[].inspection.page.port, path and protocol)`);
  if (found.pools.length === 0)
    return warn(`${where}: no connection pool is recognised; name its metrics in targetGroups[].inspection.pool`);
  return ok(`${where}: recognises ${found.pools.join(', ')}`);
}
