/**
 * The configuration of a deployed stack, as its functions get it: the file beside the sweeper's
 * code, with the values of its environment (docs/decisions/0024-values-known-when-deployed.md).
 * Nothing is invoked and nothing is changed.
 */
import { createHash } from 'node:crypto';
import { GetFunctionCommand, GetFunctionConfigurationCommand, type FunctionConfiguration, type LambdaClient } from '@aws-sdk/client-lambda';
import { ConfigError, parseConfig, type Config } from '../../core/config';
import * as clients from '../../lambda/aws/clients';
import { CONFIG_FILE, ENV } from '../../lambda/contract';
import { withDeployTimeValues } from '../../lambda/deploy-time';
import type { StackRecord } from '../../lambda/stack-record';
import { isDenied } from '../account/unread';
import { CommandError, EXIT } from '../exit';
import { fileInZip } from './zip';

/** Far above any package of ours, which has under 1 MiB. */
const MOST_BYTES = 64 * 1024 * 1024;
const DOWNLOAD_MS = 30_000;

/**
 * With the subnets and security groups that the probers really have: in the file stand-ins may
 * stand in their place, for no handler reads them. Rules that the stack made in the targets'
 * security groups are there already, so `admittedBy` is empty.
 * @throws CommandError where the package cannot be had or holds a configuration that this command
 * line does not know; whatever AWS throws.
 */
export async function deployedConfig(record: StackRecord, client: LambdaClient = clients.functions()): Promise<Config> {
  const { Code, Configuration } = await permitted('lambda:GetFunction', record.sweeper, (FunctionName) =>
    client.send(new GetFunctionCommand({ FunctionName })),
  );
  const environment = environmentOf(record.sweeper, Configuration);
  const archive = await download(record.sweeper, Code?.Location, Configuration?.CodeSha256);
  const second = environment[ENV.secondProberFunction];
  const probers = await configurationsOf(client, [record.prober, ...(second === undefined ? [] : [second])]);
  return inWords(record, () => {
    const config = parseConfig(withDeployTimeValues(fileInZip(archive, CONFIG_FILE), environment[ENV.deployTimeValues]));
    return { ...config, network: { ...config.network, ...networkOf(probers), admittedBy: [] } };
  });
}

function configurationsOf(client: LambdaClient, functions: readonly string[]): Promise<FunctionConfiguration[]> {
  return Promise.all(
    functions.map((name) =>
      permitted('lambda:GetFunctionConfiguration', name, (FunctionName) =>
        client.send(new GetFunctionConfigurationCommand({ FunctionName })),
      ),
    ),
  );
}

async function permitted<T>(action: string, name: string, ask: (name: string) => Promise<T>): Promise<T> {
  try {
    return await ask(name);
  } catch (cause) {
    if (!isDenied(cause)) throw cause;
    const lost = 'lost: the configuration that the stack is deployed with; use --config FILE';
    throw new CommandError(`not permitted: ${action} on ${name}; ${lost}`, EXIT.lacking, { cause });
  }
}

/**
 * Variables that a key hides come back as an error in place of the values (GetFunction, Lambda API
 * reference).
 */
function environmentOf(name: string, configuration: FunctionConfiguration | undefined): Readonly<Record<string, string>> {
  const { Variables = {}, Error: hidden } = configuration?.Environment ?? {};
  if (hidden === undefined) return Variables;
  throw new CommandError(`the variables of ${name} cannot be read: ${hidden.ErrorCode ?? ''} ${hidden.Message ?? ''}`.trim(), EXIT.lacking);
}

/**
 * From the presigned address in the answer, which is valid for ten minutes and needs no credentials
 * (GetFunction, Lambda API reference). The address is a secret and in no message.
 */
async function download(name: string, location: string | undefined, sha256: string | undefined): Promise<Buffer> {
  if (location === undefined) throw new CommandError(`the code of ${name} cannot be had: Lambda gave no address for it`, EXIT.aws);
  const archive = await fetched(name, location);
  const got = createHash('sha256').update(archive).digest('base64');
  if (got !== sha256)
    throw new CommandError(`the code of ${name} is not what was deployed: its SHA-256 is ${got}, not ${sha256}`, EXIT.aws);
  return archive;
}

async function fetched(name: string, location: string): Promise<Buffer> {
  try {
    const answer = await fetch(location, { redirect: 'error', signal: AbortSignal.timeout(DOWNLOAD_MS) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    if (Number(answer.headers.get('content-length') ?? 0) > MOST_BYTES) throw new Error('it is too large');
    return Buffer.from(await answer.arrayBuffer());
  } catch (cause) {
    const { message, cause: inner } = cause as Error;
    const why = inner instanceof Error ? inner.message : message;
    throw new CommandError(`the code of ${name} could not be downloaded from ${new URL(location).host}: ${why}`, EXIT.aws, { cause });
  }
}

function networkOf(probers: readonly FunctionConfiguration[]): Pick<Config['network'], 'subnetIds' | 'securityGroupIds'> {
  return {
    subnetIds: probers.flatMap(({ VpcConfig }) => VpcConfig?.SubnetIds ?? []),
    securityGroupIds: probers[0]?.VpcConfig?.SecurityGroupIds ?? [],
  };
}

function inWords(record: StackRecord, read: () => Config): Config {
  try {
    return read();
  } catch (cause) {
    const why = cause instanceof ConfigError ? `\n${cause.message}` : ` ${(cause as Error).message}`;
    const hint = 'it was deployed by another version; deploy again, or use --config FILE';
    throw new CommandError(
      `the configuration of stack "${record.stack}" beside ${record.sweeper} cannot be used (${hint}):${why}`,
      EXIT.usage,
      {
        cause,
      },
    );
  }
}
