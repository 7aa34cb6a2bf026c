/** A static target that does not come back, and what that says about it. */
import { InvalidTargetException, type ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { elbTarget, staticRegistration } from '../../../lambda/aws/static';
import { TargetNotRunning, TargetVanished } from '../../../lambda/act/vanished';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout/0123456789abcdef';
const TARGET = { id: 'i-0123456789abcdef0', port: 8080 };
const INVALID = new InvalidTargetException({ message: 'no', $metadata: {} });

function restoring(answer: Error, state?: string, target = TARGET): Promise<void> {
  const client = { send: () => Promise.reject(answer) } as unknown as ElasticLoadBalancingV2Client;
  const states = { of: async () => new Map(state === undefined ? [] : [[target.id, state]]) };
  return staticRegistration(client, states).restore(ARN, { owner: 'static', target });
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

  it('stays the error that it is when the instance runs, or is none', async () => {
    await expect(restoring(INVALID, 'running')).rejects.toBe(INVALID);
    await expect(restoring(INVALID, undefined, { id: '10.0.0.1', port: 80 })).rejects.toBe(INVALID);
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
