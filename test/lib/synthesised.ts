import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ConfigInput } from '../../core/config';
import { NOTICES_FILE } from '../../lambda/contract';
import { PART, PARTS } from '../../lambda/stop/documents';
import { SickbayStack, type SickbayStackProps } from '../../lib/sickbay-stack';
import { loadAssembly } from '../../lab/boot/assembly';
import type { Assembly, RoleDescription } from '../../lab/boot/descriptions';

export const GROUP_ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout/0123456789abcdef';
export const OTHER_GROUP_ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/search/fedcba9876543210';

export const CONFIG: ConfigInput = {
  mode: 'enforce',
  targetGroups: [{ arn: GROUP_ARN, probe: { path: '/api/cart' }, owner: 'static' }],
  network: {
    subnetIds: ['subnet-0123456789abcdef0'],
    securityGroupIds: ['sg-0123456789abcdef0'],
  },
};

/** The same with a command that may be stopped. */
export const STOPPING: ConfigInput = {
  ...CONFIG,
  targetGroups: CONFIG.targetGroups.map((group) => ({
    ...group,
    stop: {
      mode: 'propose',
      allow: [{ executable: '/usr/bin/python3.11', user: 'reports', arguments: '^/opt/reports/monthly$', parent: 'cron' }],
    },
  })),
  stop: { approvers: ['arn:aws:iam::123456789012:role/oncall'], changeCalendars: ['Freeze'] },
};

const directories: string[] = [];

/** A directory that `removeDirectories` takes away. */
export function directory(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'sickbay-infra-'));
  directories.push(made);
  return made;
}

export function removeDirectories(): void {
  for (const made of directories.splice(0)) rmSync(made, { recursive: true, force: true });
}

/** The stack takes bundles as files: what is in them does not matter to a template. */
export function handlersDir(inspectionScript = '#!/bin/sh\necho inspected\n'): string {
  const made = directory();
  for (const name of ['sweep', 'probe', 'respond', 'restore', 'review', 'report', 'stop', 'delete-guard', 'kill-switch', 'widget']) {
    mkdirSync(path.join(made, name));
    writeFileSync(path.join(made, name, 'index.js'), `exports.handler = async () => '${name}';\n`);
  }
  writeFileSync(path.join(made, 'inspect.sh'), inspectionScript);
  writeFileSync(path.join(made, 'stop.py'), PARTS.map((part) => `${PART}${part}\npass\n`).join(''));
  writeFileSync(path.join(made, NOTICES_FILE), 'licences\n');
  return made;
}

export interface Synthesised {
  readonly template: Template;
  /** The same template in concrete names, as the lab boots it. */
  readonly assembly: Assembly;
}

/**
 * Synthesises the stack without the library's own template validation, which takes seconds and runs
 * in a test of its own.
 */
export function synthesise(
  config: ConfigInput = CONFIG,
  handlers = handlersDir(),
  more: Pick<SickbayStackProps, 'runbookBaseUrl' | 'protection'> = {},
): Synthesised {
  process.env['CDK_VALIDATION'] = 'false';
  const outdir = directory();
  const stack = new SickbayStack(new App({ outdir }), 'Sickbay', { config, handlersDir: handlers, ...more });
  const template = Template.fromStack(stack);
  return { template, assembly: loadAssembly(outdir) };
}

/** The one role whose logical id has this name in it. */
export function roleNamed({ roles }: Assembly, name: string): RoleDescription {
  const [found, ...others] = roles.filter(({ logicalId }) => logicalId.includes(name));
  if (found === undefined || others.length > 0) throw new Error(`${others.length + (found ? 1 : 0)} roles are named ${name}, not one`);
  return found;
}

/** @throws where no role has this ARN. */
export function roleOf({ roles }: Assembly, arn: string | undefined): RoleDescription {
  const found = roles.find((role) => role.arn === arn);
  if (found === undefined) throw new Error(`no role is ${arn}`);
  return found;
}

export interface Resource {
  readonly Type: string;
  /** Absent where a resource has none. */
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
}

/** By logical id. */
export function resourcesOf(template: Template): Readonly<Record<string, Resource>> {
  return template.toJSON()['Resources'] as Record<string, Resource>;
}
