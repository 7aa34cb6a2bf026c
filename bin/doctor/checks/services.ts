import { obstaclesOf } from '../../../core/decide/replace/service-rules';
import { ENFORCE_TAG_KEY, holds, isRunning, type DeclaredService, type ServiceView } from '../../../core/model';
import { tagService } from '../../account/aws-command';
import { isDenied } from '../../account/unread';
import { counted, listed } from '../../init/proposal';
import { fail, ok, warn, type Check, type Result } from '../check';
import type { Context, WatchedGroup } from '../context';
import { unchecked } from '../unchecked';

/** Whether a task of each declared service of ECS could be replaced, as the service is now. */
export const services: Check = {
  name: 'services of ECS',
  run: async (context) => {
    const groups = await context.watched();
    const declared = groups.flatMap((group) => (group.config.ecs === undefined ? [] : [{ group, declared: group.config.ecs }]));
    if (declared.length === 0) return [ok('none is declared')];
    const results: Result[] = [];
    for (const one of declared) results.push(...(await resultsOf(context, one.group, one.declared)));
    return results;
  },
};

/**
 * Each by itself: a policy may name clusters and services, so that one is denied and others are
 * not.
 */
async function resultsOf(context: Context, group: WatchedGroup, declared: DeclaredService): Promise<Result[]> {
  const who = `${group.candidate.group.name}: ${declared.cluster}/${declared.service}`;
  try {
    return await foundOf(context, group, declared, who);
  } catch (error) {
    const told = unchecked(error, 'whether a task of it could be replaced');
    return [{ ...told, text: `${who}: ${told.text}` }];
  }
}

async function foundOf(context: Context, { candidate, targets }: WatchedGroup, declared: DeclaredService, who: string): Promise<Result[]> {
  const { arn } = candidate.group;
  const view = await context.account.services.view(declared);
  if (view === undefined) return [fail(`${who}: ECS knows no such service${await allowedIn(context, arn)}`)];
  const strangers = targets.filter((target) => target.state !== 'draining' && !view.tasks.some((task) => holds(task, arn, target)));
  const found = [
    ...(view.service.status === 'ACTIVE' ? [] : [fail(`${who} is ${view.service.status}`)]),
    ...(view.service.targetGroupArns.includes(arn)
      ? []
      : [fail(`${who} does not register in this target group${await allowedIn(context, arn)}`)]),
    ...(strangers.length === 0
      ? []
      : [warn(`${who}: never replaced, for it is none of its tasks: ${listed(strangers.map(({ id, port }) => `${id}:${port}`))}`)]),
    ...obstaclesOf(view, context.now).map((why) => warn(`${who}: no task is replaced while that is so: ${why}`)),
    ...protectionOf(who, view),
    ...tagsOf(context, who, declared, view),
  ];
  return found.length > 0 ? found : [ok(`${who}: ${counted(view.tasks.filter(isRunning).length, 'task')} run, at rest, room for one less`)];
}

/** Which services could be declared instead; empty where they may not be listed. */
async function allowedIn({ account }: Context, groupArn: string): Promise<string> {
  try {
    const registering = (await account.services.registering()).get(groupArn) ?? [];
    return `; allowed: ${listed(registering.map(({ cluster, service }) => `${cluster}/${service}`)) || 'none, no service registers in it'}`;
  } catch (error) {
    if (isDenied(error)) return '';
    throw error;
  }
}

/** A task is stopped only where it is known not to be protected. */
function protectionOf(who: string, { tasks }: ServiceView): Result[] {
  const running = tasks.filter(isRunning);
  const unread = running.flatMap(({ protection }) => (protection.state === 'unknown' ? [protection.why] : []));
  const guarded = running.filter(({ protection }) => protection.state === 'protected').length;
  return [
    ...(unread.length === 0
      ? []
      : [
          fail(
            `${who}: whether a task is protected is not known of ${counted(unread.length, 'task')} (${listed([...new Set(unread)])}): never replaced`,
          ),
        ]),
    ...(guarded === 0 ? [] : [warn(`${who}: ${counted(guarded, 'task')} protected, not replaced until that ends`)]),
  ];
}

/** Asked for by the guardrail `mode-observe`, and by IAM where a task is stopped. */
function tagsOf({ config, place }: Context, who: string, declared: DeclaredService, { service, tasks }: ServiceView): Result[] {
  if (config.mode === 'observe') return [];
  const isTagged = ({ tags }: { readonly tags: Readonly<Record<string, string>> }) => tags[ENFORCE_TAG_KEY] === config.stack;
  const bare = tasks.filter((task) => isRunning(task) && !isTagged(task)).length;
  if (isTagged(service) && bare === 0) return [];
  const lacking = [...(isTagged(service) ? [] : ['the service']), ...(bare === 0 ? [] : [counted(bare, 'task')])];
  const commands = tagService({ arn: service.arn, ...declared }, { key: ENFORCE_TAG_KEY, value: config.stack }, place);
  return [
    fail(`${who}: ${listed(lacking)} without the tag ${ENFORCE_TAG_KEY}=${config.stack}: nothing is replaced`, commands.join(' && ')),
  ];
}
