/** The kill switch: an SSM parameter, read right before each removal. Unreadable is `on`. */
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { KILL_SWITCH } from '../contract';
import type { KillSwitchReader } from '../ports';

export function killSwitch(client: SSMClient, parameter: string): KillSwitchReader {
  return {
    read: async () => {
      try {
        const answer = await client.send(new GetParameterCommand({ Name: parameter }));
        const value = answer.Parameter?.Value;
        if (value === KILL_SWITCH.off) return { state: 'off' };
        return value === KILL_SWITCH.on ? { state: 'on' } : { state: 'on', why: `got ${JSON.stringify(value)}; allowed: off, on` };
      } catch (error) {
        // Not swallowed: the reason stands in the guardrail, in the alert and in the case.
        return { state: 'on', why: `unreadable: ${error instanceof Error ? error.name : String(error)}` };
      }
    },
  };
}
