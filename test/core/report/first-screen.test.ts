/** What would be contradictory or said twice in an alert. */
import { isTargetCase } from '../../../core/case';
import { alert, type AlertInput } from '../../../core/report/alert';
import { headOf } from '../../../core/report/head';
import { firstAlertOf, lastAlertOf } from '../../builders/incidents';

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

describe('an IP target', () => {
  const input = firstAlertOf('ip-static');
  const { body, event } = alert(input);

  it('leads to the instance that has the address', () => {
    expect(event?.links.session).toContain('/session-manager/i-0c3d4e5f607181912?');
    expect(body).toContain('target 10.0.1.12:8080 in us-east-1a, instance i-0c3d4e5f607181912, Name checkout-app-3');
    expect(headOf(input).now).toMatch(/^On i-0c3d4e5f607181912, remove the job from \/var\/spool\/cron\/crontabs\/root,/);
  });

  it('that is a pod does not lead to its node, which is not what is slow', () => {
    expect(alert(firstAlertOf('eks-told')).event?.links).not.toHaveProperty('session');
  });
});

describe('a task of ECS', () => {
  const input = firstAlertOf('ecs-fargate');
  const { incident } = input;
  const { replacement } = incident;
  if (!isTargetCase(incident) || replacement === undefined) throw new Error('nothing is replaced');

  it('is named with its service, and leads to both', () => {
    const { body, event } = alert(input);
    const task = replacement.taskArn.split('/').at(-1) ?? '';
    expect(body).toContain(`task ${task}, ECS service checkout in cluster shop`);
    expect(event?.links.task).toContain(`/ecs/v2/clusters/shop/tasks/${task}/`);
    expect(event?.links.service).toContain('/ecs/v2/clusters/shop/services/checkout/');
  });

  it('is said not to come back, and until when it can be kept: its connections drain for that long', () => {
    const now = replacement.intentAt;
    const draining = (drainMs: number) => headOf({ ...input, now, incident: { ...incident, replacement: { ...replacement, drainMs } } });
    expect(draining(300_000).back).toBe('Not this task: stopping it cannot be undone. Its service starts another one.');
    expect(draining(300_000).now).toMatch(
      /^Nothing, unless you want to keep the task: then before \d\d:\d\d UTC, npx --no-install sickbay restore 10\.0\.1\.31:8080 --by NAME --reason TEXT$/,
    );
    expect(draining(5000).now).toContain('then at once, npx');
  });
});

describe('an end', () => {
  const ended = (scene: string) => {
    const input = lastAlertOf(scene);
    if (input === undefined) throw new Error('the drill ended');
    return input;
  };

  it('while users still wait says so, of a task and of an instance', () => {
    const { round, ...told } = ended('ecs-ec2');
    if (round?.clientView === undefined) throw new Error('nobody asked the load balancer');
    const samples = round.clientView.samples.map((sample, index) => (index % 2 === 0 ? { latencyMs: 5000 } : sample));
    const slow = { ...told, round: { ...round, clientView: { ...round.clientView, samples } } };
    expect(headOf(slow).users).toMatch(/^10 of 20 /);
    expect(headOf(slow).now).toBe('Look at the other targets: users still get slow answers or errors.');
    expect(headOf({ ...ended('disk-full'), round: slow.round }).now).toBe(headOf(slow).now);
    expect(headOf(ended('disk-full')).now).toBe('Nothing.');
  });

  it('says of a cause that was not seen to end how to see it', () => {
    const { cause, now } = headOf(ended('pool-leak'));
    expect(cause).toBe('Connections leaking from its DB pool: not looked for again, it may come back.');
    expect(now).toMatch(/^On i-0c3d4e5f607181912, see whether its cause is gone; see it with: ss /);
    expect(headOf(ended('slow-without-cause')).cause).toBe('Not found; it may come back.');
  });

  it('of a case without a removal is a whole sentence', () => {
    expect(headOf(ended('eks-told')).done).toBe('Nothing was removed; closed the case: 2 clean rounds.');
  });

  it('of a target that is out for another case is no recovery', () => {
    const input = ended('eks-told');
    if (input.round === undefined) throw new Error('no round');
    const round = { ...input.round, lbView: input.round.lbView.filter(({ target }) => target.id !== '10.0.1.12') };
    expect(alert(input).subject).toContain('Resolved: it recovered without a removal');
    expect(alert({ ...input, round }).subject).toBe('[checkout-tg] Closed: it is out of service (10.0.1.12)');
  });
});
