/** Managed instances, by Systems Manager: whether they can be inspected. */
import { paginateDescribeInstanceInformation, type InstanceInformation, type SSMClient } from '@aws-sdk/client-ssm';

/** A host as Systems Manager knows it. */
export interface ManagedInstance {
  readonly id: string;
  readonly online: boolean;
  readonly agentVersion?: string;
  readonly platform?: string;
}

/** Values per filter of DescribeInstanceInformation (API reference: at most 100). */
const IDS_PER_CALL = 100;
/** Instances in one answer (API reference: 5 to 50). */
const PAGE = 50;

/** Managed instances by id; ids that Systems Manager does not know are absent. */
export async function describeInstances(client: SSMClient, ids: readonly string[]): Promise<Map<string, ManagedInstance>> {
  const instances = new Map<string, ManagedInstance>();
  const managed = ids.filter((id) => /^m?i-[0-9a-f]+$/.test(id));
  for (let start = 0; start < managed.length; start += IDS_PER_CALL) {
    const filter = { Key: 'InstanceIds', Values: managed.slice(start, start + IDS_PER_CALL) };
    for await (const page of paginateDescribeInstanceInformation({ client, pageSize: PAGE }, { Filters: [filter] })) {
      for (const entry of page.InstanceInformationList ?? [])
        if (entry.InstanceId !== undefined) instances.set(entry.InstanceId, instance(entry.InstanceId, entry));
    }
  }
  return instances;
}

function instance(id: string, entry: InstanceInformation): ManagedInstance {
  return {
    id,
    online: entry.PingStatus === 'Online',
    ...(entry.AgentVersion === undefined ? {} : { agentVersion: entry.AgentVersion }),
    ...(entry.PlatformType === undefined ? {} : { platform: entry.PlatformType }),
  };
}
