import * as fc from 'fast-check';
import { AwsError } from '../../lab/world/aws-error';
import { SettableClock } from '../../lab/world/clock';
import type { Elb } from '../../lab/world/elb';
import { createWorld } from '../../lab/world/world';

const DELAY_MS = 300_000;
const IDS = ['i-0', 'i-1', 'i-2'];

type Step =
  | { readonly do: 'register' | 'deregister'; readonly id: string }
  | { readonly do: 'check'; readonly id: string; readonly ok: boolean }
  | { readonly do: 'wait'; readonly ms: number };

const id = fc.constantFrom(...IDS);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('register' as const, 'deregister' as const), id }),
  fc.record({ do: fc.constant('check' as const), id, ok: fc.boolean() }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, DELAY_MS / 2, DELAY_MS) }),
);

/**
 * A second, naive account of a group: who was registered, and when each one was last deregistered.
 */
class Naive {
  private readonly deregisteredAt = new Map<string, number>();
  private readonly registered = new Set<string>();

  constructor(
    private readonly clock: SettableClock,
    private readonly targetType: 'instance' | 'ip',
  ) {}

  /** Whether the registration is accepted. */
  register(target: string): boolean {
    if (this.targetType === 'ip' && this.drains(target)) return false;
    this.registered.add(target);
    this.deregisteredAt.delete(target);
    return true;
  }

  deregister(target: string): void {
    if (this.registered.delete(target)) this.deregisteredAt.set(target, this.clock.now());
  }

  has(target: string): boolean {
    return this.registered.has(target);
  }

  drains(target: string): boolean {
    return this.clock.now() - (this.deregisteredAt.get(target) ?? -Infinity) < DELAY_MS;
  }
}

/** The same steps for the world's group and for the naive account. */
class Both {
  readonly clock = new SettableClock();
  readonly naive: Naive;
  private readonly elb: Elb;
  private readonly groupArn: string;

  constructor(targetType: 'instance' | 'ip') {
    const { elb, instances } = createWorld({ clock: this.clock });
    for (const one of IDS) instances.add({ id: one, address: one, zone: 'a' });
    this.elb = elb;
    this.groupArn = elb.addTargetGroup({ name: 'web', port: 80, targetType });
    elb.addListener({ loadBalancerArn: elb.addLoadBalancer({ name: 'lb', zones: ['a'] }), port: 80, forwardTo: [this.groupArn] });
    this.naive = new Naive(this.clock, targetType);
  }

  /** Takes one step. Returns whether group and account agree on accepting it. */
  take(now: Step): boolean {
    if (now.do === 'wait') this.clock.advance(now.ms);
    if (now.do === 'check') this.elb.reportHealthCheck(this.groupArn, { id: now.id, port: 80 }, now.ok);
    if (now.do === 'register') return this.registers(now.id) === this.naive.register(now.id);
    if (now.do === 'deregister') {
      this.elb.deregisterTargets({ TargetGroupArn: this.groupArn, Targets: [{ Id: now.id }] });
      this.naive.deregister(now.id);
    }
    return true;
  }

  routable(): string[] {
    return this.elb.routable(this.groupArn).map((target) => target.id);
  }

  /** Which targets are draining, or which are not, in the order of IDS. */
  shown(draining: boolean): string[] {
    const told = this.elb.describeTargetHealth({ TargetGroupArn: this.groupArn }).TargetHealthDescriptions ?? [];
    const shown = told.filter((one) => (one.TargetHealth?.State === 'draining') === draining).map((one) => one.Target?.Id);
    return IDS.filter((one) => shown.includes(one));
  }

  private registers(target: string): boolean {
    try {
      this.elb.registerTargets({ TargetGroupArn: this.groupArn, Targets: [{ Id: target }] });
      return true;
    } catch (error) {
      if (error instanceof AwsError && error.code === 'InvalidTarget') return false;
      throw error;
    }
  }
}

test.each(['instance', 'ip'] as const)('whatever is done to %s targets, the group agrees with a naive account of it', (targetType) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const both = new Both(targetType);
      for (const now of steps) {
        expect(both.take(now)).toBe(true);
        expect(both.shown(false)).toEqual(IDS.filter((one) => both.naive.has(one)));
        expect(both.shown(true)).toEqual(IDS.filter((one) => both.naive.drains(one)));
        expect(both.routable().filter((one) => !both.naive.has(one))).toEqual([]);
      }
    }),
  );
});
