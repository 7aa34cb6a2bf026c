/**
 * Guards on a second view, taken away by lying about what it saw. Each host is well, and our probes
 * alone find it slow.
 */
import type { Row } from '../../core/access-log/query';
import type { BalancerMinute, Round } from '../../core/model';
import type { AccessLogs } from '../../lambda/ports';
import { slowPath } from './base-plans';
import type { ProbePath } from './fleet';
import type { Alteration, Mutation } from './mutation';
import { onePlan } from './mutations-config';
import type { Plan } from './happenings';
import { hostNames, type GroupPlan } from './plan';

const [FIRST = ''] = hostNames(1);
const KEY = `${FIRST}:8080`;

/** By the number of the host (lab/chaos/stage.ts). */
const FIRST_ADDRESS = '10.0.0.1';

function found(path: ProbePath, more: Partial<Plan> = {}): Plan {
  return onePlan({}, { minutes: 16, happenings: [slowPath(4, FIRST, path)], client: 'none', ...more });
}

function aboutRounds(change: (round: Round) => Round): Alteration {
  return (ports, config) => ({
    ports: { ...ports, rounds: { latest: async (arn, limit) => (await ports.rounds.latest(arn, limit)).map(change) } },
    config,
  });
}

function aboutMinutes(change: (minute: BalancerMinute) => BalancerMinute): Alteration {
  return (ports, config) => ({
    ports: { ...ports, balancerMetrics: { minutes: async (...of) => (await ports.balancerMetrics.minutes(...of)).map(change) } },
    config,
  });
}

/** One request in five is slow while the target is under suspicion. */
function metByClients(round: Round): Round {
  const suspected = round.verdicts.some(({ key, verdict }) => key === KEY && verdict !== 'clean');
  if (!suspected || round.clientView === undefined) return round;
  const samples = round.clientView.samples.map((sample, index) => (index % 5 === 0 ? { latencyMs: 2500 } : sample));
  return { ...round, clientView: { ...round.clientView, samples } };
}

function withoutPhases(round: Round): Round {
  const { phases: _, ...others } = round;
  return others;
}

function withoutSecondLook(round: Round): Round {
  const { secondLook: _, ...others } = round;
  return others;
}

/** A p99 that always was what the probes find. */
export const alwaysSlow = aboutMinutes((minute) => ({ ...minute, p99Ms: 2500 }));

/** CloudWatch can tell nothing of sticky sessions, and no client is sampled. */
const STICKY = { attributes: { 'stickiness.enabled': 'true' } };

function foundInLogs(more: Partial<Plan> = {}, fields: Partial<GroupPlan> = {}): Plan {
  return onePlan(fields, {
    minutes: 18,
    happenings: [slowPath(4, FIRST, 'limiter')],
    client: 'none',
    accessLogs: 'whole',
    ...more,
  });
}

function aboutRows(change: (row: Row) => Row): Alteration {
  return (ports, config) => {
    const { accessLogs } = ports;
    if (accessLogs === undefined) throw new Error('the plan has no access logs');
    const query: AccessLogs['query'] = async (of) => {
      const { rows, scannedBytes } = await accessLogs.query(of);
      return { rows: rows.map(change), scannedBytes };
    };
    return { ports: { ...ports, accessLogs: { query } }, config };
  };
}

/** From the minute on in which our probes find it slow. */
function allSlow(row: Row): Row {
  const isHis = row['target_port']?.startsWith(`${FIRST_ADDRESS}:`) === true && (row['minute'] ?? '') >= '2026-01-01T00:04';
  return isHis ? { ...row, slow0: row['requests'] ?? '0' } : row;
}

export const SECOND_VIEWS: readonly Mutation[] = [
  {
    name: 'the access logs exclude it, and are waited for',
    takenAway: 'none seem to be configured',
    expected: 'evidence',
    plan: foundInLogs({}, STICKY),
    alter:
      () =>
      (ports, { accessLogs: _logs, ...config }) => ({ ports, config }),
  },
  {
    name: "its own requests in the access logs are as its peers'",
    takenAway: 'they seem to be slow, against a p99 that excludes it',
    expected: 'evidence',
    plan: foundInLogs(),
    alter: () => aboutRows(allSlow),
  },
  {
    name: 'a client of the load balancer excludes it',
    takenAway: 'its requests seem to be slow',
    expected: 'evidence',
    plan: found('limiter', { client: 'admitted' }),
    alter: () => aboutRounds(metByClients),
  },
  {
    name: "the load balancer's p99 excludes it, and is waited for",
    takenAway: 'it seems to have been as high for ever',
    expected: 'evidence',
    plan: found('limiter'),
    alter: () => alwaysSlow,
  },
  {
    name: 'slow in connect alone is no reason',
    takenAway: 'the phases are not on record',
    expected: 'evidence',
    plan: found('syn-loss'),
    alter: () => aboutRounds(withoutPhases),
  },
  {
    name: 'a second prober excludes it',
    takenAway: 'it seems not to be asked, and the p99 lies',
    expected: 'evidence',
    plan: found('limiter', { secondProber: true }),
    alter: () => (ports, config, stage) => {
      const lying = alwaysSlow(
        ports,
        { ...config, network: { ...config.network, subnetIds: config.network.subnetIds.slice(0, 1) } },
        stage,
      );
      return aboutRounds(withoutSecondLook)(lying.ports, lying.config, stage);
    },
  },
];
