import { readFileSync } from 'node:fs';
import { Annotations, Names } from 'aws-cdk-lib';
import { SecurityGroup, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { proposesStops, readsPages, replacesTasks, type Config } from '../core/config';
import { BATCH, roundIntervalS } from '../core/batch';
import { STACK_RECORD_VERSION, type StackRecord as StackNames } from '../lambda/stack-record';
import { basicInspectionDocument, inspectionDocument } from '../lambda/inspect/document';
import { acknowledgeFindings, acknowledgeInterfaces, acknowledgeKeyGrants } from './acknowledged';
import { Alarms } from './alarms';
import { Alerts } from './alerts';
import { Dashboard } from './dashboard';
import { DeleteGuard } from './delete-guard';
import type { SickbayConfig } from './given-config';
import { HANDLERS_DIR, built } from './handler-code';
import { HashedDocument } from './hashed-document';
import { KillSwitch } from './kill-switch';
import { OwnMetrics } from './own-metrics';
import { parseNamed, requireOwnName } from './own-name';
import { placeOfGroups, requireOwnEnvironment } from './own-environment';
import { Prober, disjointNetworks } from './prober';
import { protect, type ProtectionProps } from './protection';
import { Records } from './records';
import { setRunbookBaseUrl } from './runbook';
import { Reporter } from './reporter';
import { Responder } from './responder';
import { Restorer } from './restorer';
import { Reviewer } from './reviewer';
import { Stopping } from './stopping';
import { StackRecord } from './stack-record';
import { Sweeper } from './sweeper';
import { Triggers } from './triggers';
import { ScheduledRestores } from './scheduled-restores';
import { ScheduledStops } from './scheduled-stops';

export interface SickbayProps {
  /**
   * What to watch and how: docs/configuration.md has every key. What is left out takes its default,
   * which observes and never acts. Constructs may stand in place of ids and ARNs, and tokens too.
   */
  readonly config: SickbayConfig;
  /**
   * Directory with the bundled handlers (`sweep/`, `probe/`, `respond/`, `restore/`,
   * `delete-guard/`, `kill-switch/`, `widget/`) and `inspect.sh`.
   * @default the ones that `npm run build` wrote
   */
  readonly handlersDir?: string;
  /**
   * Alerts that need a person now go here. It must let CloudWatch's alarms of this account publish:
   * the construct says so in its policy where CDK can.
   * @default a topic is made
   */
  readonly pageTopic?: ITopic;
  /**
   * Alerts for the record go here; the same demands.
   * @default a topic is made
   */
  readonly notifyTopic?: ITopic;
  /**
   * Encryption, retention and boundaries, where the defaults are not what a review asks for.
   * @default the careful choice of each: see lib/protection.ts
   */
  readonly protection?: ProtectionProps;
  /**
   * Where your people read docs/runbook.md: the folder that has `runbook.md`, or the page itself.
   * Alerts and alarms link to its sections.
   * @default no links; alarms name the section
   */
  readonly runbookBaseUrl?: string;
}

/**
 * Takes slow targets out of load balancers, says why they are slow and puts them back when they are
 * well.
 * @throws ConfigError with one line a mistake when the configuration is not valid.
 */
export class Sickbay extends Construct {
  /** As given, with every default filled in. */
  readonly config: Config;
  /** The regular look at the world. */
  readonly sweeper: Sweeper;
  /** The only part that reaches targets. */
  readonly prober: Prober;
  /** Its second view of suspects, in a subnet of its own, where the configuration names several. */
  readonly secondProber?: Prober;
  /** The only part that changes the world. */
  readonly responder: Responder;
  /** Writes the report of each case, unless the configuration turns it off. */
  readonly reporter?: Reporter;
  /** The weekly review, unless the configuration turns it off. */
  readonly reviewer?: Reviewer;
  /** What may stop a culprit, where a target group says `stop`. */
  readonly stopping?: Stopping;
  readonly records: Records;
  readonly alerts: Alerts;
  readonly killSwitch: KillSwitch;
  /** What puts targets back without any of our code. */
  readonly scheduledRestores: ScheduledRestores;
  /** What stops a task without any of our code, where a group declares a service of ECS. */
  readonly scheduledStops?: ScheduledStops;
  /** What those of addresses go through. */
  readonly restorer: Restorer;
  /** The schedule, and the rule where alarms are named. */
  readonly triggers: Triggers;
  /** On Sickbay itself. */
  readonly alarms: Alarms;
  readonly dashboard: Dashboard;
  readonly deleteGuard: DeleteGuard;
  /** What the command line finds this Sickbay by. */
  readonly stackRecord: StackRecord;

  constructor(scope: Construct, id: string, props: SickbayProps) {
    super(scope, id);
    setRunbookBaseUrl(this, props.runbookBaseUrl);
    const { config, handed } = parseNamed(this, props.config, (vpc) => this.securityGroupOfProber(vpc));
    this.config = config;
    requireOwnName(
      this,
      this.node.root.node.findAll().filter((other) => other instanceof Sickbay),
    );
    requireOwnEnvironment(this, config);
    const handlersDir = props.handlersDir ?? HANDLERS_DIR;
    const protection = protect(this, props.protection ?? {});
    const metrics = new OwnMetrics(Names.uniqueResourceName(this, { maxLength: 100, separator: '-' }));
    const { stack } = metrics;
    this.records = new Records(this, 'Records', protection);
    this.alerts = new Alerts(this, 'Alerts', { emails: config.alertEmails, protection, page: props.pageTopic, notify: props.notifyTopic });
    this.killSwitch = new KillSwitch(this, 'KillSwitch', { handlersDir, protection, stack: config.stack });
    const { records, killSwitch, alerts } = this;
    const script = readFileSync(built(handlersDir, 'inspect.sh'), 'utf8');
    const documents = {
      full: new HashedDocument(this, 'Inspection', { content: inspectionDocument(script) }),
      basic: new HashedDocument(this, 'BasicInspection', { content: basicInspectionDocument(script) }),
    };
    this.scheduledRestores = new ScheduledRestores(this, 'WayBack', { config, alerts, protection });
    if (replacesTasks(config))
      this.scheduledStops = new ScheduledStops(this, 'TaskStops', { config, scheduledRestores: this.scheduledRestores, protection });
    const stops = this.scheduledStops === undefined ? {} : { scheduledStops: this.scheduledStops };
    const { deadLetters } = this.scheduledRestores;
    this.restorer = new Restorer(this, 'Restorer', { config, handlersDir, protection, deadLetters });
    this.scheduledRestores.allow(this.restorer.function);
    const common = { config, handed, handlersDir, records, protection, stack };
    const { keepDays } = config.reports;
    if (keepDays > 0) this.reporter = new Reporter(this, 'Reporter', { ...common, keepDays });
    const reported = this.reporter === undefined ? {} : { reportsBucket: this.reporter.bucket.bucketName };
    const [network, secondNetwork] = disjointNetworks(config.network);
    this.prober = new Prober(this, 'Prober', { handlersDir, network, protection });
    const prober = this.prober.function;
    const reads = readsPages(config) ? { pageReader: prober } : {};
    this.responder = new Responder(this, 'Responder', {
      ...common,
      ...reported,
      documents,
      alerts,
      scheduledRestores: this.scheduledRestores,
      ...stops,
      ...reads,
      restorer: this.restorer.function,
      killSwitch,
    });
    const responder = this.responder.function;
    if (config.audit.everyDays > 0) this.reviewer = new Reviewer(this, 'Reviewer', { ...common, documents, alerts });
    if (proposesStops(config)) this.stopping = new Stopping(this, 'Stopping', { ...common, ...reported, documents, alerts, killSwitch });
    const stopper = this.stopping === undefined ? {} : { stopper: this.stopping.function };
    const reviewed = this.reviewer === undefined ? {} : { reviewer: this.reviewer.function };
    if (secondNetwork !== undefined)
      this.secondProber = new Prober(this, 'SecondProber', { handlersDir, network: secondNetwork, protection });
    const second = this.secondProber === undefined ? {} : { secondProber: this.secondProber.function };
    this.sweeper = new Sweeper(this, 'Sweeper', { ...common, prober, ...second, responder });
    this.triggers = new Triggers(this, 'Triggers', { sweeper: this.sweeper.function, responder, ...reviewed, ...stopper, config });
    const functions = {
      Sweeper: this.sweeper.function,
      Prober: prober,
      Responder: responder,
      Restorer: this.restorer.function,
      ...(this.secondProber === undefined ? {} : { SecondProber: this.secondProber.function }),
      ...(this.reviewer === undefined ? {} : { Reviewer: this.reviewer.function }),
      ...(this.stopping === undefined ? {} : { Stopper: this.stopping.function }),
      ...(this.reporter === undefined ? {} : { Reporter: this.reporter.function }),
    };
    this.alarms = new Alarms(this, 'Alarms', {
      metrics,
      functions,
      alerts,
      leaseCapS: config.durations.leaseCapS,
      intervalMinutes: config.intervalS / 60,
    });
    this.dashboard = new Dashboard(this, 'Dashboard', {
      metrics,
      alarms: this.alarms.all,
      records,
      handlersDir,
      protection,
      ...reported,
    });
    this.stackRecord = new StackRecord(this, 'StackRecord', { names: this.names(documents) });
    const guarded = this.node.children;
    this.deleteGuard = new DeleteGuard(this, 'DeleteGuard', { handlersDir, records, protection, guarded, place: placeOfGroups(config) });
    this.stopping?.denyToAll(this.node.findAll().filter((part) => part instanceof Role));
    acknowledgeFindings(this);
    if (protection.encryptionKey !== undefined) acknowledgeKeyGrants(this);
    if (protection.functionNetwork !== undefined)
      acknowledgeInterfaces(this.dashboard, ...(this.reporter === undefined ? [] : [this.reporter]));
    this.sayHowOften(config);
  }

  /** Where the configuration gives a VPC and no security group for the prober. */
  private securityGroupOfProber(vpc: IVpc): string {
    const description = 'Sickbay: the prober, which reaches the targets';
    return new SecurityGroup(this, 'ProberSecurityGroup', { vpc, description }).securityGroupId;
  }

  private names(documents: Readonly<Record<'full' | 'basic', HashedDocument>>): StackNames {
    const { config, records, alerts } = this;
    return {
      v: STACK_RECORD_VERSION,
      stack: config.stack,
      responder: this.responder.function.functionName,
      cases: records.cases.tableName,
      rounds: records.rounds.tableName,
      sweeper: this.sweeper.function.functionName,
      prober: this.prober.function.functionName,
      killSwitch: this.killSwitch.parameterName,
      pageTopic: alerts.page.topicArn,
      notifyTopic: alerts.notify.topicArn,
      inspectionDocument: documents.full.documentName,
      basicInspectionDocument: documents.basic.documentName,
      ...(this.stopping === undefined
        ? {}
        : {
            stopper: this.stopping.function.functionName,
            stops: this.stopping.stops.tableName,
            stopSwitch: this.stopping.parts.stopSwitch.parameterName,
          }),
    };
  }

  /** Many groups take turns; groups that a tag selects are counted only when they are found. */
  private sayHowOften(config: Config): void {
    const groups = config.targetGroups.length;
    const roundS = roundIntervalS(groups, config.intervalS);
    if (roundS === config.intervalS) return;
    const text = `${groups} target groups: a sweep every ${config.intervalS} s measures ${BATCH} of them, so each has a round every ${roundS} s while nothing is wrong with it`;
    Annotations.of(this).addInfoV2('sickbay:stretched', text);
  }
}
