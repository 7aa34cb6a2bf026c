import { MIN_AGENT_FOR_PARAMETERS } from '../../../lambda/inspect/document';
import { tagInstances } from '../../account/aws-command';
import type { AccountInstance } from '../../account/ec2';
import { counted, listed } from '../../init/proposal';
import { fail, ok, orOk, skip, warn, type Check, type Result } from '../check';
import type { Context } from '../context';

async function instancesOf({ watched }: Context): Promise<AccountInstance[]> {
  const all = (await watched()).flatMap(({ targets }) => targets.flatMap(({ instance }) => instance ?? []));
  return [...new Map(all.map((instance) => [instance.id, instance])).values()];
}

const NO_INSTANCES = skip('no target is an EC2 instance: hosts are not inspected');

/** Whether Systems Manager reaches the hosts: without it the cause is never told. */
export const systemsManager: Check = {
  name: 'ssm',
  run: async (context) => {
    const ids = (await instancesOf(context)).map(({ id }) => id);
    if (ids.length === 0) return [NO_INSTANCES];
    const managed = await context.account.managedInstances(ids);
    const unknown = ids.filter((id) => !managed.has(id));
    const known = [...managed.values()];
    const offline = known.filter(({ online }) => !online).map(({ id }) => id);
    const windows = known.filter(({ platform }) => platform !== undefined && platform !== 'Linux').map(({ id }) => id);
    const old = known.filter(({ online, agentVersion = '0' }) => online && isOld(agentVersion)).map(({ id }) => id);
    const policy = `arn:${partitionOf(await context.identity())}:iam::aws:policy/AmazonSSMManagedInstanceCore`;
    const found: Result[] = [
      ...(unknown.length === 0
        ? []
        : [
            fail(
              `${counted(unknown.length, 'instance')} not known to Systems Manager (${listed(unknown)}): an agent, a way to its endpoints, and this policy on the instance's role`,
              context.aws(`iam attach-role-policy --role-name ROLE --policy-arn ${policy}`),
            ),
          ]),
      ...(offline.length === 0
        ? []
        : [fail(`the agent is offline on ${listed(offline)}: start it on the host`, 'sudo systemctl restart amazon-ssm-agent')]),
      ...(windows.length === 0 ? [] : [warn(`${listed(windows)}: Linux alone is inspected`)]),
      ...(old.length === 0
        ? []
        : [
            warn(
              `an agent older than ${MIN_AGENT_FOR_PARAMETERS} on ${listed(old)}: it gets an inspection without the page and the metrics`,
              context.aws(`ssm send-command --document-name AWS-UpdateSSMAgent --instance-ids ${old.slice(0, 50).join(' ')}`),
            ),
          ]),
    ];
    return orOk(found, `${counted(ids.length, 'agent')} online, ${MIN_AGENT_FOR_PARAMETERS} or newer`);
  },
};

function isOld(version: string): boolean {
  return version.localeCompare(MIN_AGENT_FOR_PARAMETERS, 'en', { numeric: true }) < 0;
}

function partitionOf({ arn }: { readonly arn: string }): string {
  return arn.split(':')[1] ?? 'aws';
}

/** Whether the hosts carry the tag without which IAM denies an inspection. */
export const inspectionTag: Check = {
  name: 'tags',
  run: async (context) => {
    const { key, value } = context.config.inspectionTag;
    const instances = await instancesOf(context);
    if (instances.length === 0) return [NO_INSTANCES];
    const without = instances.filter(({ tags }) => tags[key] !== value).map(({ id }) => id);
    if (without.length === 0) return [ok(`${counted(instances.length, 'instance')} with ${key}=${value}`)];
    const text = `${counted(without.length, 'instance')} of ${instances.length} without ${key}=${value} (${listed(without)}): IAM denies an inspection, and one that is denied keeps its peers from being compared`;
    return tagInstances(without, { key, value }, context.place).map((command) => fail(text, command));
  },
};
