/** What would be contradictory or said twice in an alert. */
import { alert, type AlertInput } from '../../../core/report/alert';
import { headOf } from '../../../core/report/head';
import { firstAlertOf } from '../../builders/incidents';

function ruledOutOf(input: AlertInput): string | undefined {
  return /^Ruled out.*\n(.*)$/m.exec(alert(input).body)?.[1];
}

test('what bears on the cause is not ruled out', () => {
  expect(ruledOutOf(firstAlertOf('cpu-hog'))).not.toMatch(/CPU busy|cores used|waited for a CPU/);
  expect(ruledOutOf(firstAlertOf('pool-leak'))).toMatch(/CPU busy.*waited for a CPU/);
});

test('nothing is ruled out by being the same everywhere where all are slow', () => {
  expect(ruledOutOf(firstAlertOf('all-slow'))).toBeUndefined();
});

test('the address of an IP target is said once', () => {
  expect(headOf(firstAlertOf('ip-static')).done).toMatch(/^Removed 10\.0\.1\.12:8080\. 3 of 4/);
  expect(headOf(firstAlertOf('grpc')).done).toMatch(/^Removed i-0c3d4e5f607181912:8081 \(10\.0\.1\.12\)\. 3 of 4/);
});

test('the end of a cause that nobody knows is no condition', () => {
  expect(headOf(firstAlertOf('slow-without-cause')).back).toMatch(/^When healthy, or at .* at the latest/);
  expect(headOf(firstAlertOf('disk-full')).back).toMatch(/^When healthy and the cause is gone, or at .* at the latest/);
});

test('the health check is called by its load balancer', () => {
  const input = firstAlertOf('disk-full');
  if (input.round === undefined) throw new Error('no round');
  const group = { ...input.round.group, protocol: 'TCP' };
  expect(alert(input).body).toContain('ALB health check: passing');
  expect(alert({ ...input, round: { ...input.round, group } }).body).toContain('NLB health check: passing');
});
