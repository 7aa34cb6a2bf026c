/** Target health as ELB answers it, field by field. */
import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { TARGET_STATES } from '../../../core/model';
import { loadBalancing } from '../../../lambda/aws/load-balancing';
import { GROUP } from '../../builders/groups';
import { balancing } from '../act/clients-setup';

const ID = 'i-0123456789abcdef0';

function read(...TargetHealthDescriptions: TargetHealthDescription[]) {
  return loadBalancing(balancing(() => ({ TargetHealthDescriptions }))).health(GROUP);
}

const one = (fields: Partial<TargetHealthDescription> = {}): TargetHealthDescription => ({
  Target: { Id: ID, Port: 8080 },
  TargetHealth: { State: 'healthy' },
  AnomalyDetection: { Result: 'normal', MitigationInEffect: 'no' },
  ...fields,
});

it('is asked for with what Automatic Target Weights does', async () => {
  const client = balancing(() => ({}));
  expect(await loadBalancing(client).health(GROUP)).toEqual([]);
  expect(client.asked).toEqual([{ name: 'DescribeTargetHealth', input: { TargetGroupArn: GROUP, Include: ['AnomalyDetection'] } }]);
});

it.each(TARGET_STATES)('knows the state %s', async (state) => {
  expect(await read(one({ TargetHealth: { State: state } }))).toEqual([{ target: { id: ID, port: 8080 }, state }]);
});

it('refuses a state that it does not know, and a target without id or port', async () => {
  const later: string = 'paused';
  await expect(read(one({ TargetHealth: { State: later as 'healthy' } }))).rejects.toThrow(
    'got target state "paused"; allowed: initial, healthy',
  );
  await expect(read(one({ TargetHealth: {} }))).rejects.toThrow('got target state undefined');
  await expect(read(one({ Target: { Id: ID } }))).rejects.toThrow('a target without id or port');
});

it('has the reason, by which a drained target is told from one that nobody uses', async () => {
  const unused = (Reason: 'Target.NotRegistered' | 'Target.InvalidState') => one({ TargetHealth: { State: 'unused', Reason } });
  const seen = await read(unused('Target.NotRegistered'), unused('Target.InvalidState'));
  expect(seen.map(({ reason }) => reason)).toEqual(['Target.NotRegistered', 'Target.InvalidState']);
});

it.each([
  ['zonal_shift_active', true],
  ['zonal_shift_delegated_to_dns', true],
  ['unknown', true],
  ['no_override', undefined],
] as const)('under the override %s a zonal shift is: %s', async (State, expected) => {
  expect((await read(one({ AdministrativeOverride: { State } })))[0]?.zonalShift).toBe(expected);
});

it('has a mitigation in effect, and says where that is not told', async () => {
  const mitigation = (MitigationInEffect?: 'yes' | 'no') =>
    one({ AnomalyDetection: MitigationInEffect === undefined ? {} : { MitigationInEffect } });
  const seen = await read(mitigation('yes'), mitigation('no'), mitigation());
  expect(seen.map(({ mitigationInEffect, mitigationUntold }) => [mitigationInEffect, mitigationUntold])).toEqual([
    [true, undefined],
    [undefined, undefined],
    [undefined, true],
  ]);
});

it('keeps the Availability Zone of an address, `all` too, and none of an instance', async () => {
  const in_ = (Id: string, AvailabilityZone: string) => one({ Target: { Id, Port: 8080, AvailabilityZone } });
  const seen = await read(in_('10.0.0.1', 'us-east-1a'), in_('192.168.7.1', 'all'), in_('fd00::1', 'us-east-1b'), in_(ID, 'us-east-1a'));
  expect(seen.map(({ target }) => target)).toEqual([
    { id: '10.0.0.1', port: 8080, availabilityZone: 'us-east-1a' },
    { id: '192.168.7.1', port: 8080, availabilityZone: 'all' },
    { id: 'fd00::1', port: 8080, availabilityZone: 'us-east-1b' },
    { id: ID, port: 8080 },
  ]);
});

it('leaves out functions, in whatever partition, and nothing else', async () => {
  const lambda = (partition: string) => ({
    Target: { Id: `arn:${partition}:lambda:r:123456789012:function:f` },
    TargetHealth: { State: 'unavailable' as const },
  });
  expect(await read(lambda('aws'), lambda('aws-cn'), lambda('aws-us-gov'), one())).toHaveLength(1);
});
