/** Whether instances run, are stopped or are gone: ELB does not tell these apart. */
import { paginateDescribeInstances, type EC2Client } from '@aws-sdk/client-ec2';
import type { InstanceStates } from '../ports';

/** Values in one filter (EC2's documentation allows 200). */
const IDS_PER_CALL = 200;

/**
 * By a filter and not by `InstanceIds`: there one id that EC2 has forgotten fails the call for all
 * (InvalidInstanceID.NotFound).
 */
export function instanceStates(client: EC2Client): InstanceStates {
  return {
    of: async (ids) => {
      const states = new Map<string, string>();
      for (let start = 0; start < ids.length; start += IDS_PER_CALL) {
        const filter = { Name: 'instance-id', Values: ids.slice(start, start + IDS_PER_CALL) };
        for await (const page of paginateDescribeInstances({ client }, { Filters: [filter] }))
          for (const { InstanceId, State } of (page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []))
            if (InstanceId !== undefined && State?.Name !== undefined) states.set(InstanceId, State.Name);
      }
      return states;
    },
  };
}
