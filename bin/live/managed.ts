/**
 * The inspection over Run Command: by the deployed document where one is named, otherwise by
 * AWS-RunShellScript.
 */
import { SSMClient } from '@aws-sdk/client-ssm';
import type { HostCapture } from '../../core/model';
import { clock } from '../../lambda/aws/clock';
import { INSPECTION_PARAMETERS } from '../../lambda/inspect/document';
import { inspectManaged, type Order } from '../../lambda/aws/run-command';
import { packedScript } from '../../lambda/inspect/packed-script';
import { hostScript, scriptWith, type Parameters } from './script';

/** Delivery to an agent that polls, the script's own 20 s, and room for a loaded host. */
const WAIT_MS = 90_000;
const EXECUTION_S = '60';

export interface ManagedOptions {
  /** Name of a deployed inspection document, version 1 of which takes parameters as environment. */
  readonly document?: string;
  readonly parameters: Parameters;
  readonly tell: (text: string) => void;
}

/**
 * Every instance at the same moment. One that cannot be inspected comes back with the reason.
 * @throws what the SDK throws where Systems Manager cannot be asked at all
 */
export async function inspectManagedHosts(ids: readonly string[], { document, parameters, tell }: ManagedOptions): Promise<HostCapture[]> {
  const client = new SSMClient({});
  const script = hostScript();
  const plain = (digestKey: string): Order => plainOrder(scriptWith(script, { ...parameters, digestKey }));
  const deployed = (digestKey: string): Order => ({
    document: document ?? '',
    version: '1',
    parameters: listed({ ...parameters, digestKey }),
  });
  try {
    return await inspectManaged(
      {
        client,
        clock,
        tell: ({ host, ...rest }) => tell(`${host}: ${'stdout' in rest ? 'inspected' : rest.notInspectable}`),
        log: () => undefined,
      },
      ids,
      (digestKey) => ({ recent: (document === undefined ? plain : deployed)(digestKey), dated: plain(digestKey) }),
      WAIT_MS,
    );
  } finally {
    client.destroy();
  }
}

/**
 * AWS-RunShellScript writes its `commands` into the script that root runs, so what it is given is
 * the script alone and values that no shell takes for anything but data, packed: a limit of the
 * parameter's own is not documented (I), a document may have 64 KB.
 */
function plainOrder(script: string): Order {
  return {
    document: 'AWS-RunShellScript',
    version: '$DEFAULT',
    parameters: { commands: [packedScript(script)], executionTimeout: [EXECUTION_S] },
  };
}

function listed(parameters: Parameters): Record<string, string[]> {
  const names = Object.keys(INSPECTION_PARAMETERS).filter((name): name is keyof Parameters => name in parameters);
  return Object.fromEntries(names.map((name) => [name, [parameters[name] ?? '']]));
}
