/**
 * The kill switch as a custom resource: it makes the parameter where there is none, and never
 * writes to one that is there. A parameter of the template would be written with the template's
 * value whenever CloudFormation updates it for any other reason (a description, the tags of the
 * stack), and that would switch an operator's `on` to `off` in the middle of an incident.
 */
import { errorFields } from './aws/log';
import { KILL_SWITCH } from './contract';
import { answer, type ResourceAnswer, type ResourceRequest } from './custom-resource';
import type { Log } from './ports';

/** What is needed of Parameter Store. */
export interface Switches {
  /** Makes a parameter with that value unless there is one; false: there was. */
  readonly create: (name: string, value: string) => Promise<boolean>;
  /** Undefined: there is none of that name. */
  readonly read: (name: string) => Promise<string | undefined>;
  /** Names of the parameters that have this text in their name. */
  readonly named: (part: string) => Promise<string[]>;
}

export interface KeepPorts {
  readonly switches: Switches;
  readonly log: Log;
}

/**
 * `Former`: a text in the names of the parameters that were the switch before, in releases in which
 * it was a resource of the template.
 */
interface Properties {
  readonly ParameterName?: string;
  readonly Former?: string;
}

/**
 * An answer to everything. The parameter is never deleted: an `on` outlives the stack, and a stack
 * that is made again obeys it.
 */
export async function keepKillSwitch(ports: KeepPorts, request: ResourceRequest): Promise<ResourceAnswer> {
  const { RequestType, PhysicalResourceId, ResourceProperties } = request;
  const { ParameterName: name = '', Former: former } = (ResourceProperties ?? {}) as Properties;
  if (RequestType === 'Delete') return answer(request, PhysicalResourceId ?? name);
  try {
    if (name === '') throw new Error('ParameterName: got nothing');
    await ensure(ports, name, RequestType === 'Update' ? beforeUpdate(name, PhysicalResourceId) : await beforeCreation(ports, former));
    return answer(request, name);
  } catch (error) {
    ports.log('kill-switch-failed', errorFields(error));
    return answer(request, PhysicalResourceId ?? name, `the kill switch ${name} could not be set up (${errorFields(error).error})`);
  }
}

async function beforeCreation({ switches }: KeepPorts, former: string | undefined): Promise<string[]> {
  return former === undefined ? [] : switches.named(former);
}

/**
 * The switch that a renamed stack had. Undefined: the name is the same, and nothing is done; a
 * parameter that somebody deleted counts as `on`, and stays away.
 */
function beforeUpdate(name: string, physicalId: string | undefined): string[] | undefined {
  return physicalId === undefined || physicalId === name ? undefined : [physicalId];
}

/**
 * A switch begins as `off` where there was none before, and where every one before is `off` now.
 */
async function ensure({ switches, log }: KeepPorts, name: string, before: readonly string[] | undefined): Promise<void> {
  if (before === undefined) return;
  const values = await Promise.all(before.filter((other) => other !== name).map((other) => switches.read(other)));
  const value = values.every((was) => was === KILL_SWITCH.off) ? KILL_SWITCH.off : KILL_SWITCH.on;
  log('kill-switch', { name, before, begins: (await switches.create(name, value)) ? value : 'as it was' });
}
