/**
 * What `restore --direct` makes of an instance that its Auto Scaling group does not let back in.
 */
import { exitOf, putBack, restoredText, type Direct } from '../../bin/restore-directly';
import type { Case, LbTarget, Target } from '../../core/model';
import { ReturnRefused } from '../../lambda/act/return-refused';
import { outCase } from '../builders/cases';
import { confirmed } from '../builders/ejections';
import { NOW } from '../builders/now';

const STUCK: Target = { id: 'i-1', port: 8080 };
const OTHER: Target = { id: 'i-2', port: 8080 };

function out(target: Target): Case {
  const onStandby = confirmed(target, NOW, NOW + 900_000, { owner: 'asg', autoScalingGroup: 'web' });
  return outCase(onStandby, { id: `case-${target.id}` });
}

function direct(view: LbTarget[]): Direct {
  const refusal = new ReturnRefused('web has no room for i-1: desired capacity 4, maximum 4');
  const registration = {
    remove: () => Promise.reject(new Error('nothing is removed here')),
    restore: (_: string, { target }: { readonly target: Target }) =>
      target.id === STUCK.id ? Promise.reject(refusal) : Promise.resolve(void view.push({ target, state: 'initial' })),
  };
  return {
    cases: { open: async () => [out(STUCK), out(OTHER)] },
    registrations: { static: registration, asg: registration },
    loadBalancing: { health: async () => view },
    sleep: async () => undefined,
  };
}

test('it is told what a person has to change, and the others are put back all the same', async () => {
  const restored = await putBack(direct([]), undefined);
  expect(restoredText(restored).split('\n')).toEqual([
    'i-1:8080 of checkout: not let back in: web has no room for i-1: desired capacity 4, maximum 4',
    'i-2:8080 of checkout: initial',
    '',
  ]);
  expect(exitOf(restored)).toBe(1);
});
