import { readFileSync } from 'node:fs';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias, IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENV } from '../lambda/contract';
import { STOPS_KEYS } from '../lambda/stop/contract';
import { planDocument, stopDocument, undoDocument } from '../lambda/stop/documents';
import { stopRunbook } from '../lambda/stop/runbook';
import { DeadLetters } from './dead-letters';
import { built } from './handler-code';
import { HandlerFunction } from './handler-function';
import { HashedDocument } from './hashed-document';
import { operatorEntry } from './operator-entry';
import { grantKey } from './protection';
import { RUNBOOK, describedBy, runbookBaseUrlOf } from './runbook';
import type { StopParts, StoppingProps, Stops } from './stop-parts';
import { neverStops, runbookPermissions, stopperPermissions, undoPermissions } from './stop-permissions';

/** A stop that is undone is the job's again: what undoes one outlives the stack. */
const KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** A plan of the host takes up to half a minute, and several stops may be due. */
const TIMEOUT_S = 180;

/**
 * Everything by which a culprit can be stopped (docs/decisions/0030-stopping-a-culprit.md), made
 * only where a target group says `stop`. The function proposes and can stop nothing; the runbook
 * stops, in a role that nothing but Automation assumes, after a person approved.
 */
export class Stopping extends Construct implements Stops {
  readonly function: IFunction;
  /** The way in for people's requests: undo, keep. */
  readonly operators: Alias;
  /** One writer: the function. */
  readonly stops: Table;
  readonly parts: StopParts;
  readonly runbook: HashedDocument;
  readonly runbookRole: Role;

  constructor(scope: Construct, id: string, props: StoppingProps) {
    super(scope, id);
    this.stops = this.table(props);
    this.parts = this.makeParts(props);
    this.runbookRole = new Role(this, 'RunbookRole', { assumedBy: this.automation() });
    this.runbook = new HashedDocument(this, 'Runbook', { type: 'Automation', content: this.runbookContent(props) });
    for (const statement of runbookPermissions(this, this.parts, props.config)) this.runbookRole.addToPolicy(statement);
    const handler = this.handler(props);
    this.function = handler.function;
    this.operators = operatorEntry(this, handler.function, {
      description: 'Sickbay: what people ask of the function that stops',
      operators: props.config.operators,
    });
  }

  /**
   * To be called when every role is made: none of Sickbay's may approve, and none but the runbook's
   * may stop. Each is denied what no policy of the template allows, so that no policy that somebody
   * attaches later does.
   */
  denyToAll(roles: readonly Role[]): void {
    for (const role of roles) for (const statement of neverStops(this.parts, role !== this.runbookRole)) role.addToPolicy(statement);
  }

  /** Kept with the stack's records: what was stopped, and who approved it. */
  private table({ protection: { encryptionKey, pointInTimeRecovery } }: StoppingProps): Table {
    return new Table(this, 'Stops', {
      partitionKey: { name: STOPS_KEYS.partition, type: AttributeType.STRING },
      timeToLiveAttribute: STOPS_KEYS.ttl,
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...(encryptionKey === undefined
        ? { encryption: TableEncryption.DEFAULT }
        : { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
      removalPolicy: KEPT,
    });
  }

  private makeParts(props: StoppingProps): StopParts {
    const program = readFileSync(built(props.handlersDir, 'stop.py'), 'utf8');
    const parts = {
      plan: new HashedDocument(this, 'Plan', { content: planDocument(program) }),
      stop: new HashedDocument(this, 'Stop', { content: stopDocument(program) }),
      undo: new HashedDocument(this, 'Undo', { content: undoDocument(program) }),
      // CloudFormation names it, so that a kept one is not in the way of a new stack.
      scheduleGroup: new CfnScheduleGroup(this, 'Group'),
      deadLetters: this.deadLetters(props),
      stopSwitch: props.killSwitch.another('StopSwitch', props.config.stack, 'stop-switch'),
    };
    for (const kept of [parts.undo.resource, parts.scheduleGroup]) kept.applyRemovalPolicy(KEPT);
    return { ...parts, undoRole: this.undoRole(props, parts) };
  }

  /** In which Scheduler undoes a stop. */
  private undoRole({ protection }: StoppingProps, parts: Omit<StopParts, 'undoRole'>): Role {
    const role = new Role(this, 'UndoRole', { assumedBy: this.scheduler(parts.scheduleGroup) });
    const policy = new Policy(this, 'Undoes', { statements: undoPermissions(this, parts), roles: [role] });
    grantKey(protection, role);
    for (const kept of [role, policy]) kept.applyRemovalPolicy(KEPT);
    return role;
  }

  private deadLetters({ alerts, protection }: StoppingProps): Queue {
    const description = describedBy(
      this,
      RUNBOOK.undoDead,
      'A scheduled undo could not be carried out: what starts a stopped job is still out of the way.',
    );
    return new DeadLetters(this, 'DeadLetters', { description, page: alerts.page, protection }).queue;
  }

  private runbookContent({ config }: StoppingProps): object {
    const { stop, undo, stopSwitch, undoRole, scheduleGroup, deadLetters } = this.parts;
    return stopRunbook({
      approvers: config.stop?.approvers ?? [],
      calendars: config.stop?.changeCalendars ?? [],
      stopDocumentName: stop.documentName,
      undoDocumentName: undo.documentName,
      switchParameterName: stopSwitch.parameterName,
      undoScheduleRoleArn: undoRole.roleArn,
      undoDeadLettersArn: deadLetters.queueArn,
      scheduleGroup: scheduleGroup.ref,
      assumeRoleArn: this.runbookRole.roleArn,
    });
  }

  private handler(props: StoppingProps): HandlerFunction {
    const { records, alerts, protection } = props;
    const runbookBaseUrl = runbookBaseUrlOf(this);
    const handler = new HandlerFunction(this, 'Handler', {
      description: 'Sickbay: proposes to stop a culprit, and watches over what was stopped',
      handlersDir: props.handlersDir,
      protection,
      handler: 'stop',
      config: props.handed,
      timeoutS: TIMEOUT_S,
      memorySize: 512,
      // One writer of Stops.
      reservedConcurrentExecutions: 1,
      environment: {
        [ENV.roundsTable]: records.rounds.tableName,
        [ENV.casesTable]: records.cases.tableName,
        [ENV.stopsTable]: this.stops.tableName,
        [ENV.inspectionDocument]: props.documents.full.documentName,
        [ENV.basicInspectionDocument]: props.documents.basic.documentName,
        [ENV.stopPlanDocument]: this.parts.plan.documentName,
        [ENV.stopUndoDocument]: this.parts.undo.documentName,
        [ENV.stopRunbook]: this.runbook.documentName,
        [ENV.stopScheduleGroup]: this.parts.scheduleGroup.ref,
        [ENV.stopSwitchParameter]: this.parts.stopSwitch.parameterName,
        [ENV.pageTopicArn]: alerts.page.topicArn,
        [ENV.notifyTopicArn]: alerts.notify.topicArn,
        [ENV.stack]: props.stack,
        ...(props.reportsBucket === undefined ? {} : { [ENV.reportsBucket]: props.reportsBucket }),
        ...(runbookBaseUrl === undefined ? {} : { [ENV.runbookBaseUrl]: runbookBaseUrl }),
      },
    });
    for (const statement of stopperPermissions(this, this, props)) handler.role.addToPolicy(statement);
    grantKey(protection, handler.role);
    for (const { masterKey } of alerts.all) if (masterKey !== protection.encryptionKey) masterKey?.grantEncryptDecrypt(handler.role);
    return handler;
  }

  /**
   * Automation, for this account's executions only (Systems Manager user guide, "Setting up
   * Automation": aws:SourceAccount and aws:SourceArn against the confused deputy).
   */
  private automation(): ServicePrincipal {
    const execution = Stack.of(this).formatArn({ service: 'ssm', resource: 'automation-execution', resourceName: '*' });
    return new ServicePrincipal('ssm.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account }, ArnLike: { 'aws:SourceArn': execution } },
    });
  }

  /** Scheduler, on behalf of this account's schedules in this group only. */
  private scheduler(group: CfnScheduleGroup): ServicePrincipal {
    return new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account, 'aws:SourceArn': group.attrArn } },
    });
  }
}
