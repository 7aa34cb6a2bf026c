/**
 * Where a person goes from an alert: pages of the AWS console, the runbook, and what names the
 * place. The console's addresses are not documented (I); a stale one leads to the console's front
 * page.
 */
import type { Case, Replacement, TargetRef } from '../model';
import { instanceOf } from './behind';

/** What the stack knows about itself that a person may need. */
export interface Deployment {
  /** The name of the stack in its metrics, and of its dashboard. */
  readonly stack?: string;
  /** Where docs/runbook.md can be read, without a fragment. */
  readonly runbookUrl?: string;
  /** Where the report of each case is written. */
  readonly reportsBucket?: string;
  /** What people call the account, beside its id. */
  readonly accountName?: string;
}

export interface Known {
  /** The folder of runbook.md, or the page itself. */
  readonly runbookBaseUrl?: string | undefined;
  readonly reportsBucket?: string | undefined;
  readonly accountName?: string | undefined;
}

export function deployment(stack: string, { runbookBaseUrl, reportsBucket, accountName }: Known): Deployment {
  return {
    stack,
    ...(runbookBaseUrl === undefined ? {} : { runbookUrl: runbookUrl(runbookBaseUrl) }),
    ...(reportsBucket === undefined ? {} : { reportsBucket }),
    ...(accountName === undefined ? {} : { accountName }),
  };
}

/** Of the bucket; whoever may read reports may read this alone. */
export const REPORTS_FOLDER = 'cases';

/**
 * The key of a case's report in its bucket: letters, digits, dots, hyphens and underscores, which
 * no address has to encode.
 */
export function reportKey(caseId: string): string {
  return `${REPORTS_FOLDER}/${caseId.replace(/[^\w.-]/g, '-')}.html`;
}

/** The page of the runbook under a base: `https://wiki.example.com/sickbay/` has `runbook.md`. */
export function runbookUrl(base: string): string {
  if (/\.(md|html?)$/.test(base)) return base;
  return `${base.replace(/\/+$/, '')}/runbook.md`;
}

/** The fragment that GitHub and most renderers give a heading. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

/** The ARN of one target group; undefined where something else stands in its place. */
export function groupArnOf(arn: string): string | undefined {
  return /^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup\/[A-Za-z0-9-]+\/[0-9a-f]+$/.test(arn) ? arn : undefined;
}

export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Partition, Region and account of a target group. */
export function placeOf(groupArn: string | undefined): Place | undefined {
  const [, partition, , region, account] = (groupArn === undefined ? undefined : groupArnOf(groupArn))?.split(':') ?? [];
  return partition === undefined || region === undefined || account === undefined ? undefined : { partition, region, account };
}

const CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

export interface Links {
  readonly targetGroup?: string;
  readonly instance?: string;
  readonly session?: string;
  /** Of ECS: the task behind the target, and the service that starts the next one. */
  readonly task?: string;
  readonly service?: string;
  /** The log of a task, which outlives it. */
  readonly logs?: string;
  readonly runbook?: string;
  readonly dashboard?: string;
  /**
   * Its page in the console of S3, which asks for a sign-in; written some seconds after the alert.
   */
  readonly report?: string;
}

/** Every link that can be made; none holds anything that a host printed. */
export function linksOf(
  { id: caseId, groupArn, target, targetRef, replacement }: Pick<Case, 'id' | 'groupArn' | 'target' | 'targetRef' | 'replacement'>,
  { stack, runbookUrl: runbook, reportsBucket }: Deployment,
  section: string,
): Links {
  const page = runbook === undefined ? {} : { runbook: `${runbook}#${anchor(section)}` };
  const place = placeOf(groupArn);
  const domain = place === undefined ? undefined : CONSOLES[place.partition];
  if (place === undefined || domain === undefined) return page;
  const { region } = place;
  const console = (service: string, rest: string) => `https://${region}.${domain}/${service}?region=${region}${rest}`;
  const instance = instanceOf({ target, targetRef });
  const id = instance === undefined ? undefined : encodeURIComponent(instance);
  return {
    targetGroup: console('ec2/home', `#TargetGroup:targetGroupArn=${groupArn}`),
    ...(id === undefined
      ? {}
      : {
          instance: console('ec2/home', `#InstanceDetails:instanceId=${id}`),
          session: console(`systems-manager/session-manager/${id}`, ''),
        }),
    ...ecsOf(replacement, targetRef, console),
    ...logsOf(replacement, console),
    ...page,
    ...(stack === undefined ? {} : { dashboard: console('cloudwatch/home', `#dashboards/dashboard/${encodeURIComponent(stack)}`) }),
    ...(reportsBucket === undefined
      ? {}
      : { report: console(`s3/object/${reportsBucket}`, `&bucketType=general&prefix=${reportKey(caseId)}`) }),
  };
}

/** The last part of an ARN, or the name that was given in its place. */
function lastOf(nameOrArn: string): string {
  return encodeURIComponent(nameOrArn.split('/').at(-1) ?? nameOrArn);
}

function ecsOf(
  replacement: Replacement | undefined,
  targetRef: TargetRef | undefined,
  console: (service: string, rest: string) => string,
): Pick<Links, 'task' | 'service'> {
  const of = replacement ?? (targetRef?.kind === 'ecs-task' ? targetRef : undefined);
  if (of === undefined) return {};
  const cluster = `ecs/v2/clusters/${lastOf(of.cluster)}`;
  return {
    task: console(`${cluster}/tasks/${lastOf(of.taskArn)}/configuration`, ''),
    ...(of.service === undefined ? {} : { service: console(`${cluster}/services/${lastOf(of.service)}/health`, '') }),
  };
}

/**
 * The log stream of the first container. In this console a name is encoded twice, with `$` for the
 * second `%` (I: as the console writes it).
 */
function logsOf(replacement: Replacement | undefined, console: (service: string, rest: string) => string): Pick<Links, 'logs'> {
  const [first] = replacement?.logs ?? [];
  if (first === undefined) return {};
  const name = (text: string) => encodeURIComponent(encodeURIComponent(text)).replaceAll('%', '$');
  return { logs: console('cloudwatch/home', `#logsV2:log-groups/log-group/${name(first.group)}/log-events/${name(first.stream)}`) };
}
