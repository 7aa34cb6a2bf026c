/** What target health says of a target, state by state and reason by reason. */
import { isRegistered, isServing } from '../../core/case';
import { TARGET_STATES, type LbTarget } from '../../core/model';

const target = { id: 'i-1', port: 8080 };
const LEAVING: readonly string[] = ['draining', 'unhealthy.draining'];

describe.each(TARGET_STATES)('a target that is %s', (state) => {
  it('gets requests, as far as the load balancer checks it, or not', () => {
    expect(isServing({ target, state })).toBe(state === 'healthy');
  });

  it('is registered until it is on its way out', () => {
    expect(isRegistered({ target, state })).toBe(!LEAVING.includes(state));
  });

  it('and not registered by its reason is out', () => {
    expect(isRegistered({ target, state, reason: 'Target.NotRegistered' })).toBe(false);
  });
});

// The reasons of `unused` (TargetHealth, ELBv2 API reference).
it.each<[string, boolean]>([
  ['Target.NotRegistered', false],
  ['Target.NotInUse', true],
  ['Target.InvalidState', true],
  ['Target.IpUnusable', true],
])('of an unused target %s is: registered %s', (reason, expected) => {
  expect(isRegistered({ target, state: 'unused', reason })).toBe(expected);
});

it('what is not listed is not registered', () => {
  const listed: readonly LbTarget[] = [];
  expect(isRegistered(listed[0])).toBe(false);
});
