/**
 * Commands of the AWS CLI that somebody can copy: with the Region, and the profile where one is
 * used.
 */

export interface Place {
  readonly region: string;
  /** Undefined: the credentials are not of a named profile. */
  readonly profile?: string;
}

/** Resources in one command line: more of them are said in another one. */
const AT_ONCE = 50;

export function awsCommand(words: string, { region, profile }: Place): string {
  return `aws ${words} --region ${region}${profile === undefined ? '' : ` --profile ${profile}`}`;
}

/** The place that SDK clients of this process use. */
export function placeOf(region: string, env: Readonly<Record<string, string | undefined>> = process.env): Place {
  const profile = env['AWS_PROFILE'];
  return { region, ...(profile === undefined || profile === '' ? {} : { profile }) };
}

/** By which instances come to carry a tag. */
export function tagInstances(ids: readonly string[], tag: { readonly key: string; readonly value: string }, place: Place): string[] {
  return Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, index) =>
    awsCommand(`ec2 create-tags --resources ${ids.slice(index * AT_ONCE, (index + 1) * AT_ONCE).join(' ')} --tags ${tagText(tag)}`, place),
  );
}

/** By which the instances that an Auto Scaling group launches come to carry a tag. */
export function tagLaunched(groupName: string, { key, value }: { readonly key: string; readonly value: string }, place: Place): string {
  const tag = `ResourceId=${groupName},ResourceType=auto-scaling-group,Key=${key},Value=${value},PropagateAtLaunch=true`;
  return awsCommand(`autoscaling create-or-update-tags --tags ${shell(tag)}`, place);
}

/** By which a target group lets a stack remove its targets. */
export function tagTargetGroup(arn: string, tag: { readonly key: string; readonly value: string }, place: Place): string {
  return awsCommand(`elbv2 add-tags --resource-arns ${arn} --tags ${tagText(tag)}`, place);
}

/**
 * By which a service of ECS and its tasks let a stack stop a task: tasks carry the service's tags
 * where it propagates them, new ones alone (UpdateService, API reference: `propagateTags`).
 */
export function tagService(
  { arn, cluster, service }: { readonly arn: string; readonly cluster: string; readonly service: string },
  { key, value }: { readonly key: string; readonly value: string },
  place: Place,
): string[] {
  return [
    awsCommand(`ecs tag-resource --resource-arn ${arn} --tags ${shell(`key=${key},value=${value}`)}`, place),
    awsCommand(`ecs update-service --cluster ${cluster} --service ${service} --propagate-tags SERVICE --force-new-deployment`, place),
  ];
}

function tagText({ key, value }: { readonly key: string; readonly value: string }): string {
  return shell(`Key=${key},Value=${value}`);
}

/** Quoted where a shell would take it for something else. */
export function shell(text: string): string {
  return /^[\w=,.:/@+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
