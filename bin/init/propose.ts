/** Puts the proposals for groups, network and alarms together, and checks what comes out. Pure. */
import { parseConfig, type ConfigInput } from '../../core/config';
import { metricNameOf, type LatencyAlarm } from '../account/cloudwatch';
import type { MetricsPage } from '../account/metrics-page';
import { listed, type Proposal, type Proposed } from './proposal';
import { proposeGroup, type GroupGiven } from './propose-group';
import { proposeNetwork, type NetworkGiven } from './propose-network';
import type { AccountSurvey } from './survey';

export interface Given extends NetworkGiven {
  readonly stack: string;
  readonly groupOf: (name: string) => GroupGiven;
}

/**
 * @param metrics what was found of each group's metrics, by ARN; absent where nobody could look.
 * @throws ConfigError where what was given is not valid.
 * @throws CommandError where something needed is not there, with the way to get it.
 */
export function propose(survey: AccountSurvey, given: Given, metrics: ReadonlyMap<string, MetricsPage>): Proposal {
  const groups = survey.groups.map((surveyed) => {
    const { name, arn } = surveyed.candidate.group;
    return proposeGroup(surveyed, given.groupOf(name), metrics.get(arn));
  });
  const { network, proposed } = proposeNetwork(survey, given);
  const alarms = proposeAlarms(survey);
  const named = proposeName(survey);
  const config: ConfigInput = {
    stack: given.stack,
    ...(named.name === undefined ? {} : { accountName: named.name }),
    mode: 'observe',
    targetGroups: groups.map(({ input }) => input),
    network,
    ...(alarms.names.length === 0 ? {} : { alarmNames: alarms.names }),
  };
  parseConfig(config);
  return { config, proposed: [...groups.flatMap((group) => group.proposed), ...proposed, ...alarms.proposed, named.proposed] };
}

function proposeName({ alias: { name, failed } }: AccountSurvey): { readonly name?: string; readonly proposed: Proposed } {
  const key = 'accountName';
  if (name !== undefined)
    return { name, proposed: { key, value: name, why: "the account's alias: alerts name the account by it beside its id" } };
  const why =
    failed === undefined
      ? 'the account has no alias: alerts name it by its id'
      : `the account's alias could not be read (${failed}): alerts name it by its id`;
  return { proposed: { key, why } };
}

/** A percentile that one slow target of a few moves. */
const HIGH_PERCENTILE = /^p(9\d|100)/i;

/** The load balancers of the survey, as CloudWatch names them. */
export function metricNames({ groups }: AccountSurvey): string[] {
  return [...new Set(groups.flatMap(({ candidate }) => candidate.group.loadBalancerArns.map(metricNameOf)))];
}

function proposeAlarms(survey: AccountSurvey): { readonly names: string[]; readonly proposed: Proposed[] } {
  const balancers = metricNames(survey);
  const mine = survey.alarms.filter(({ loadBalancer }) => balancers.includes(loadBalancer));
  const taken = mine.filter(({ statistic }) => HIGH_PERCENTILE.test(statistic));
  const others = mine.filter((alarm) => !taken.includes(alarm));
  const left = others.map(leftOut);
  if (taken.length > 0) {
    const value = taken.map(({ name }) => name);
    return { names: value, proposed: [{ key: 'alarmNames', value: value.join(', '), why: whyTaken(taken) }, ...left] };
  }
  const why = `no alarm on the p99 of ${listed(balancers) || 'a load balancer'}: a round comes every minute without one; latencyAlarms in the file makes one`;
  return { names: [], proposed: [{ key: 'alarmNames', why }, ...left] };
}

function leftOut({ name, statistic }: LatencyAlarm): Proposed {
  const why =
    statistic === 'unknown'
      ? `${name}: its statistic is not told: left out`
      : `${name} is on ${statistic}, which one slow target of several hardly moves: left out`;
  return { key: 'alarmNames', why };
}

function whyTaken(alarms: readonly LatencyAlarm[]): string {
  return alarms
    .map(
      ({ statistic, loadBalancer, thresholdS }) =>
        `${statistic} of ${loadBalancer}${thresholdS === undefined ? '' : ` above ${thresholdS} s`}`,
    )
    .join(', ')
    .concat(': when it goes off a round starts at once');
}
