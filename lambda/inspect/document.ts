/**
 * The SSM Command documents around `inspect.sh`. Schema 2.2. Each parameter is bound by a pattern
 * and interpolated as an environment variable, `SSM_<name>`
 * (docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html,
 * agent >= 3.3.2746.0): a value is data, never text of the script. Agents too old for that get the
 * basic document, which takes no parameter.
 */

import { commandDocument } from '../command-document';
import type { GroupConfig } from '../../core/config';
import type { PoolMetricNames } from '../../core/diagnose/pools';
import { spokenTo } from '../../core/spoken';
import type { Target, TargetGroup } from '../../core/model';
import { packedScript } from './packed-script';

/** The first SSM agent that knows `interpolationType: ENV_VAR`. */
export const MIN_AGENT_FOR_PARAMETERS = '3.3.2746.0';

const EXECUTION_TIMEOUT_S = 30;

interface ParameterShape {
  /** For readers of this file: the document has no room for it. */
  readonly description: string;
  readonly default: string;
  readonly allowedPattern: string;
}

const PORT = '^[0-9]{1,5}$';
/** What stands for "leave this request out". */
const NOT_ASKED = '-';
const PATH = '^(-|/[A-Za-z0-9/._~%?=&+:,@-]{0,200})$';

export const INSPECTION_PARAMETERS = {
  appPort: { description: 'Port the application listens on', default: '8080', allowedPattern: PORT },
  metricsPort: { description: 'Port of the metrics page', default: '8080', allowedPattern: PORT },
  metricsPath: { description: 'Path of the metrics page', default: '/metrics', allowedPattern: PATH },
  task: { description: 'Id of the task of ECS to look into; empty: none', default: '', allowedPattern: '^[0-9a-f-]{0,36}$' },
  databasePorts: {
    description: 'Ports of databases, with commas',
    default: '5432,3306,6432,1433,1521,27017,6379,9042,11211,5672',
    allowedPattern: '^[0-9]{1,5}(,[0-9]{1,5}){0,19}$',
  },
  healthPort: { description: 'Port of the health check', default: '8080', allowedPattern: PORT },
  healthPath: { description: 'Path of the health check', default: '/health', allowedPattern: PATH },
  probePath: { description: 'Path of a real page; -: not timed', default: '-', allowedPattern: PATH },
  hostHeader: { description: 'Host header of requests; empty: localhost', default: '', allowedPattern: '^[A-Za-z0-9.:-]{0,253}$' },
  digestKey: { description: 'Public key that seals digests', default: '', allowedPattern: '^[A-Za-z0-9+/=]{0,400}$' },
  metricNames: { description: 'Names of metrics that are never cut, with commas', default: '', allowedPattern: '^[A-Za-z0-9_:,]{0,500}$' },
} as const satisfies Readonly<Record<string, ParameterShape>>;

export type InspectionParameter = keyof typeof INSPECTION_PARAMETERS;

function content(description: string, parameters: Readonly<Record<string, object>>, elements: readonly string[]): string {
  return commandDocument({ description, parameters, step: 'inspect', timeoutS: EXECUTION_TIMEOUT_S, elements });
}

/**
 * Content of the document for agents that know ENV_VAR. Pure: the same script gives the same
 * document.
 */
export function inspectionDocument(script: string): string {
  const parameters = Object.fromEntries(
    Object.entries(INSPECTION_PARAMETERS).map(([name, { default: value, allowedPattern }]) => [name, { default: value, allowedPattern }]),
  );
  return content('Sickbay: looks at one host, read-only, and prints what may explain a slow target', parameters, [packedScript(script)]);
}

/**
 * Content of the document for older agents: no parameter, and only the sections that need none.
 */
export function basicInspectionDocument(script: string): string {
  const elements = ['#!/bin/sh', 'SSM_sections=basic', packedScript(script)];
  return content('Sickbay: looks at one host, read-only, without parameters', {}, elements);
}

/**
 * A path that the pattern refuses is not asked for: `-` tells the script to leave the request out.
 */
function path(name: 'metricsPath' | 'healthPath' | 'probePath', value: string | undefined): string {
  return value !== undefined && new RegExp(INSPECTION_PARAMETERS[name].allowedPattern).test(value) ? value : NOT_ASKED;
}

function bound(name: InspectionParameter, value: string): [string, string[]] {
  const { allowedPattern } = INSPECTION_PARAMETERS[name];
  if (!new RegExp(allowedPattern).test(value)) throw new Error(`inspection parameter ${name}: got "${value}", allowed ${allowedPattern}`);
  return [name, [value]];
}

/**
 * Parameters for SendCommand on the host of one target, each held against its own pattern first.
 * Ports that nobody declared are the target's own. `pool` names the user's own pool metrics, which
 * the script then never cuts. `taskId` is the task of ECS that the target is. Throws on a value no
 * pattern allows.
 */
export function documentParameters(
  group: TargetGroup,
  config: GroupConfig,
  target: Target,
  pool?: PoolMetricNames,
  taskId = '',
): Record<string, string[]> {
  const { probe, inspection } = config;
  const appPort = String(probe?.port ?? target.port);
  const ports = inspection?.databasePorts ?? [];
  // The script asks in HTTP/1.1: what a target that speaks another version says to it is no
  // finding.
  const spoken = spokenTo(group, probe);
  const asked = spoken.ok && spoken.version === undefined;
  const values: Readonly<Record<InspectionParameter, string>> = {
    appPort,
    metricsPort: String(inspection?.metricsPort ?? appPort),
    task: taskId,
    metricsPath: path('metricsPath', inspection?.metricsPath ?? INSPECTION_PARAMETERS.metricsPath.default),
    databasePorts: ports.length > 0 ? ports.join(',') : INSPECTION_PARAMETERS.databasePorts.default,
    healthPort: /^\d+$/.test(group.healthCheck.port) ? group.healthCheck.port : String(target.port),
    healthPath: path('healthPath', asked ? group.healthCheck.path : undefined),
    probePath: path('probePath', asked ? probe?.path : undefined),
    hostHeader: probe?.host ?? '',
    digestKey: '',
    metricNames: [pool?.active, pool?.max, pool?.waiting].filter((name) => name !== undefined).join(','),
  };
  const names = Object.keys(INSPECTION_PARAMETERS) as InspectionParameter[];
  return Object.fromEntries(names.map((name) => bound(name, values[name])));
}
