/**
 * What `restore --direct` makes of an instance that its Auto Scaling group does not let back in,
 * and of a task that is out for its replacement.
 */
import { exitOf, putBack, restoredText, type Direct } from '../../bin/restore-directly';
import type { Case, LbTarget, Replacement, Target } from '../../core/model';
import { ReturnRefused } from '../../lambda/act/return-refused';
import { outCase, replacementCase } from '../builders/cases';
import { confirmed } from '../builders/ejections';
import { NOW } from '../builders/now';
import { REPLACEMENT } from '../builders/replacements';

const STUCK: Target = { id: 'i-1', port: 8080 };
const OTHER: Target = { id: 'i-2', port: 8080 };

function out(target: Target): Case {
  const onStandby = confirmed(target, NOW, NOW + 900_000, { owner: 'asg', autoScalingGroup: 'web' });
  return outCase(onStandby, { id: `case-${target.id}` });
}

function direct(view: LbTarget[], open: readonly Case[] = [out(STUCK), out(OTHER)]): Direct {
  const refusal = new ReturnRefused('web has no room for i-1: desired capacity 4, maximum 4');
  const registration = {
    remove: () => Promise.reject(new Error('nothing is removed here')),
    restore: (_: string, { target }: { readonly target: Target }) =>
      target.id === STUCK.id ? Promise.reject(refusal) : Promise.resolve(void view.push({ target, state: 'initial' })),
  };
  return {
    cases: { open: async () => [...open] },
    registrations: { static: registration, asg: registration },
    loadBalancing: { health: async () => view },
    sleep: async () => undefined,
    now: () => NOW,
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

describe('a task that is out for its replacement', () => {
  const { target } = REPLACEMENT;
  const stopTask = `aws ecs stop-task --cluster ${REPLACEMENT.clusterArn} --task ${REPLACEMENT.taskArn}`;
  const OUT =
    '10.0.0.1:8080 of checkout: not registered: out for the replacement of its task; not registered from here, ' +
    'for its address may be another task by now; ';

  /** Nothing is registered: the registrations of `direct` would say so in its view. */
  async function told(fields: Partial<Replacement>, view: LbTarget[] = []): Promise<string> {
    const before = [...view];
    const restored = await putBack(direct(view, [replacementCase({ ...REPLACEMENT, ...fields })]), undefined);
    expect(view).toEqual(before);
    expect(exitOf(restored)).toBe(restored.every(({ back }) => back) ? 0 : 1);
    return restoredText(restored).trimEnd();
  }

  const SCHEDULED = 'its schedule sickbay-stop-1 stops it at 2026-01-01 12:08:00 UTC';
  const ENDED = `to keep the task delete that schedule first, to end it now stop it with: ${stopTask}`;

  test('is not registered, and when its schedule stops it is told', async () => {
    expect(await told({})).toBe(`${OUT}${SCHEDULED}; ${ENDED}`);
    expect(await told({ calledOffAt: NOW })).toBe(`${OUT}${SCHEDULED}, though that was called off; ${ENDED}`);
    expect(await told({}, [{ target, state: 'draining' }])).toContain('of checkout: draining: out for');
  });

  test('is not registered either when its stop was called off: nothing ends it but a person', async () => {
    expect(await told({ calledOffAt: NOW, scheduleCancelledAt: NOW })).toBe(
      `${OUT}its stop was called off and nothing ends it: when its service does not register it again, stop it with: ${stopTask}`,
    );
  });

  test('is looked for by a person when its scheduled stop is over', async () => {
    expect(await told({ stopsAt: NOW - 600_000 })).toBe(
      `${OUT}its schedule was to stop it at 2026-01-01 11:50:00 UTC: if it still runs, stop it with: ${stopTask}`,
    );
  });

  test('that its service registered again is back, but for a stop that is still to come', async () => {
    const view: LbTarget[] = [{ target, state: 'healthy' }];
    expect(await told({}, view)).toBe(`10.0.0.1:8080 of checkout: healthy: registered again, and ${SCHEDULED}; ${ENDED}`);
    expect(await told({ calledOffAt: NOW, scheduleCancelledAt: NOW }, view)).toBe('10.0.0.1:8080 of checkout: healthy');
  });

  test('is none of those that are out once it was stopped, or given up by a person', async () => {
    expect(await told({ stoppedAt: NOW })).toBe('nothing is out');
    expect(await told({ givenUpBy: 'Ann' })).toBe('nothing is out');
  });
});
