import { hostIdOf, sameHolder, targetRefId, type TargetRef } from '../../core/model';

const HOST: TargetRef = { kind: 'instance', instanceId: 'i-0a', interfaceId: 'eni-0a' };
const TASK: TargetRef = { kind: 'ecs-task', taskArn: 'arn:aws:ecs:eu-west-1:1:task/shop/1', cluster: 'shop', launchType: 'FARGATE' };
const UNKNOWN: TargetRef = { kind: 'unknown', why: 'EC2 was not asked' };

describe('who is behind a target', () => {
  test('an instance is told by itself and the interface that has the address', () => {
    expect(targetRefId(HOST)).toBe('i-0a/eni-0a');
    expect(sameHolder(HOST, { ...HOST })).toBe('same');
    expect(sameHolder(HOST, { ...HOST, interfaceId: 'eni-0b' })).toBe('other');
  });

  test('a task is another holder than the instance that had the address before', () => {
    expect(sameHolder(HOST, TASK)).toBe('other');
  });

  test('nothing is concluded from a holder that is not known', () => {
    expect(sameHolder(HOST, UNKNOWN)).toBe('unknown');
    expect(sameHolder(UNKNOWN, UNKNOWN)).toBe('unknown');
    expect(sameHolder(HOST, undefined)).toBe('unknown');
  });

  test('a pod without a name has no identity; on another node it is another pod', () => {
    expect(targetRefId({ kind: 'pod', nodeId: 'i-0a' })).toBeUndefined();
    expect(sameHolder({ kind: 'pod', nodeId: 'i-0a' }, { kind: 'pod', nodeId: 'i-0a' })).toBe('unknown');
    expect(sameHolder({ kind: 'pod', nodeId: 'i-0a' }, { kind: 'pod', nodeId: 'i-0b' })).toBe('other');
    expect(sameHolder({ kind: 'pod', nodeId: 'i-0a' }, HOST)).toBe('other');
  });

  test('the host to inspect is the target, the holder of the address, or where the pod runs', () => {
    expect(hostIdOf({ id: 'i-0c', port: 80 }, undefined)).toBe('i-0c');
    expect(hostIdOf({ id: '10.0.0.7', port: 80 }, HOST)).toBe('i-0a');
    expect(hostIdOf({ id: '10.0.0.7', port: 80 }, { kind: 'pod', nodeId: 'i-0b' })).toBe('i-0b');
    expect(hostIdOf({ id: '10.0.0.7', port: 80 }, TASK)).toBeUndefined();
    expect(hostIdOf({ id: '10.0.0.7', port: 80 }, UNKNOWN)).toBeUndefined();
  });
});
