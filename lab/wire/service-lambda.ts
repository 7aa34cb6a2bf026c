import { createHash } from 'node:crypto';
import * as lambdaClient from '@aws-sdk/client-lambda';
import { arn, type Account } from '../world/account';
import { AwsError } from '../world/aws-error';
import { restJsonProtocol } from './protocol-rest-json';
import { read, service, type Service } from './service';

/**
 * Runs a function. For `RequestResponse` it settles with the function's answer; for `Event` as soon
 * as the event is accepted. A function that threw or timed out is an answer with a `functionError`,
 * not a rejection.
 * @throws AwsError ResourceNotFoundException for a function that does not exist.
 */
export type InvokePort = (
  functionName: string,
  payload: unknown,
  type: 'RequestResponse' | 'Event',
  /** An alias; left out where the invoker gave none. */
  qualifier?: string,
) => Promise<{ readonly payload?: unknown; readonly functionError?: string }>;

/** A function as it was deployed. */
export interface DeployedPackage {
  readonly zip: Buffer;
  readonly environment: Readonly<Record<string, string>>;
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
}

/** What GetFunction tells: undefined for a function that there is not. */
export interface Packages {
  readonly find: (functionName: string) => DeployedPackage | undefined;
  /** An address from which whoever has it can download. */
  readonly presign: (zip: Buffer) => string;
}

/** Payload limits in bytes: 6 MB synchronous, 1 MB asynchronous (Lambda quotas; (M)). */
const PAYLOAD_BYTES = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024 };

/** The default quota of an account (Lambda developer guide, quotas); new accounts have less. */
const CONCURRENCY = 1000;

interface InvokeInput {
  readonly FunctionName: string;
  readonly InvocationType?: string;
  readonly Qualifier?: string;
  readonly Payload?: Uint8Array;
}

export function lambdaService(account: Account, invoke: InvokePort, packages: Packages): Service {
  return service({
    signingName: 'lambda',
    iamPrefix: 'lambda',
    sdkName: 'lambda',
    client: lambdaClient,
    protocol: restJsonProtocol,
    operations: {
      GetAccountSettings: read(() => ({
        AccountLimit: { ConcurrentExecutions: CONCURRENCY, UnreservedConcurrentExecutions: CONCURRENCY },
        AccountUsage: { FunctionCount: 0, TotalCodeSize: 0 },
      })),
      GetFunction: read((input: InvokeInput) => {
        const { zip, configuration } = described(account, packages, input);
        return { Code: { RepositoryType: 'S3', Location: packages.presign(zip) }, Configuration: configuration };
      }),
      GetFunctionConfiguration: read((input: InvokeInput) => described(account, packages, input).configuration),
      Invoke: {
        mutating: true,
        action: 'InvokeFunction',
        resources: (input: InvokeInput) => [functionArn(account, input)],
        run: (input: InvokeInput) => run(input, invoke),
      },
    },
  });
}

/** @throws AwsError for a function that there is not. */
function described(account: Account, { find }: Packages, { FunctionName }: InvokeInput): { zip: Buffer; configuration: object } {
  const name = functionName(FunctionName);
  const found = find(name);
  if (found === undefined)
    throw new AwsError('ResourceNotFoundException', `Function not found: ${arn(account, 'lambda', `function:${name}`)}`, 404);
  const { zip, environment, vpc } = found;
  return {
    zip,
    configuration: {
      FunctionName: name,
      FunctionArn: arn(account, 'lambda', `function:${name}`),
      CodeSha256: createHash('sha256').update(zip).digest('base64'),
      CodeSize: zip.length,
      Environment: { Variables: environment },
      ...(vpc === undefined ? {} : { VpcConfig: { SubnetIds: vpc.subnetIds, SecurityGroupIds: vpc.securityGroupIds } }),
    },
  };
}

/** What IAM judges: with the alias or version, where the invoker named one. */
function functionArn(account: Account, input: InvokeInput): string {
  const qualifier = qualifierOf(input);
  return arn(account, 'lambda', `function:${functionName(input.FunctionName)}${qualifier === undefined ? '' : `:${qualifier}`}`);
}

/** Given apart, or behind the name. */
function qualifierOf({ FunctionName, Qualifier }: InvokeInput): string | undefined {
  return Qualifier ?? FunctionName.replace(/^.*function:/, '').split(':')[1];
}

/** The name in a function's name, partial ARN or ARN. */
export function functionName(nameOrArn: string): string {
  return nameOrArn.replace(/^.*function:/, '').split(':')[0] ?? nameOrArn;
}

async function run(input: InvokeInput, invoke: InvokePort): Promise<object> {
  const type = input.InvocationType ?? 'RequestResponse';
  if (type !== 'RequestResponse' && type !== 'Event') {
    throw new AwsError('InvalidParameterValueException', `InvocationType: got ${type}, the lab knows RequestResponse and Event`);
  }
  const bytes = input.Payload?.length ?? 0;
  if (bytes > PAYLOAD_BYTES[type]) throw new AwsError('RequestTooLargeException', `got ${bytes} bytes, allowed ${PAYLOAD_BYTES[type]}`);
  const call = [functionName(input.FunctionName), parsePayload(input.Payload), type] as const;
  const qualifier = qualifierOf(input);
  const answer = await (qualifier === undefined ? invoke(...call) : invoke(...call, qualifier));
  if (type === 'Event') return { StatusCode: 202 };
  const Payload = Buffer.from(JSON.stringify(answer.payload ?? null));
  const failed = answer.functionError === undefined ? {} : { FunctionError: answer.functionError };
  return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload, ...failed };
}

function parsePayload(payload: Uint8Array | undefined): unknown {
  if (!payload || payload.length === 0) return {};
  try {
    return JSON.parse(Buffer.from(payload).toString());
  } catch (cause) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${String(cause)}`);
  }
}
