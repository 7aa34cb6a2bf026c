/** A case of an address that somebody else has by now. */
import { decide } from '../../../core/decide/decide';
import type { Situation } from '../../../core/decide/situation';
import { isTargetCase } from '../../../core/case';
import { targetKey, type TargetRef } from '../../../core/model';
import { situation } from '../../builders/scenario/situation';
import { containing, notMatching } from '../../builders/text';

const HOST: TargetRef = { kind: 'instance', instanceId: 'i-1', interfaceId: 'eni-1', isPrimary: true };
const STRANGER: TargetRef = { kind: 'instance', instanceId: 'i-b', interfaceId: 'eni-b', isPrimary: true };

/** A case about HOST's address, which `now` is said to have. */
function held(now: TargetRef | undefined, description: Readonly<Record<string, string>> = {}): Situation {
  const described = situation(new Map(Object.entries({ 'target type': 'ip', ...description })));
  const openCases = described.openCases.map((incident) => (isTargetCase(incident) ? { ...incident, targetRef: HOST } : incident));
  const keys = openCases.flatMap(({ target }) => (target === undefined ? [] : [targetKey(target)]));
  const targetRefs = new Map(now === undefined ? [] : keys.map((key) => [key, now] as const));
  return { ...described, openCases, groups: described.groups.map((group) => ({ ...group, targetRefs })) };
}

const decided = (world: Situation) => decide(world)[0]?.decision;

it.each(['suspected', 'watching'])('that is %s ends: the target has vanished', (state) => {
  expect(decided(held(STRANGER, { case: state }))).toMatchObject({
    action: 'close',
    because: 'vanished',
    reason: 'its address now belongs to i-b (eni-b), and not to i-1 (eni-1) any more',
  });
});

it('that is out is restored, which looks twice who has the address, and registers no stranger', () => {
  expect(decided(held(STRANGER, { case: 'out', 'registered states': 'absent' }))).toMatchObject({
    action: 'restore',
    reason: containing('as it seems'),
  });
});

it('that is out, and whose address a stranger was registered with, is not taken for ours', () => {
  expect(decided(held(STRANGER, { case: 'out' }))).toMatchObject({ action: 'restore' });
});

it('whose removal was confirmed seconds ago waits', () => {
  const waits = decided(held(STRANGER, { case: 'out', 'registered states': 'absent', 'confirmed seconds ago': '5' }));
  expect(waits).toMatchObject({ action: 'keep' });
});

it.each([
  ['the same holder', HOST],
  ['a holder that cannot be told', { kind: 'unknown', why: 'EC2 could not be asked' } as const],
  ['nobody asked', undefined],
])('with %s goes on', (_, now) => {
  expect(decided(held(now))).toMatchObject({ action: notMatching('close') });
  expect(decided(held(now, { case: 'out', 'registered states': 'absent' }))).toMatchObject({
    action: notMatching('restore'),
  });
});
