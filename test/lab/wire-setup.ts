import { createFrontDoor, type FrontDoor, type FrontDoorOptions } from '../../lab/wire/front-door';
import type { AwsCall } from '../../lab/wire/calls';
import { SettableClock } from '../../lab/world/clock';
import { createWorld, type World, type WorldOptions } from '../../lab/world/world';

// Real clients and sockets: a loaded machine may take its time, nothing here measures it.
jest.setTimeout(60_000);

export const ROLE = 'arn:aws:iam::123456789012:role/responder';

/** A world with its front door open on loopback, and what an SDK client needs to come in by it. */
export interface Opened {
  readonly world: World;
  readonly clock: SettableClock;
  readonly door: FrontDoor;
  readonly calls: AwsCall[];
  /** Configuration for any SDK client: one attempt, the registered key. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
}

export async function open(options: Partial<FrontDoorOptions & Omit<WorldOptions, 'clock'>> = {}): Promise<Opened> {
  const clock = new SettableClock();
  const world = createWorld({ clock, ...options });
  const calls: AwsCall[] = [];
  const door = createFrontDoor({ onCall: (call) => calls.push(call), ...options, world });
  door.registerKey('AKIARESPONDER', ROLE);
  const endpoint = await door.listen();
  const credentials = { accessKeyId: 'AKIARESPONDER', secretAccessKey: 'not checked' };
  return { world, clock, door, calls, client: { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 } };
}

/** Three instances behind a load balancer, in two zones. Returns the group's ARN. */
export function webGroup({ instances, elb }: World, name = 'web'): string {
  const groupArn = elb.addTargetGroup({
    name,
    port: 8080,
    healthCheck: { HealthCheckPath: '/health' },
    tags: { 'sickbay:enforce': 'Sickbay' },
  });
  const loadBalancerArn = elb.addLoadBalancer({ name: `${name}-lb`, zones: ['us-east-1a', 'us-east-1b'] });
  elb.addListener({ loadBalancerArn, port: 80, forwardTo: [groupArn] });
  for (const [index, id] of IDS.entries()) {
    if (!instances.find(id)) instances.add({ id, address: `10.0.0.${index + 1}`, zone: index === 2 ? 'us-east-1b' : 'us-east-1a' });
  }
  elb.registerTargets({ TargetGroupArn: groupArn, Targets: IDS.map((Id) => ({ Id })) });
  for (const id of IDS) elb.reportHealthCheck(groupArn, { id, port: 8080 }, true);
  return groupArn;
}

export const IDS = ['i-0aaaaaaaaaaaaaaa1', 'i-0aaaaaaaaaaaaaaa2', 'i-0aaaaaaaaaaaaaaa3'] as const;
