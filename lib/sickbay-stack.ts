import { CfnOutput, Lazy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { checkedConfig } from './deploy-time';
import { namesInPlaceOfConstructs } from './given-config';
import { environmentOfGroups } from './own-environment';
import { admissionCommands } from './prober';
import { Sickbay, type SickbayProps } from './sickbay';
import type { Stopping } from './stopping';

export interface SickbayStackProps extends StackProps, SickbayProps {}

/**
 * Sickbay in a stack of its own, named and placed as its configuration says, with the names that an
 * operator needs as outputs.
 */
export class SickbayStack extends Stack {
  constructor(scope: Construct, id: string, props: SickbayStackProps) {
    super(scope, id, { ...placed(props.config), ...props });
    const sickbay = new Sickbay(this, 'Sickbay', props);
    this.output('PageTopic', 'Subscribe whoever is on call: a person is needed now.', sickbay.alerts.page.topicArn);
    this.output('NotifyTopic', 'Subscribe a channel: for the record.', sickbay.alerts.notify.topicArn);
    this.output('AdmitProber', 'How the security groups of the targets admit the prober.', admissionCommands(sickbay.config.network));
    this.output('KillSwitch', 'Put "on" into this parameter to stop every removal.', sickbay.killSwitch.parameterName);
    this.output('CasesTable', 'The record of every decision.', sickbay.records.cases.tableName);
    this.output('RoundsTable', 'What was measured.', sickbay.records.rounds.tableName);
    this.output('SweeperFunction', 'Invoke with {"trigger":"operator"} for a round now.', sickbay.sweeper.function.functionName);
    this.output('ProberFunction', 'Measures for sickbay sweep --prober.', sickbay.prober.function.functionName);
    this.output('ResponderFunction', 'Its log tells each decision; people ask it by its alias.', sickbay.responder.function.functionName);
    if (sickbay.reporter !== undefined)
      this.output('ReportsBucket', 'The report of each case; alerts link to it.', sickbay.reporter.bucket.bucketName);
    this.output('DashboardName', 'Alarms, open cases, and the latency of each target.', sickbay.dashboard.dashboard.dashboardName);
    if (sickbay.stopping !== undefined) this.outputsOfStops(sickbay.stopping);
    this.output('OperatorEntry', 'Whoever may invoke this may hold, release and restore.', sickbay.responder.operators.functionArn);
  }

  private outputsOfStops({ function: stopper, stops, parts }: Stopping): void {
    this.output('StopperFunction', 'Proposes to stop a culprit; its log tells each step.', stopper.functionName);
    this.output('StopsTable', 'The record of every stop.', stops.tableName);
    this.output('StopSwitch', 'Put "on" into this parameter to stop every stop.', parts.stopSwitch.parameterName);
  }

  private output(id: string, description: string, value: string): CfnOutput {
    return new CfnOutput(this, id, { description, value });
  }
}

/**
 * The stack's name, and the account and Region of the configured groups: a configuration never
 * changes another Sickbay's stack. @throws ConfigError.
 */
function placed(config: SickbayProps['config']): Pick<StackProps, 'stackName' | 'env'> {
  const notMadeYet = (): string => Lazy.string({ produce: () => 'made by the construct' });
  const env = environmentOfGroups(checkedConfig(namesInPlaceOfConstructs(config, notMadeYet)).config);
  return { ...(config.stack === undefined ? {} : { stackName: config.stack }), ...(env === undefined ? {} : { env }) };
}
