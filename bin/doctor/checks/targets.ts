import { counted, listed } from '../../init/proposal';
import { fail, ok, orOk, skip, warn, type Check, type Result } from '../check';

/** A slow target is told by comparison (the guardrail `too-few-peers`). */
const COMPARABLE = 3;

export const targets: Check = {
  name: 'targets',
  run: async ({ watched }) => {
    const groups = await watched();
    const found = groups.flatMap(({ candidate, targets: all }): Result[] => {
      const { name } = candidate.group;
      // Said once, by the check of the target groups.
      if (candidate.refused !== undefined) return [skip(`${name}: cannot be measured`)];
      const inService = all.filter(({ state }) => state === 'healthy' || state === 'unhealthy');
      if (inService.length < COMPARABLE)
        return [
          fail(`${name}: ${counted(inService.length, 'target')} in service; a slow one is told by comparison, which takes ${COMPARABLE}`),
        ];
      const types = [...new Set(inService.flatMap(({ instance }) => instance?.type ?? []))];
      if (types.length > 1)
        return [warn(`${name}: ${types.length} instance types (${listed(types)}): targets are compared with their own kind`)];
      return [];
    });
    const all = groups.map(({ candidate, targets: registered }) => `${candidate.group.name} ${registered.length}`).join(', ');
    return orOk(found, `enough to compare: ${all}`);
  },
};

/** Who registers the targets, as configured and as seen. */
export const owner: Check = {
  name: 'owner',
  run: async ({ watched }) => {
    const groups = await watched();
    return groups.map(({ candidate, config, owners, targets: all }): Result => {
      const { name } = candidate.group;
      const seen = all.map(({ id }) => owners?.get(id));
      const foreign = seen.find((one) => one !== undefined && 'why' in one);
      const kinds = [...new Set(seen.flatMap((one) => one?.owner ?? []))];
      const what = foreign !== undefined && 'why' in foreign ? foreign.why : `seen: ${listed(kinds) || 'no targets'}`;
      // Whose tasks they are is asked of ECS, by the check of its services.
      if (config.owner === 'ecs') return ok(`${name}: ecs`);
      if (config.owner === undefined) return warn(`${name}: not declared, so nothing is ever removed (${what})`);
      if (kinds.some((kind) => kind !== config.owner))
        return fail(`${name}: declared ${config.owner}, and ${what}: nothing is removed while the two differ`);
      return ok(`${name}: ${config.owner}`);
    });
  },
};
