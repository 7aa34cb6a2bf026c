import * as clients from './aws/clients';
import { clock } from './aws/clock';
import { deployedConfig, optional, required } from './aws/environment';
import { functionProber, wakeResponder } from './aws/functions';
import { log } from './aws/log';
import { embeddedMetrics } from './aws/metrics';
import type { SweepEvent } from './contract';
import { isBehind, type AlarmEvent } from './discover/alarm';
import { instances } from './aws/instances';
import { targetRefs } from './aws/network-interfaces';
import { loadBalancing } from './aws/load-balancing';
import type { SweepPorts } from './ports';
import { sampleClient } from './probe/client';
import { caseRecords } from './aws/case-records';
import { roundRecords } from './aws/round-records';
import { tellUnreadable } from './records/unreadable';
import { sweep, type SweepSummary } from './sweep';

const config = deployedConfig(__dirname);
const functions = clients.functions();
const dynamo = clients.dynamo();
const ec2 = clients.readInstances();
const metrics = embeddedMetrics(required('stack'));

const secondProber = optional('secondProberFunction');

const ports: SweepPorts = {
  clock,
  log,
  metrics,
  loadBalancing: loadBalancing(clients.readLoadBalancing()),
  instances: instances(ec2),
  targetRefs: targetRefs(ec2),
  prober: functionProber(functions, required('proberFunction')),
  ...(secondProber === undefined ? {} : { secondProber: functionProber(functions, secondProber) }),
  clients: { sample: sampleClient },
  rounds: roundRecords(dynamo, required('roundsTable'), tellUnreadable(clock, log, metrics)),
  cases: caseRecords(dynamo, required('casesTable')),
  responder: wakeResponder(functions, required('responderFunction')),
};

/**
 * Woken by the Scheduler with a `SweepEvent`, or by EventBridge with an alarm's change of state:
 * then only what is behind it is measured.
 */
export async function handler(event: SweepEvent | AlarmEvent): Promise<SweepSummary> {
  return 'trigger' in event ? sweep(ports, config, event.trigger) : sweep(ports, config, 'alarm', isBehind(event));
}
