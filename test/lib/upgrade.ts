/**
 * What CloudFormation does to the parameters of a stack when it is deployed over the one before, as
 * far as the kill switch is concerned.
 */
import type { Template } from 'aws-cdk-lib/assertions';
import type { ResourceAnswer, ResourceRequest } from '../../lambda/custom-resource';
import type { ParameterStore } from '../../lab/world/parameter-store';
import { resourcesOf, type Resource } from './synthesised';

/** A stack as deployed: its resources, and the names that they got. */
export interface Deployed {
  readonly resources: Readonly<Record<string, Resource>>;
  readonly names: ReadonlyMap<string, string>;
}

export interface Account {
  readonly parameters: ParameterStore;
  /** The function behind the custom resource. */
  readonly keep: (request: ResourceRequest) => Promise<ResourceAnswer>;
}

const NONE: Deployed = { resources: {}, names: new Map() };

/**
 * Creates and updates first, deletes what is left over last (CloudFormation user guide, "Update
 * behaviors of stack resources").
 */
export async function deploy(account: Account, template: Template, before: Deployed = NONE): Promise<Deployed> {
  const resources = resourcesOf(template);
  const names = new Map<string, string>();
  for (const [id, resource] of Object.entries(resources)) {
    const name = await put(account, id, resource, before);
    if (name !== undefined) names.set(id, name);
  }
  for (const [id, name] of before.names) if (!names.has(id)) account.parameters.remove(name);
  return { resources, names };
}

async function put(account: Account, id: string, resource: Resource, { resources, names }: Deployed): Promise<string | undefined> {
  const was = resources[id];
  const name = names.get(id);
  const changed = JSON.stringify(was?.Properties) !== JSON.stringify(resource.Properties);
  if (resource.Type === 'AWS::SSM::Parameter') return changed ? putParameter(account, name ?? `CFN-${id}-AbCdEf123456`, resource) : name;
  if (resource.Type !== 'Custom::SickbayKillSwitch') return undefined;
  return changed ? ask(account, id, resource, name) : name;
}

/**
 * PutParameter has no way to leave the value alone: every update of the resource writes it (API
 * reference, PutParameter: `Value` is required).
 */
function putParameter({ parameters }: Account, name: string, { Properties = {} }: Resource): string {
  parameters.putParameter({ Name: name, Value: Properties['Value'] as string, Type: 'String', Overwrite: true });
  return name;
}

async function ask({ keep }: Account, id: string, { Properties = {} }: Resource, name: string | undefined): Promise<string> {
  const answered = await keep({
    RequestType: name === undefined ? 'Create' : 'Update',
    ResponseURL: 'https://cloudformation.example.com',
    StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Sickbay/0f0f',
    RequestId: 'r',
    LogicalResourceId: id,
    ...(name === undefined ? {} : { PhysicalResourceId: name }),
    ResourceProperties: Properties,
  });
  if (answered.Status === 'FAILED') throw new Error(answered.Reason);
  return answered.PhysicalResourceId;
}
