/**
 * The scheduled restore of an address: it registers whom the entry names, and fails on all else.
 */
import { restoreAddress } from '../../../lambda/act/restore-address';
import type { Removal } from '../../../lambda/ports';
import { TargetVanished } from '../../../lambda/act/vanished';

const EVENT = {
  groupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef',
  target: { id: '10.0.0.7', port: 8080, availabilityZone: 'us-east-1a' },
  targetRef: { kind: 'instance', instanceId: 'i-0a', interfaceId: 'eni-0a', isPrimary: true },
};

async function carriedOut(event: unknown, answer?: Error) {
  const asked: { readonly groupArn: string; readonly removal: Removal }[] = [];
  const logged: string[] = [];
  const restore = async (groupArn: string, removal: Removal) => {
    asked.push({ groupArn, removal });
    if (answer !== undefined) throw answer;
  };
  const ending = restoreAddress({ registration: { restore }, log: (name) => void logged.push(name) }, event);
  return {
    asked,
    logged,
    error: await ending.then(
      () => undefined,
      (error: unknown) => error,
    ),
  };
}

it('asks for the registration of that address, for that holder', async () => {
  const { asked, logged, error } = await carriedOut(EVENT);
  expect(error).toBeUndefined();
  expect(asked).toEqual([{ groupArn: EVENT.groupArn, removal: { owner: 'static', target: EVENT.target, targetRef: EVENT.targetRef } }]);
  expect(logged).toEqual(['address-restored']);
});

it('fails where the holder is another, so that Lambda tries again and a person is paged', async () => {
  const vanished = new TargetVanished('somebody else has it');
  expect(await carriedOut(EVENT, vanished)).toMatchObject({ error: vanished, logged: [] });
});

it.each([
  ['nothing', undefined],
  ['no holder', { ...EVENT, targetRef: undefined }],
  ['a holder that is unknown', { ...EVENT, targetRef: { kind: 'unknown', why: 'no' } }],
  ['a target without a port', { ...EVENT, target: { id: '10.0.0.7' } }],
])('registers nobody by an event with %s', async (_, event) => {
  const { asked, error } = await carriedOut(event);
  expect(asked).toEqual([]);
  expect(error).toBeInstanceOf(Error);
});
