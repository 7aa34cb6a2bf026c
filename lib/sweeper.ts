import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Config } from '../core/config';
import { ENV } from '../lambda/contract';
import type { HandedConfig } from './deploy-time';
import { HandlerFunction } from './handler-function';
import { grantKey, type Protection } from './protection';
import type { Records } from './records';

export interface SweeperProps {
  readonly config: Config;
  /** The same for the handler. */
  readonly handed: HandedConfig;
  readonly handlersDir: string;
  readonly records: Records;
  readonly prober: IFunction;
  /** Asked about suspects alone. */
  readonly secondProber?: IFunction;
  readonly responder: IFunction;
  readonly protection: Protection;
  /** Names this Sickbay in its metrics. */
  readonly stack: string;
}

/**
 * The function that looks: it reads the load balancers, has targets probed, judges, writes Rounds
 * and wakes the responder. It changes nothing in the world.
 */
export class Sweeper extends Construct {
  readonly function: IFunction;

  constructor(scope: Construct, id: string, props: SweeperProps) {
    super(scope, id);
    const sweeper = new HandlerFunction(this, 'Handler', {
      description: 'Sickbay: measures, judges and remembers each round',
      handlersDir: props.handlersDir,
      protection: props.protection,
      handler: 'sweep',
      config: props.handed,
      timeoutS: 120,
      // Measured at up to 2,000 groups: docs/scale.md, "Memory and processor share".
      memorySize: 512,
      environment: {
        [ENV.roundsTable]: props.records.rounds.tableName,
        [ENV.casesTable]: props.records.cases.tableName,
        [ENV.proberFunction]: props.prober.functionName,
        ...(props.secondProber === undefined ? {} : { [ENV.secondProberFunction]: props.secondProber.functionName }),
        [ENV.responderFunction]: props.responder.functionName,
        [ENV.stack]: props.stack,
      },
    });
    for (const statement of permissions(props)) sweeper.role.addToPolicy(statement);
    grantKey(props.protection, sweeper.role);
    this.function = sweeper.function;
  }
}

/** ELB's and EC2's describe actions name no resource (service authorization reference). */
export const DESCRIBE_LOAD_BALANCING = [
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetGroupAttributes',
  'elasticloadbalancing:DescribeTags',
  'elasticloadbalancing:DescribeTargetHealth',
];

/** Where instances are, and who has an address. */
export const DESCRIBE_HOLDERS = ['ec2:DescribeInstances', 'ec2:DescribeNetworkInterfaces'];

/** Where clients reach a group: the sweeper alone asks. */
const DESCRIBE_REACH = [
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeRules',
];

function permissions(props: SweeperProps): PolicyStatement[] {
  const { rounds, cases } = props.records;
  const called = [props.prober, ...(props.secondProber === undefined ? [] : [props.secondProber]), props.responder];
  return [
    new PolicyStatement({ actions: [...DESCRIBE_LOAD_BALANCING, ...DESCRIBE_REACH, ...DESCRIBE_HOLDERS], resources: ['*'] }),
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: called.map(({ functionArn }) => functionArn) }),
    new PolicyStatement({ actions: ['dynamodb:Query', 'dynamodb:PutItem'], resources: [rounds.tableArn] }),
    new PolicyStatement({ actions: ['dynamodb:Query'], resources: [cases.tableArn] }),
  ];
}
