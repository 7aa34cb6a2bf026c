import { ENFORCE_TAG_KEY } from '../../../core/model';
import { spokenTo } from '../../../core/spoken';
import { tagTargetGroup } from '../../account/aws-command';
import { remarkOn } from '../../init/candidates';
import { counted, listed } from '../../init/proposal';
import { fail, ok, skip, warn, type Check, type Result } from '../check';
import type { Context, WatchedGroup } from '../context';

/** What keeps Sickbay from ever removing a target of each group, before anything is measured. */
export const enforce: Check = {
  name: 'enforce',
  run: async (context) => {
    const { config } = context;
    const groups = await context.watched();
    const wanting = groups.flatMap((group) => {
      const lacks = lackOf(group);
      return lacks.length === 0 ? [] : [`${group.candidate.group.name} (${listed(lacks)})`];
    });
    if (config.mode === 'observe') {
      const ready = groups.length - wanting.length;
      const rest = wanting.length === 0 ? '' : `; without effect on ${listed(wanting)}`;
      return [skip(`mode observe: nothing is removed. Ready for enforce: ${ready} of ${groups.length} groups${rest}`)];
    }
    const lacking = wanting.map((one) => fail(`nothing is ever removed from ${one}`));
    const tags = groups.flatMap((group) => tagOf(context, group));
    const found = [...lacking, ...tags];
    return found.length > 0
      ? found
      : [ok(`${counted(groups.length, 'group')} with a page, an owner and the tag ${ENFORCE_TAG_KEY}=${config.stack}`)];
  },
};

function lackOf({ candidate, config }: WatchedGroup): string[] {
  return [
    ...(spokenTo(candidate.group, config.probe).ok ? [] : ['its targets are not measured']),
    ...(remarkOn(candidate.group, config) === undefined ? [] : ['it is only observed']),
    ...(config.probe === undefined ? ['no probe path'] : []),
    ...(config.owner === undefined ? ['no owner'] : []),
  ];
}

/** The tag names the one stack that the group obeys. */
function tagOf({ config, place }: Context, { candidate: { group } }: WatchedGroup): Result[] {
  const value = group.tags[ENFORCE_TAG_KEY];
  if (value === config.stack) return [];
  const command = tagTargetGroup(group.arn, { key: ENFORCE_TAG_KEY, value: config.stack }, place);
  if (value === undefined) return [fail(`${group.name} has no tag ${ENFORCE_TAG_KEY}=${config.stack}: IAM denies its removals`, command)];
  return [warn(`${group.name} obeys another stack: ${ENFORCE_TAG_KEY}=${value}`, command)];
}
