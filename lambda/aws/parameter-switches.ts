/** The kill switch's parameter, made and read; nothing here can change one that is there. */
import {
  GetParameterCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  paginateDescribeParameters,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { KILL_SWITCH } from '../contract';
import type { Switches } from '../keep-kill-switch';

const { on, off } = KILL_SWITCH;

export function parameterSwitches(client: SSMClient): Switches {
  return {
    create: async (Name, Value) => {
      const Description = `Sickbay removes targets only while this is "${off}"; set it to "${on}" to stop removals. Restores go on.`;
      try {
        await client.send(
          new PutParameterCommand({ Name, Value, Description, Type: 'String', AllowedPattern: `^(${off}|${on})$`, Overwrite: false }),
        );
        return true;
      } catch (error) {
        if (error instanceof ParameterAlreadyExists) return false;
        throw error;
      }
    },
    read: async (Name) => {
      try {
        return (await client.send(new GetParameterCommand({ Name }))).Parameter?.Value;
      } catch (error) {
        if (error instanceof ParameterNotFound) return undefined;
        throw error;
      }
    },
    named: (part) => named(client, part),
  };
}

/**
 * The filter `Name` takes `Contains` (API reference, ParameterStringFilter). An answer may be empty
 * and have a next page all the same.
 */
async function named(client: SSMClient, part: string): Promise<string[]> {
  const names: string[] = [];
  const pages = paginateDescribeParameters({ client }, { ParameterFilters: [{ Key: 'Name', Option: 'Contains', Values: [part] }] });
  for await (const { Parameters = [] } of pages) names.push(...Parameters.flatMap(({ Name }) => Name ?? []));
  return names;
}
