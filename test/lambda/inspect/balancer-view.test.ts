/** When CloudWatch is asked: beside the evidence, and frugally, since each metric is paid for. */
import type { BalancerMinute, Blocked, Case } from '../../../core/model';
import { withBalancerView } from '../../../lambda/inspect/balancer-view';
import { decisionTo } from '../../builders/decisions';
import { NOW } from '../../builders/now';
import { situation } from '../../builders/scenario/situation';

const MINUTE = 60_000;
const TOLD: BalancerMinute = { startsAt: NOW - MINUTE, requests: 400, serverErrors: 0, connectionErrors: 0, p99Ms: 2400 };

class Bench {
  now = NOW;
  asked = 0;
  readonly logged: string[] = [];
  incident: Case;
  private readonly built;

  constructor(
    description: readonly (readonly [string, string])[],
    private readonly answer: () => BalancerMinute[] = () => [TOLD],
  ) {
    this.built = situation(new Map(description));
    const [first] = this.built.openCases;
    if (first === undefined) throw new Error('the situation has no case');
    this.incident = first;
  }

  async wakeUp(afterMs = 0): Promise<Case> {
    this.now += afterMs;
    const [group] = this.built.groups;
    if (group === undefined) throw new Error('the situation has no group');
    const minutes = async () => {
      this.asked += 1;
      return this.answer();
    };
    const ports = {
      clock: { now: () => this.now, sleep: async () => undefined },
      balancerMetrics: { minutes },
      log: (event: string) => void this.logged.push(event),
    };
    this.incident = await withBalancerView(ports, this.built.config, group, this.incident);
    return this.incident;
  }
}

test('what CloudWatch says goes on the record of a conviction, with the time it was read', async () => {
  expect((await new Bench([]).wakeUp()).balancer).toEqual({ readAt: NOW, minutes: [TOLD] });
});

/** As it was decided the last time: refused for these reasons. */
function refused(bench: Bench, ...blocked: Blocked[]): void {
  bench.incident = { ...bench.incident, decision: decisionTo('keep', { blocked }) };
}

test('while a second view alone is missing it is read for in each round', async () => {
  const bench = new Bench([]);
  refused(bench, 'second-view-awaited');
  for (let minute = 0; minute < 5; minute += 1) await bench.wakeUp(minute === 0 ? 0 : MINUTE);
  expect(bench.asked).toBe(5);
});

test('a conviction by latency that something else refuses for an hour is read for every ten minutes', async () => {
  const bench = new Bench([]);
  refused(bench, 'mode-observe', 'second-view-awaited');
  for (let minute = 0; minute < 60; minute += 1) await bench.wakeUp(minute === 0 ? 0 : MINUTE);
  expect(bench.asked).toBe(6);
});

test('a conviction by errors never rests on a reading that is a minute old', async () => {
  const bench = new Bench([['why', 'errors']]);
  await bench.wakeUp();
  await bench.wakeUp(MINUTE - 1);
  expect(bench.asked).toBe(1);
  await bench.wakeUp(1);
  expect(bench.asked).toBe(2);
});

test.each([
  ['a target that is only suspected', [['verdict', 'suspect']]],
  ['a target that is out', [['case', 'out']]],
  ['a group that nobody sees', [['about', 'blind']]],
  ['a breaker', [['about', 'breaker']]],
] as const)('%s is not read for', async (_, description) => {
  const bench = new Bench(description);
  await bench.wakeUp();
  expect(bench.asked).toBe(0);
});

test('a slowness that all share is read for once', async () => {
  const bench = new Bench([['about', 'shared']]);
  await bench.wakeUp();
  await bench.wakeUp(60 * MINUTE);
  expect(bench.asked).toBe(1);
  expect(bench.incident.balancer?.minutes).toEqual([TOLD]);
});

test('a CloudWatch that does not answer is said on the record and in the log, and keeps nothing from going on', async () => {
  const bench = new Bench([], () => {
    throw new Error('AccessDenied: no');
  });
  expect((await bench.wakeUp()).balancer).toEqual({ readAt: NOW, minutes: [], unread: 'Error: AccessDenied: no' });
  expect(bench.logged).toEqual(['balancer-unread']);
});
