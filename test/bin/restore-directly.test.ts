/**
 * What `restore --direct` makes of an instance that its Auto Scaling group does not let back in.
 */
import { exitOf, putBack, restoredText, type Direct } from '../../bin/restore-directly';
import { openCase } from '../../core/case-transitions';
import type { Case, LbTarget, Target } from '../../core/model';
import { ReturnRefused } from '../../lambda/act/return-refused';
import { ejection } from '../builders/ejections';
import { GROUP } from '../builders/groups';
import { NOW } from '../builders/now';

const STUCK: Target = { id: 'i-1', port: 8080 };
const OTHER: Target = { id: 'i-2', port: 8080 };

function out(target: Target): Case {
  const opened = openCase({ now: NOW, groupArn: GROUP, about: 'target', id: `case-${target.id}`, summary: 'opened', target });
  const onStandby = { ...ejection(target, NOW, NOW + 900_000), owner: 'asg' as const, autoScalingGroup: 'web', confirmedAt: NOW };
  return { ...opened, state: 'out', ejections: [onStandby] };
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
