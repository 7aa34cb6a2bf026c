import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { AwsError } from '../world/aws-error';
import type { World } from '../world/world';
import { Dropped, perform, printFault, type Observers, type Understood } from './perform';
import { jsonProtocol } from './protocol-json';
import type { WireProtocol, WireRequest, WireResponse } from './protocol';
import { credentialScope, readRequest } from './request';
import type { Service } from './service';
import { autoScalingService } from './service-autoscaling';
import { cloudwatchService } from './service-cloudwatch';
import { ec2Service } from './service-ec2';
import { ecsService } from './service-ecs';
import { elbService } from './service-elb';
import { iamService } from './service-iam';
import { Downloads } from './downloads';
import { logsService } from './service-logs';
import { lambdaService, type DeployedPackage, type InvokePort } from './service-lambda';
import { schedulerService } from './service-scheduler';
import { eventsService } from './service-events';
import { s3Service } from './service-s3';
import { snsService } from './service-sns';
import { ssmService } from './service-ssm';
import { stsService } from './service-sts';
import { NOBODY, notImplemented, refusal, understandCall, understandDynamo, understandRequest, unknownKey } from './understand';
import { listeningPort } from './listening-port';

export interface FrontDoorOptions extends Observers {
  readonly world: World;
  /** Runs functions for lambda:Invoke. Without one no function exists. */
  readonly invoke?: InvokePort;
  /** Deployed functions, for lambda:GetFunction. */
  readonly packages?: (functionName: string) => DeployedPackage | undefined;
  /**
   * Loopback port of the DynamoDB that requests are passed on to. Without one DynamoDB is not
   * implemented.
   */
  readonly dynamoPort?: number;
}

export interface FrontDoor {
  /** Lets an access key in and gives it a role. The secret is not checked. */
  registerKey(accessKeyId: string, roleArn: string): void;
  /** Opens the door; returns the URL for AWS_ENDPOINT_URL. Defaults: 127.0.0.1, any port. */
  listen(where?: { readonly host?: string; readonly port?: number }): Promise<string>;
  /**
   * Makes a call without a socket, as a role: what Scheduler does for a universal target. Logged
   * and intercepted like any other.
   * @throws AwsError that the service answers.
   */
  callAs(roleArn: string, sdkName: string, action: string, input: unknown): Promise<object>;
  /** Closes the door and every connection. */
  close(): Promise<void>;
}

/** In what a request to no service we know is answered. */
const PLAIN: WireProtocol = jsonProtocol('1.0')({ operations: new Map(), errors: [] });

/**
 * The one endpoint for all of AWS: requests are routed by the credential scope of their signature,
 * roles are known by access key.
 */
export function createFrontDoor(options: FrontDoorOptions): FrontDoor {
  const keys = new Map<string, string>();
  const downloads = new Downloads();
  const services = servicesOf(options, downloads);
  const server = http.createServer((incoming, outgoing) => {
    if (downloads.answer(incoming, outgoing)) return;
    answer({ ...options, services, keys }, incoming, outgoing).catch((error: unknown) => {
      // A caller that died while it was asking is no fault of ours.
      if (!(error instanceof Dropped) && error !== incoming.errored) (options.onFault ?? printFault)(error);
      outgoing.destroy();
    });
  });
  return {
    registerKey: (accessKeyId, roleArn) => void keys.set(accessKeyId, roleArn),
    listen: async ({ host = '127.0.0.1', port = 0 } = {}) => (downloads.base = await listen(server, host, port)),
    callAs: async (role, sdkName, action, input) => {
      const origin = { world: options.world, role, requestId: randomUUID() };
      const service = services.find((candidate) => candidate.sdkName === sdkName);
      if (service) return perform(understandCall(origin, service, action, input), options);
      return perform<object>(refusal(origin, sdkName, action, notImplemented('UnknownService', sdkName, action)), options);
    },
    close: () => close(server),
  };
}

function servicesOf({ world, invoke, packages }: FrontDoorOptions, downloads: Downloads): Service[] {
  const noFunctions: InvokePort = (name) => Promise.reject(new AwsError('ResourceNotFoundException', `Function not found: ${name}`));
  return [
    elbService(world),
    ec2Service(world),
    autoScalingService(world),
    ecsService(world),
    ssmService(world),
    schedulerService(world),
    snsService(world),
    eventsService(world),
    s3Service(world),
    cloudwatchService(world),
    logsService(world),
    lambdaService(world.account, invoke ?? noFunctions, { find: packages ?? (() => undefined), presign: (zip) => downloads.presign(zip) }),
    iamService(world),
    stsService(world),
  ];
}

interface House extends FrontDoorOptions {
  readonly services: readonly Service[];
  readonly keys: ReadonlyMap<string, string>;
}

async function answer(house: House, incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
  const request = await readRequest(incoming);
  const requestId = randomUUID();
  const scope = credentialScope(request);
  const service = house.services.find((candidate) => candidate.signingName === scope?.service);
  const protocol = service?.protocol ?? PLAIN;
  const response = await respond(house, await understand(house, request, requestId, service, protocol), protocol, requestId);
  outgoing.writeHead(response.status, { 'x-amzn-requestid': requestId, ...response.headers }).end(response.body);
}

async function respond(house: House, call: Understood<WireResponse>, protocol: WireProtocol, requestId: string): Promise<WireResponse> {
  try {
    return await perform(call, house);
  } catch (error) {
    if (error instanceof AwsError) return protocol.error(error, requestId);
    throw error;
  }
}

async function understand(
  house: House,
  request: WireRequest,
  requestId: string,
  service: Service | undefined,
  protocol: WireProtocol,
): Promise<Understood<WireResponse>> {
  const scope = credentialScope(request);
  const role = house.keys.get(scope?.accessKeyId ?? '');
  const origin = { world: house.world, role: role ?? NOBODY, requestId };
  const prefix = service?.iamPrefix ?? scope?.service ?? NOBODY;
  const name = protocol.operationName(request) ?? '';
  if (role === undefined) return refusal(origin, prefix, name, unknownKey(protocol, scope));
  if (service) return understandRequest(origin, service, request);
  if (scope?.service === 'dynamodb' && house.dynamoPort !== undefined) return understandDynamo(origin, house.dynamoPort, request);
  return refusal(origin, prefix, name, notImplemented(protocol.codes.unknownOperation, prefix, name));
}

function listen(server: http.Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(`http://${host}:${listeningPort(server)}`);
    });
  });
}

function close(server: http.Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
