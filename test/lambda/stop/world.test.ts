/** What a proposal asks of AWS beside the host, and who may ask something of the function. */
import { EC2Client } from '@aws-sdk/client-ec2';
import type { HostCapture, TargetState } from '../../../core/model';
import { mayRunThere } from '../../../core/stop/same-job';
import { calendarOpen, serves, tagged } from '../../../lambda/aws/stop-world';
import { askedStop } from '../../../lambda/stop/request';
import { REGION, answering, balancing, ssm } from '../act/clients-setup';

const target = { id: 'i-1', port: 8080 };

function tags(ofGroup: string, ofInstance: string) {
  const group = balancing(() => ({ TagDescriptions: [{ Tags: [{ Key: 'sickbay:stop', Value: ofGroup }] }] }));
  const instance = answering(new EC2Client(REGION), () => ({
    Reservations: [{ Instances: [{ Tags: [{ Key: 'sickbay:stop', Value: ofInstance }] }] }],
  }));
  return tagged(group, instance, 'Sickbay')('g', 'i-1');
}

test("the tag has to be on both, with this stack's name", async () => {
  expect(await tags('Sickbay', 'Sickbay')).toBe(true);
  expect(await tags('Sickbay', 'Other')).toBe(false);
  expect(await tags('true', 'Sickbay')).toBe(false);
});

test('nothing is stopped behind an address, whoever has it: AWS is not even asked', async () => {
  const asked: string[] = [];
  const never = (name: string) => () => {
    asked.push(name);
    return {};
  };
  const read = tagged(balancing(never('group')), answering(new EC2Client(REGION), never('instance')), 'Sickbay');
  await expect(read('g', '10.0.0.3')).rejects.toThrow('10.0.0.3 is no instance: nothing is stopped behind an address');
  expect(asked).toEqual([]);
});

test.each<[TargetState, boolean]>([
  ['healthy', true],
  ['unhealthy', true],
  ['initial', true],
  ['unavailable', true],
  ['draining', false],
  ['unhealthy.draining', false],
  ['unused', false],
])('a target that is %s serves: %s', async (state, expected) => {
  expect(await serves({ health: async () => [{ target, state }] })('g', target)).toBe(expected);
});

test('a target that is not registered serves nobody; an answer without any target, or none at all, says nothing', async () => {
  expect(await serves({ health: async () => [{ target: { id: 'i-2', port: 8080 }, state: 'healthy' }] })('g', target)).toBe(false);
  await expect(serves({ health: async () => [] })('g', target)).rejects.toThrow('target health lists no target at all');
  await expect(serves({ health: () => Promise.reject(new Error('Throttling')) })('g', target)).rejects.toThrow('Throttling');
});

test('calendars are open only when AWS says so', async () => {
  const asked = (State: string | undefined) =>
    calendarOpen(
      ssm(() => ({ State })),
      ['Freeze'],
    )();
  expect(await asked('OPEN')).toBe(true);
  expect(await asked('CLOSED')).toBe(false);
  expect(await asked(undefined)).toBe(false);
});

const culprit = { pid: 7, command: 'python3 /opt/reports/monthly --all', user: 'reports' };

test('a peer that cannot be inspected may run the command', () => {
  const silent: HostCapture = { host: 'i-2', notInspectable: 'offline', capturedAt: 0 };
  const cut: HostCapture = { host: 'i-2', stdout: 'nothing of an inspection', capturedAt: 0 };
  expect(mayRunThere(silent, culprit)).toBe(true);
  expect(mayRunThere(cut, culprit)).toBe(true);
});

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:stop';
const wish = { kind: 'undo' as const, stop: 'case-1', by: 'Ann', reason: 'wrong job' };

test('what people ask is taken through the alias for operators alone', () => {
  expect(askedStop({ wokenBy: 'schedule' }, ARN)).toBeUndefined();
  for (const kind of ['undo', 'keep', 'looked-at'] as const)
    expect(askedStop({ wokenBy: 'operator', wish: { ...wish, kind } }, `${ARN}:operator`)).toEqual({ ...wish, kind });
  expect(() => askedStop({ wokenBy: 'operator', wish }, ARN)).toThrow('through the alias for operators alone');
});

test('what is no request is refused with what is allowed', () => {
  const bad = { ...wish, kind: 'approve' } as unknown as typeof wish;
  expect(() => askedStop({ wokenBy: 'operator', wish: bad }, `${ARN}:operator`)).toThrow('wish.kind');
});
