/**
 * The sweeper's and the responder's own code in a process of its own, bundled as for Lambda: real
 * adapters, real SDK clients and their wire, a simulated prober, and a clock on which only waiting
 * takes time. Told what to do by bench/scale.ts.
 */
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { parseConfig, type Config } from '../../core/config';
import { owners } from '../../lambda/aws/owners';
import { pace, tokenBucket } from '../../lambda/aws/pace';
import { instances } from '../../lambda/aws/instances';
import { targetRefs } from '../../lambda/aws/network-interfaces';
import { loadBalancing } from '../../lambda/aws/load-balancing';
import type { RespondPorts, SweepPorts } from '../../lambda/ports';
import { caseRecords, leaseRecords } from '../../lambda/aws/case-records';
import { NO_SCHEDULED_STOPS, NO_SERVICES } from '../../lambda/no-services';
import { roundRecords } from '../../lambda/aws/round-records';
import { respond } from '../../lambda/respond';
import { sweep } from '../../lambda/sweep';
import type { Job, Run, Start } from './messages';
import { emptyMeter, metered, type Meter } from './metered-dynamo';
import { nothingProbed, simulatedProber, type Probed } from './simulated-prober';
import { VirtualClock } from './virtual-clock';

/** Sweeps begin this far apart. */
const INTERVAL_MS = 60_000;

class Functions {
  private readonly clock: VirtualClock;
  private readonly config: Config;
  private readonly ports: SweepPorts & RespondPorts;
  private meter: Meter = emptyMeter();
  private probed: Probed = nothingProbed();
  private clientSamples = 0;
  private woken = 0;

  constructor(start: Start) {
    this.clock = new VirtualClock(start.startAt);
    this.config = parseConfig(start.config);
    this.ports = this.wire(start);
  }

  async sweep(): Promise<Run> {
    const begin = this.clock.now();
    const run = await this.measured(() => sweep(this.ports, this.config, 'schedule'));
    this.clock.goTo(begin + INTERVAL_MS);
    return run;
  }

  respond(): Promise<Run> {
    return this.measured(() => respond(this.ports, this.config));
  }

  private async measured(work: () => Promise<unknown>): Promise<Run> {
    [this.meter, this.probed, this.clientSamples, this.woken] = [emptyMeter(), nothingProbed(), 0, 0];
    const begin = this.clock.now();
    const cpu = process.cpuUsage();
    const summary = await work();
    const { user, system } = process.cpuUsage(cpu);
    const sizes = this.meter.itemBytes.sort((a, b) => a - b);
    return {
      summary,
      waitedMs: this.clock.now() - begin,
      cpuMs: (user + system) / 1000,
      peakRssMb: process.resourceUsage().maxRSS / 1024,
      meter: { ...this.meter, itemBytes: { median: sizes[Math.floor(sizes.length / 2)] ?? 0, max: sizes.at(-1) ?? 0 } },
      probed: this.probed,
      clientSamples: this.clientSamples,
      woken: this.woken,
    };
  }

  private wire({ elbEndpoint, dynamoEndpoint, sick }: Start): SweepPorts & RespondPorts {
    const { clock } = this;
    const common = { region: 'us-east-1', credentials: { accessKeyId: 'AKIASCALE', secretAccessKey: 'not checked' } };
    const elb = new ElasticLoadBalancingV2Client({ ...common, endpoint: elbEndpoint });
    elb.middlewareStack.use(pace(tokenBucket(clock)));
    const ec2 = new EC2Client({ ...common, endpoint: elbEndpoint });
    ec2.middlewareStack.use(pace(tokenBucket(clock)));
    const dynamo = metered(new DynamoDBClient({ ...common, endpoint: dynamoEndpoint }), () => this.meter);
    const refused = (): Promise<never> => Promise.reject(new Error('the benchmark observes: nothing is changed'));
    return {
      clock,
      log: () => undefined,
      loadBalancing: loadBalancing(elb),
      balancerMetrics: { minutes: async () => [] },
      caseEvents: { emit: refused },
      deployment: {},
      instances: instances(ec2),
      targetRefs: targetRefs(ec2),
      hosts: {
        inspect: async (ids) => ids.map((host) => ({ host, notInspectable: 'no host behind it', capturedAt: clock.now() })),
      },
      taskHosts: { inspect: async () => [] },
      prober: simulatedProber(clock, new Set(sick), () => this.probed),
      clients: {
        sample: async ({ groupArn, samples }) => {
          this.clientSamples += samples;
          return { groupArn, samples: Array.from({ length: samples }, () => ({ latencyMs: 41.5 })) };
        },
      },
      rounds: roundRecords(dynamo, 'Rounds', fail),
      cases: caseRecords(dynamo, 'Cases'),
      lease: leaseRecords(dynamo, 'Cases'),
      responder: { wake: async () => void this.woken++ },
      owners: owners(new AutoScalingClient({ ...common, endpoint: elbEndpoint }), elb),
      topic: { publish: async () => undefined, audience: async () => ({ confirmed: 1, pending: 0 }) },
      metrics: () => undefined,
      killSwitch: { read: async () => ({ state: 'off' }) },
      scheduledRestores: { create: refused, move: refused, exists: refused, cancel: refused },
      instanceStates: { of: async () => new Map() },
      ecs: NO_SERVICES,
      scheduledStops: NO_SCHEDULED_STOPS,
      registrations: { static: { remove: refused, restore: refused }, asg: { remove: refused, restore: refused } },
    };
  }
}

let functions: Functions | undefined;

async function carryOut(job: Job): Promise<Run | 'ready'> {
  if (job.run === 'start') {
    functions = new Functions(job.start);
    return 'ready';
  }
  if (functions === undefined) throw new Error(`got ${job.run} before start`);
  return job.run === 'sweep' ? functions.sweep() : functions.respond();
}

process.on('message', (job: Job) => {
  carryOut(job).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

function fail(summary: string): never {
  throw new Error(summary);
}
