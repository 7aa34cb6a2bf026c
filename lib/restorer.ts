import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../core/config';
import { HandlerFunction } from './handler-function';
import { grantKey, type Protection } from './protection';
import { DESCRIBE_HOLDERS } from './sweeper';
import { restoreStatements } from './target-arns';

export interface RestorerProps {
  readonly config: Config;
  readonly handlersDir: string;
  readonly protection: Protection;
  /** Of the scheduled restores: what this function gives up is one that was not carried out. */
  readonly deadLetters: Queue;
}

/** EC2 is asked twice, and ELB once; each is retried by the SDK. */
const TIMEOUT_S = 30;

/**
 * Registers the address of an instance at the end of its lease, if it still is that instance's.
 * Scheduler cannot ask before it calls, and an address may be a stranger's by then. It needs
 * neither the records nor the configuration, and can put targets back and nothing else. It outlives
 * the stack, as the schedules and their role do, for as long as an entry may fire.
 */
export class Restorer extends Construct {
  readonly function: IFunction;

  constructor(scope: Construct, id: string, { config, handlersDir, protection, deadLetters }: RestorerProps) {
    super(scope, id);
    const restorer = new HandlerFunction(this, 'Handler', {
      description: 'Sickbay: restores an address at the end of its lease, if it still is the same instance’s',
      handlersDir,
      protection,
      handler: 'restore',
      timeoutS: TIMEOUT_S,
      memorySize: 256,
      onFailure: new SqsDestination(deadLetters),
      // After one minute, and after two more (Lambda developer guide, "How Lambda handles errors
      // and retries with asynchronous invocation"): to register what is registered changes nothing.
      retry: { attempts: 2, maxAge: Duration.minutes(30) },
    });
    // In every mode, as the scheduled restores of instances.
    for (const statement of restoreStatements(this, config)) restorer.role.addToPolicy(statement);
    restorer.role.addToPolicy(new PolicyStatement({ actions: DESCRIBE_HOLDERS, resources: ['*'] }));
    grantKey(protection, restorer.role);
    this.function = restorer.function;
    for (const kept of [restorer.function, restorer.role, restorer.role.node.findChild('DefaultPolicy')])
      (kept as typeof restorer.role).applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  }
}
