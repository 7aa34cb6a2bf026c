import type { Action, Listener, LoadBalancer, Rule, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import type {
  DescribeListenersInput,
  DescribeListenersOutput,
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput,
  DescribeRulesInput,
  DescribeRulesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { arn, type Account, type Ids } from './account';
import { AwsError } from './aws-error';
import { LAB_VPC } from './network';
import { pageOf } from './paging';

export interface LoadBalancerSpec {
  readonly name: string;
  readonly arn?: string;
  readonly dnsName?: string;
  readonly scheme?: 'internet-facing' | 'internal';
  readonly type?: 'application' | 'network';
  /** The enabled zones. Targets in other zones are `unused`. */
  readonly zones: readonly string[];
  readonly vpcId?: string;
  readonly securityGroups?: readonly string[];
}

/** A target group, or one with its weight in a forward to several. */
export type Forward = string | { readonly arn: string; readonly weight: number };

export interface ListenerSpec {
  readonly loadBalancerArn: string;
  readonly arn?: string;
  readonly port: number;
  readonly protocol?: 'HTTP' | 'HTTPS' | 'TCP' | 'TLS' | 'UDP';
  /**
   * The groups of the default action, each with weight 1 unless it says another; none: a fixed
   * answer.
   */
  readonly forwardTo: readonly Forward[];
}

export interface RuleSpec {
  readonly listenerArn: string;
  readonly arn?: string;
  readonly priority: number;
  readonly conditions?: RuleCondition[];
  readonly forwardTo: readonly Forward[];
  /** Actions before the forward, such as a login. */
  readonly before?: Action[];
}

/**
 * Load balancers, their listeners and rules. Which groups are in use follows from the listeners'
 * and rules' forward actions.
 */
export class Balancers {
  private readonly balancers: LoadBalancer[] = [];
  private readonly listeners: Listener[] = [];
  private readonly rules: (Rule & { readonly listenerArn: string })[] = [];
  /** By target group, until a rule is added: each read of target health asks. */
  private readonly inFront = new Map<string, LoadBalancer[]>();

  constructor(
    private readonly account: Account,
    private readonly ids: Ids,
  ) {}

  addLoadBalancer(spec: LoadBalancerSpec): string {
    const type = spec.type ?? 'application';
    const kind = type === 'application' ? 'app' : 'net';
    const made = spec.arn ?? arn(this.account, 'elasticloadbalancing', `loadbalancer/${kind}/${spec.name}/${this.ids.hex(16)}`);
    this.balancers.push({
      LoadBalancerArn: made,
      LoadBalancerName: spec.name,
      DNSName: spec.dnsName ?? `${spec.name}.${this.account.region}.elb.amazonaws.com`,
      Scheme: spec.scheme ?? 'internal',
      Type: type,
      State: { Code: 'active' },
      VpcId: spec.vpcId ?? LAB_VPC,
      IpAddressType: 'ipv4',
      // None for a Network Load Balancer that was made without (LoadBalancer, API reference).
      ...(spec.securityGroups === undefined ? {} : { SecurityGroups: [...spec.securityGroups] }),
      AvailabilityZones: spec.zones.map((ZoneName) => ({ ZoneName })),
    });
    return made;
  }

  addListener(spec: ListenerSpec): string {
    this.balancer(spec.loadBalancerArn);
    const made = spec.arn ?? `${spec.loadBalancerArn.replace(':loadbalancer/', ':listener/')}/${this.ids.hex(16)}`;
    const actions = forward(spec.forwardTo);
    this.listeners.push({
      ListenerArn: made,
      LoadBalancerArn: spec.loadBalancerArn,
      Port: spec.port,
      Protocol: spec.protocol ?? 'HTTP',
      DefaultActions: actions,
    });
    this.inFront.clear();
    this.rules.push({
      listenerArn: made,
      RuleArn: ruleArn(made, this.ids),
      Priority: 'default',
      Conditions: [],
      Actions: actions,
      IsDefault: true,
    });
    return made;
  }

  addRule(spec: RuleSpec): string {
    const made = spec.arn ?? ruleArn(spec.listenerArn, this.ids);
    const rule = {
      RuleArn: made,
      Priority: String(spec.priority),
      Conditions: spec.conditions ?? [],
      Actions: [...(spec.before ?? []), ...forward(spec.forwardTo)],
    };
    this.inFront.clear();
    this.rules.push({ listenerArn: spec.listenerArn, ...rule, IsDefault: false });
    return made;
  }

  /**
   * Takes the group out of every listener and rule, as an operator does before deleting it. Rules
   * that are left without a group stay.
   */
  stopForwardingTo(groupArn: string): void {
    const without = (actions: Action[] | undefined) => forward(groupsOf(actions).filter((arn) => arn !== groupArn));
    for (const listener of this.listeners) listener.DefaultActions = without(listener.DefaultActions);
    for (const rule of this.rules) rule.Actions = without(rule.Actions);
    this.inFront.clear();
  }

  /** The load balancers that forward to this group. */
  balancersOf(groupArn: string): LoadBalancer[] {
    const known = this.inFront.get(groupArn) ?? this.findBalancersOf(groupArn);
    this.inFront.set(groupArn, known);
    return known;
  }

  private findBalancersOf(groupArn: string): LoadBalancer[] {
    const listeners = new Set(this.rules.filter((rule) => forwardsTo(rule.Actions, groupArn)).map((rule) => rule.listenerArn));
    const arns = new Set(this.listeners.filter((l) => listeners.has(l.ListenerArn ?? '')).map((l) => l.LoadBalancerArn));
    return this.balancers.filter((balancer) => arns.has(balancer.LoadBalancerArn));
  }

  /** @throws AwsError LoadBalancerNotFound */
  balancer(balancerArn: string): LoadBalancer {
    return oneOrThrow(this.balancers, (b) => b.LoadBalancerArn === balancerArn, 'LoadBalancerNotFound', 'load balancers');
  }

  describeLoadBalancers(input: DescribeLoadBalancersInput): DescribeLoadBalancersOutput {
    const wanted = [...(input.LoadBalancerArns ?? []), ...(input.Names ?? [])];
    const found = wanted.map((key) =>
      oneOrThrow(this.balancers, (b) => b.LoadBalancerArn === key || b.LoadBalancerName === key, 'LoadBalancerNotFound', 'load balancers'),
    );
    const page = pageOf(wanted.length > 0 ? found : this.balancers, input.Marker, input.PageSize ?? 400, 'ValidationError');
    return { LoadBalancers: page.items, NextMarker: page.next };
  }

  describeListeners(input: DescribeListenersInput): DescribeListenersOutput {
    if (input.LoadBalancerArn !== undefined) this.balancer(input.LoadBalancerArn);
    const found = input.ListenerArns
      ? input.ListenerArns.map((key) => this.listener(key))
      : this.listeners.filter((l) => l.LoadBalancerArn === input.LoadBalancerArn);
    const page = pageOf(found, input.Marker, input.PageSize ?? 400, 'ValidationError');
    return { Listeners: page.items, NextMarker: page.next };
  }

  describeRules(input: DescribeRulesInput): DescribeRulesOutput {
    if (input.ListenerArn !== undefined) this.listener(input.ListenerArn);
    const found = input.RuleArns
      ? input.RuleArns.map((key) => oneOrThrow(this.rules, (r) => r.RuleArn === key, 'RuleNotFound', 'rules'))
      : this.rules.filter((rule) => rule.listenerArn === input.ListenerArn);
    const page = pageOf(
      found.map(({ listenerArn: _listenerArn, ...rule }) => rule),
      input.Marker,
      input.PageSize ?? 400,
      'ValidationError',
    );
    return { Rules: page.items, NextMarker: page.next };
  }

  private listener(listenerArn: string): Listener {
    return oneOrThrow(this.listeners, (l) => l.ListenerArn === listenerArn, 'ListenerNotFound', 'listeners');
  }
}

function ruleArn(listenerArn: string, ids: Ids): string {
  return `${listenerArn.replace(':listener/', ':listener-rule/')}/${ids.hex(16)}`;
}

function forward(groups: readonly Forward[]): Action[] {
  if (groups.length === 0) return [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }];
  const entries = groups.map((group) => (typeof group === 'string' ? { arn: group, weight: 1 } : group));
  const ForwardConfig = { TargetGroups: entries.map(({ arn: TargetGroupArn, weight: Weight }) => ({ TargetGroupArn, Weight })) };
  const only = entries.length === 1 ? entries[0]?.arn : undefined;
  return [{ Type: 'forward', ForwardConfig, ...(only === undefined ? {} : { TargetGroupArn: only }) }];
}

function forwardsTo(actions: Action[] | undefined, groupArn: string): boolean {
  return groupsOf(actions).includes(groupArn);
}

function groupsOf(actions: Action[] | undefined): string[] {
  return (actions ?? []).flatMap((action) => (action.ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn ?? ''));
}

function oneOrThrow<T>(items: readonly T[], is: (item: T) => boolean, code: string, what: string): T {
  const found = items.find(is);
  if (!found) throw new AwsError(code, `One or more ${what} not found`);
  return found;
}
