import { remarkOn } from '../../init/candidates';
import { fail, ok, warn, type Check, type Result } from '../check';

/** Whether each group is there, and whether Sickbay can do anything with it. */
export const targetGroups: Check = {
  name: 'target groups',
  run: async ({ config, watched }) => {
    const groups = await watched();
    const missing = config.targetGroups.flatMap(({ arn, tag }): Result[] => {
      if (arn !== undefined && !groups.some(({ candidate }) => candidate.group.arn === arn)) return [fail(`there is no ${arn}`)];
      if (tag !== undefined && !groups.some(({ candidate }) => candidate.group.tags[tag.key] === tag.value))
        return [fail(`no target group has the tag ${tag.key}=${tag.value}`)];
      return [];
    });
    const poor = groups.flatMap(({ candidate: { group, refused, notByItself }, config: declared }): Result[] => {
      if (refused !== undefined) return [fail(`${group.name}: ${refused}`)];
      const why = notByItself ?? remarkOn(group, declared);
      return why === undefined ? [] : [warn(`${group.name}: ${why}`)];
    });
    const found = [...missing, ...poor];
    if (found.length > 0) return found;
    return [ok(groups.map(({ candidate, targets }) => `${candidate.group.name} (${targets.length} targets)`).join(', '))];
  },
};
