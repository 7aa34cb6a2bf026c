import type { Alias, IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENV, RESPONDER_TIMEOUT_S } from '../lambda/contract';
import { DeadLetters } from './dead-letters';
import { HandlerFunction } from './handler-function';
import { operatorEntry } from './operator-entry';
import { grantKey } from './protection';
import { responderPermissions } from './responder-permissions';
import type { ResponderProps } from './responder-props';
import { RUNBOOK, describedBy, runbookBaseUrlOf } from './runbook';

/**
 * The function that acts: the only one that may take a target out, and the only writer of Cases. It
 * runs outside every VPC.
 */
export class Responder extends Construct {
  readonly function: IFunction;
  /**
   * The way in for people's requests; the function itself takes none (lambda/operator-entry.ts).
   */
  readonly operators: Alias;
  /** Wake-ups that were never processed. */
  readonly failures: Queue;

  constructor(scope: Construct, id: string, props: ResponderProps) {
    super(scope, id);
    const failures = new DeadLetters(this, 'Failures', {
      description: describedBy(
        this,
        RUNBOOK.responderDead,
        'A run of the responder failed or was never begun. The next sweep wakes it again.',
      ),
      page: props.alerts.page,
      protection: props.protection,
    });
    this.failures = failures.queue;
    const responder = new HandlerFunction(this, 'Handler', {
      description: 'Sickbay: inspects, diagnoses, decides, acts and reports',
      handlersDir: props.handlersDir,
      protection: props.protection,
      handler: 'respond',
      config: props.handed,
      timeoutS: RESPONDER_TIMEOUT_S,
      // Measured with 2,000 groups to read: docs/scale.md, "Memory and processor share".
      memorySize: 512,
      environment: environment(this, props),
      onFailure: new SqsDestination(failures.queue),
    });
    for (const statement of responderPermissions(this, props)) responder.role.addToPolicy(statement);
    grantKey(props.protection, responder.role);
    // Of a topic of one's own, with a key of its own.
    for (const { masterKey } of props.alerts.all)
      if (masterKey !== props.protection.encryptionKey) masterKey?.grantEncryptDecrypt(responder.role);
    this.function = responder.function;
    this.operators = operatorEntry(this, responder.function, {
      description: 'Sickbay: what people ask of the responder',
      operators: props.config.operators,
      failures: failures.queue,
    });
  }
}

function environment(scope: Construct, props: ResponderProps): Record<string, string> {
  const runbook = runbookBaseUrlOf(scope);
  return {
    [ENV.roundsTable]: props.records.rounds.tableName,
    [ENV.casesTable]: props.records.cases.tableName,
    [ENV.inspectionDocument]: props.documents.full.documentName,
    [ENV.basicInspectionDocument]: props.documents.basic.documentName,
    [ENV.pageTopicArn]: props.alerts.page.topicArn,
    [ENV.notifyTopicArn]: props.alerts.notify.topicArn,
    [ENV.stack]: props.stack,
    ...(props.reportsBucket === undefined ? {} : { [ENV.reportsBucket]: props.reportsBucket }),
    [ENV.scheduleGroup]: props.scheduledRestores.group.ref,
    [ENV.scheduleRoleArn]: props.scheduledRestores.role.roleArn,
    [ENV.scheduleDlqArn]: props.scheduledRestores.deadLetters.queueArn,
    ...(props.scheduledStops === undefined ? {} : { [ENV.scheduledStopRoleArn]: props.scheduledStops.role.roleArn }),
    ...(props.pageReader === undefined ? {} : { [ENV.proberFunction]: props.pageReader.functionName }),
    [ENV.restoreFunctionArn]: props.restorer.functionArn,
    [ENV.killSwitchParameter]: props.killSwitch.parameterName,
    ...(runbook === undefined ? {} : { [ENV.runbookBaseUrl]: runbook }),
  };
}
