/** Why nothing was removed, where an alert has little room. */
import type { Blocked } from '../../../core/model';
import { alert } from '../../../core/report/alert';
import { headOf } from '../../../core/report/head';
import { whyRefused } from '../../../core/report/why-refused';
import { firstAlertOf } from '../../builders/incidents';

const BLOCKED: readonly Blocked[] = ['capacity-unknown', 'frozen-deployment', 'budget-stack', 'held'];

function refusedFor(blocked: readonly Blocked[], scene = 'slow-without-cause') {
  const input = firstAlertOf(scene);
  const incident = { ...input.incident, state: 'suspected' as const, ejections: [] };
  return { ...input, incident, decision: { ...input.decision, action: 'keep' as const, blocked } };
}

test('reasons are whole: those that do not fit are counted', () => {
  const why = (most: number) => whyRefused(refusedFor(BLOCKED), most);
  expect(why(200)).toBe(
    "the others' load is unknown, a deployment is under way, the hourly limit of the stack is reached, an operator holds it",
  );
  expect(why(70)).toBe("the others' load is unknown, a deployment is under way, and 2 more");
  expect(why(40)).toBe("the others' load is unknown, and 3 more");
  expect(why(20)).toBe('');
});

test.each([1, 2, 3, 4])('the subject names the target, however many reasons there are: %i', (count) => {
  const { subject } = alert(refusedFor(BLOCKED.slice(0, count)));
  expect(subject).toMatch(/^\[checkout-tg\] Slow, not removed \(the others' load is unknown(, .*)?\) \(i-0c3d4e5f.*\)$/);
  expect(subject.length).toBeLessThanOrEqual(100);
});

test('the first screen cuts no reason either', () => {
  expect(headOf(refusedFor([...BLOCKED, 'zone-floor'])).done).toBe(
    "Nothing. i-0c3d4e5f607181912:8080 (10.0.1.12) stays in service: the others' load is unknown, a deployment is under way, " +
      'the hourly limit of the stack is reached, and 2 more.',
  );
});

test('where Kubernetes registers the targets that is the reason, and what comes of it is none', () => {
  expect(whyRefused(refusedFor(['owner-unsupported', 'capacity-unknown', 'target-unsupported', 'world-changed'], 'eks-told'))).toBe(
    "Kubernetes manages it, the others' load is unknown",
  );
  expect(whyRefused(refusedFor(['owner-unsupported']))).toBe('its owner is not what was declared');
});
