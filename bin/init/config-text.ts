/** The configuration as a file that somebody edits: each value with the reason for it. Pure. */
import type { ConfigInput } from '../../core/config';
import { groupName } from '../../core/case';
import type { Proposal, Proposed } from './proposal';

export interface FileFacts {
  /** As an `import type` writes it. */
  readonly typesFrom: string;
  readonly account: string;
  readonly region: string;
  /** `2026-11-27` */
  readonly day: string;
  /** The command that wrote it. */
  readonly command: string;
  /** CloudWatch's names of the load balancers in front of the groups. */
  readonly loadBalancers: readonly string[];
}

const WIDTH = 100;

/** As TypeScript. */
export function configText(proposal: Proposal, facts: FileFacts): string {
  const { config } = proposal;
  const reasons = new Reasons(proposal.proposed);
  const head = `What Sickbay watches: account ${facts.account}, ${facts.region}. Written by "${facts.command}" on ${facts.day}; each value says why it was proposed. docs/configuration.md has every key. In mode observe nothing is ever removed.`;
  return [
    ...wrapped(head, ' * ').reduce((lines, line) => [...lines, line], ['/**']),
    ' */',
    `import type { ConfigInput } from ${quoted(facts.typesFrom)};`,
    '',
    'export const config: ConfigInput = {',
    ...comment('Names the stack, and is the value of the tag sickbay:enforce by which a group lets it remove targets.', 2),
    `  stack: ${quoted(config.stack ?? 'Sickbay')},`,
    ...comment(reasons.of('accountName').join(' '), 2),
    config.accountName === undefined ? `  // accountName: 'shop-production',` : `  accountName: ${quoted(config.accountName)},`,
    ...comment('enforce removes targets, from groups with that tag only. Look at what observing would have done first.', 2),
    `  mode: 'observe',`,
    '  targetGroups: [',
    ...config.targetGroups.flatMap((group) => groupLines(group, reasons)),
    '  ],',
    ...networkLines(config.network, reasons),
    ...alarmLines(config, reasons, facts.loadBalancers),
    ...comment('Who is mailed on every alert; or subscribe to the topics that the stack prints.', 2),
    `  // alertEmails: ['oncall@example.com'],`,
    '};',
    '',
  ].join('\n');
}

/** The same as JSON, which has no room for reasons. */
export function configJson({ config }: Proposal): string {
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

class Reasons {
  constructor(private readonly proposed: readonly Proposed[]) {}

  of(key: string, group?: string): string[] {
    return this.proposed.filter((one) => one.key === key && one.group === group).map(({ why }) => sentence(why));
  }

  /** Of a key that is about several groups. */
  ofEvery(key: string): string[] {
    return this.proposed
      .filter((one) => one.key === key)
      .map(({ group, why }) => (group === undefined ? sentence(why) : `${group}: ${sentence(why)}`));
  }
}

type GroupInput = ConfigInput['targetGroups'][number];

function groupLines(group: GroupInput, reasons: Reasons): string[] {
  const name = groupName(group.arn ?? '');
  const lines = (key: string, then: readonly string[]): string[] => [...comment(reasons.of(key, name).join(' '), 6), ...then];
  const { probe, owner, ecs, inspection } = group;
  return [
    '    {',
    ...lines('targets', []),
    ...lines('arn', [`      arn: ${quoted(group.arn ?? '')},`]),
    ...lines('probe.path', probeLines(probe, reasons.of('probe.host', name))),
    ...lines('owner', [
      owner === undefined ? `      // owner: 'static', 'asg', or 'ecs' with its cluster and service` : `      owner: ${quoted(owner)},`,
    ]),
    ...lines('ecs', ecs === undefined ? [] : [`      ecs: { cluster: ${quoted(ecs.cluster)}, service: ${quoted(ecs.service)} },`]),
    ...lines('inspection.metricsPort', [inspectionLine(inspection?.metricsPort)]),
    '    },',
  ];
}

function probeLines(probe: GroupInput['probe'], whyHost: readonly string[]): string[] {
  if (probe === undefined) return [`      // probe: { path: '/a/page/that/does/what/users/wait/for' },`];
  const host = probe.host === undefined ? [] : [...comment(whyHost.join(' '), 8), `        host: ${quoted(probe.host)},`];
  return ['      probe: {', `        path: ${quoted(probe.path)},`, ...host, '      },'];
}

function inspectionLine(metricsPort: number | undefined): string {
  return metricsPort === undefined
    ? `      // inspection: { metricsPort: 9090, databasePorts: [5432] },`
    : `      inspection: { metricsPort: ${metricsPort} /* databasePorts: [5432] */ },`;
}

function networkLines(network: ConfigInput['network'], reasons: Reasons): string[] {
  const { subnetIds, securityGroupIds, admittedBy = [] } = network;
  const lines = (key: string, then: readonly string[]): string[] => [...comment(reasons.ofEvery(key).join(' '), 4), ...then];
  return [
    ...comment('Where the prober stands, which measures the targets at their own addresses.', 2),
    '  network: {',
    ...lines('network.subnetIds', [`    subnetIds: [${subnetIds.map(quoted).join(', ')}],`]),
    ...lines('network.securityGroupIds', [`    securityGroupIds: [${securityGroupIds.map(quoted).join(', ')}],`]),
    ...lines('network.admittedBy', admittedLines(admittedBy)),
    '  },',
  ];
}

function admittedLines(rules: NonNullable<ConfigInput['network']['admittedBy']>): string[] {
  if (rules.length === 0) return [];
  const lines = rules.map(({ securityGroupId, port }) => `      { securityGroupId: ${quoted(securityGroupId)}, port: ${port} },`);
  return ['    admittedBy: [', ...lines, '    ],'];
}

function alarmLines({ alarmNames = [] }: ConfigInput, reasons: Reasons, loadBalancers: readonly string[]): string[] {
  const why = comment(reasons.of('alarmNames').join(' '), 2);
  if (alarmNames.length > 0) return [...why, `  alarmNames: [${alarmNames.map(quoted).join(', ')}],`];
  return [...why, ...loadBalancers.map((name) => `  // latencyAlarms: [{ loadBalancer: ${quoted(name)}, thresholdMs: 1000 }],`)];
}

function comment(text: string, indent: number): string[] {
  return text === '' ? [] : wrapped(text, `${' '.repeat(indent)}// `);
}

function wrapped(text: string, prefix: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > WIDTH) lines.push(`${prefix}${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}

/** With a capital letter and a full stop, unless it begins with a name. */
function sentence(text: string): string {
  const first = /^[a-z]+[ ,:]/.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
  return first.endsWith('.') ? first : `${first}.`;
}
