/** A static target that does not come back, and what that says about it. */
import { InvalidTargetException, type ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { InstanceRef } from '../../../core/model';
import { elbTarget, staticRegistration } from '../../../lambda/aws/static';
import { AddressNotFree, TargetNotRunning, TargetVanished } from '../../../lambda/act/vanished';
import { clientThat } from '../../builders/clients';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout/0123456789abcdef';
const TARGET = { id: 'i-0123456789abcdef0', port: 8080 };
const INVALID = new InvalidTargetException({ message: 'no', $metadata: {} });

function restoring(answer: Error, state?: string, target = TARGET): Promise<void> {
  const client = clientThat<ElasticLoadBalancingV2Client>(() => Promise.reject(answer));
  const states = { of: async () => new Map(state === undefined ? [] : [[target.id, state]]) };
  return staticRegistration(client, states, { holds: async () => true }).restore(ARN, { owner: 'static', target });
}

describe('a restore that ELB refuses as invalid', () => {
  it.each([undefined, 'terminated'])('is of an instance that has vanished when EC2 says %s', async (state) => {
    await expect(restoring(INVALID, state)).rejects.toBeInstanceOf(TargetVanished);
    await expect(restoring(INVALID, state)).rejects.toMatchObject({ cause: INVALID });
  });

  it.each(['pending', 'stopping', 'stopped', 'shutting-down'])('waits for an instance that is %s', async (state) => {
    await expect(restoring(INVALID, state)).rejects.toBeInstanceOf(TargetNotRunning);
    await expect(restoring(INVALID, state)).rejects.toThrow(`its instance is ${state}`);
  });

  it('stays the error that it is when the instance runs', async () => {
    await expect(restoring(INVALID, 'running')).rejects.toBe(INVALID);
  });
});

describe('a restore of an address', () => {
  const HOST: InstanceRef = { kind: 'instance', instanceId: 'i-0a', interfaceId: 'eni-0a', isPrimary: true };
  const ADDRESS = { id: '10.0.0.1', port: 80, availabilityZone: 'us-east-1a' };

  /** What was registered, and how it ended. */
  async function restored(world: { holds?: boolean | Error; state?: string; answer?: Error; ref?: InstanceRef | undefined }) {
    const registered: unknown[] = [];
    const { holds = true, state = 'running', answer } = world;
    const send = async ({ input }: { input: unknown }) => {
      registered.push(input);
      if (answer !== undefined) throw answer;
    };
    const refs = { holds: async () => (holds instanceof Error ? Promise.reject(holds) : holds) };
    const states = { of: async () => new Map(state === '' ? [] : [[HOST.instanceId, state]]) };
    const removal = { owner: 'static' as const, target: ADDRESS, ...('ref' in world ? {} : { targetRef: HOST }) };
    const made = staticRegistration(clientThat(send), states, refs);
    const error = await made.restore(ARN, removal).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return { registered, error };
  }

  it('registers it with its zone, where its holder still has it', async () => {
    const { registered, error } = await restored({});
    expect(error).toBeUndefined();
    expect(registered).toEqual([{ TargetGroupArn: ARN, Targets: [{ Id: '10.0.0.1', Port: 80, AvailabilityZone: 'us-east-1a' }] }]);
  });

  it.each(['', 'terminated'])('of an instance that is gone (%j) registers nobody: it has vanished', async (state) => {
    const { registered, error } = await restored({ holds: false, state });
    expect(error).toBeInstanceOf(TargetVanished);
    expect(registered).toEqual([]);
  });

  it.each([
    ['EC2 says that a running instance has not got it', { holds: false }],
    ['EC2 cannot be asked', { holds: new Error('throttled') }],
    ['nobody knows who had it', { ref: undefined }],
  ])('registers nobody and concludes nothing where %s', async (_, world) => {
    const { registered, error } = await restored(world);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(TargetVanished);
    expect(registered).toEqual([]);
  });

  it('that ELB does not take yet is asked for again', async () => {
    expect((await restored({ answer: INVALID })).error).toBeInstanceOf(AddressNotFree);
  });
});

describe('a restore', () => {
  it('into a group that was deleted is of a target that has vanished', async () => {
    const gone = Object.assign(new Error('gone'), { name: 'TargetGroupNotFoundException' });
    await expect(restoring(gone, 'running')).rejects.toBeInstanceOf(TargetVanished);
    await expect(restoring(gone, 'running')).rejects.toThrow(`target group ${ARN} was deleted`);
  });

  it('that AWS refuses for any other reason has that error, and nothing has vanished', async () => {
    const throttled = new Error('throttled');
    await expect(restoring(throttled, undefined)).rejects.toBe(throttled);
  });
});

describe('the identity of a target', () => {
  it('has its port, and a zone for an address alone', () => {
    expect(elbTarget({ ...TARGET, availabilityZone: 'us-east-1a' })).toEqual({ Id: TARGET.id, Port: 8080 });
    expect(elbTarget({ id: '10.0.0.1', port: 80, availabilityZone: 'all' })).toEqual({ Id: '10.0.0.1', Port: 80, AvailabilityZone: 'all' });
    expect(elbTarget({ id: '10.0.0.1', port: 80 })).toEqual({ Id: '10.0.0.1', Port: 80 });
  });
});
