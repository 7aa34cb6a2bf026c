/**
 * The account around the fleet: one front door for AWS, the services' behaviour behind it, and the
 * deployed functions, each in a network namespace of its own. Everything comes from the synthesised
 * template.
 */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Case, Round, Stop } from '../../core/model';
import { ENV } from '../../lambda/contract';
import { caseRecords } from '../../lambda/aws/case-records';
import { roundRecords } from '../../lambda/aws/round-records';
import { stopRecords } from '../../lambda/aws/stop-records';
import type { Assembly, FunctionDescription, Retry, TableDescription } from '../boot/descriptions';
import { deliverEvent } from '../boot/event-rules';
import { deploymentPackage } from '../boot/deployment-package';
import { startFunctions, type Functions } from '../boot/functions';
import type { Fleet } from '../fleet/fleet';
import { ADDRESSES } from '../fleet/network';
import { RealClock } from '../world/clock';
import { createWorld, type World } from '../world/world';
import type { AwsCall, Interception } from '../wire/calls';
import { startDynamo, type Dynamo } from '../wire/dynamo';
import { createFrontDoor, type FrontDoor } from '../wire/front-door';
import type { DeployedPackage } from '../wire/service-lambda';
import { throughFrontDoor } from '../wire/scheduler-ports';
import { balance, furnish } from './account';
import { ecsSettings } from './tasks';
import { tellMetrics } from './load-balancer-metrics';
import { DEVELOPER_ARN, GROUP_ARN, LOAD_BALANCER, OPERATOR_ARN, RATE_FACTOR, type SceneConfig } from './config';

const PORT = 4566;

/** The person at the terminal: any secret will do. */
const OPERATOR_KEY = 'AKIALABOPERATOR00000';
/** Somebody else at a terminal. */
const DEVELOPER_KEY = 'AKIALABDEVELOPER0000';

export interface Cloud {
  readonly world: World;
  readonly functions: Functions;
  readonly calls: readonly AwsCall[];
  /** By how much the schedule's rate is sped up. */
  readonly rateFactor: number;
  readonly functionNames: readonly string[];
  /** Of the front door, on the gateway's address on `edge`. */
  readonly port: number;
  /** The access key of whoever operates the stack. */
  readonly operatorKey: string;
  /** The function of the weekly review, where it is configured; otherwise empty. */
  readonly reviewer: string;
  /** Of somebody who may approve nothing. */
  readonly developerKey: string;
  /** Where the stack writes its reports. */
  readonly reportsBucket: string;
  /** The alarm that the template makes on the load balancer's latency. */
  readonly latencyAlarm: string;
  /** Name of the function that has the role; the role itself when none has. */
  functionOf(roleArn: string): string;
  /** Set by a scene: runs after each call took effect and before its answer is sent. */
  interceptAfter: (call: AwsCall) => Promise<Interception>;
  /** Rounds of the drill's group, newest first. */
  rounds(limit?: number): Promise<Round[]>;
  /** Open cases and closed ones. */
  cases(): Promise<Case[]>;
  /** Every stop on record, oldest first; none where the stack stops nothing. */
  stops(): Promise<readonly Stop[]>;
  stop(): Promise<void>;
}

export async function startCloud(assembly: Assembly, fleet: Fleet, config: SceneConfig): Promise<Cloud> {
  const calls: AwsCall[] = [];
  const dynamo = await startDynamo();
  const late: { door?: FrontDoor; functions?: Functions } = {};
  const ready = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw new Error(`${what} is not up yet`);
    return value;
  };
  const clock = new RealClock();
  const world = createWorld({
    clock,
    shell: {
      run: async (id, command) =>
        shellResult(await fleet.exec(id, { command: { script: command.script }, env: command.env, timeoutS: command.timeoutS })),
    },
    scheduler: { rateFactor: RATE_FACTOR },
    ...(fleet.tasks === undefined ? {} : { ecs: ecsSettings(fleet.tasks) }),
    onEvent: (event) => {
      deliverEvent(assembly.rules, ready(late.functions, 'the functions').invoke, event).catch((error: unknown) =>
        console.error(`a rule could not start its function: ${String(error)}`),
      );
    },
    ...throughFrontDoor(() => ready(late.door, 'the front door')),
  });
  furnish(world, assembly, fleet, config);
  await balance(world, fleet);
  const silence = tellMetrics(world, fleet);
  const cloud: Pick<Cloud, 'interceptAfter'> = { interceptAfter: async () => 'continue' };
  const door = createFrontDoor({
    world,
    dynamoPort: dynamo.port,
    invoke: (...call) => ready(late.functions, 'the functions').invoke(...call),
    packages: (name) => packageOf(assembly, name),
    onCall: (call) => void calls.push(call),
    intercept: { after: (call) => cloud.interceptAfter(call) },
  });
  late.door = door;
  const endpoint = await door.listen({ host: ADDRESSES.gateway.edge, port: PORT });
  const keys = new Map(assembly.roles.map((role, index) => [role.arn, `AKIALAB${String(index).padStart(13, '0')}`]));
  for (const [role, key] of keys) door.registerKey(key, role);
  door.registerKey(OPERATOR_KEY, OPERATOR_ARN);
  door.registerKey(DEVELOPER_KEY, DEVELOPER_ARN);
  const records = await createTables(assembly, dynamo);
  late.functions = await startAll(assembly, fleet, endpoint, keys, world);
  const functions = late.functions;
  startSchedules(world, assembly);
  return Object.assign(cloud, {
    world,
    functions,
    calls,
    rateFactor: RATE_FACTOR,
    latencyAlarm: latencyAlarmOf(assembly),
    reviewer: assembly.functions.find(({ env }) => env[ENV.reviewsTable] !== undefined)?.name ?? '',
    functionNames: assembly.functions.map(({ name }) => name),
    port: PORT,
    operatorKey: OPERATOR_KEY,
    developerKey: DEVELOPER_KEY,
    reportsBucket: assembly.buckets[0]?.name ?? '',
    functionOf: (roleArn: string) => assembly.functions.find((fn) => fn.roleArn === roleArn)?.name ?? roleArn,
    ...records,
    stop: async () => {
      silence();
      await functions.stop();
      await door.close();
      await dynamo.close();
      clock.close();
    },
  });
}

function shellResult(result: Awaited<ReturnType<Fleet['exec']>>) {
  return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode ?? 137, timedOut: result.timedOut };
}

async function createTables(assembly: Assembly, dynamo: Dynamo): Promise<Pick<Cloud, 'rounds' | 'cases' | 'stops'>> {
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${dynamo.port}`,
    region: assembly.region,
    credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' },
  });
  for (const table of assembly.tables) await client.send(createTable(table));
  const rounds = roundRecords(client, valueOf(assembly, ENV.roundsTable), fail);
  const cases = caseRecords(client, valueOf(assembly, ENV.casesTable));
  const stopsTable = assembly.functions.map(({ env }) => env[ENV.stopsTable]).find((name) => name !== undefined);
  return {
    rounds: (limit = 50) => rounds.latest(GROUP_ARN, limit),
    cases: async () => unique([...(await cases.open()), ...(await cases.closedSince(0))]),
    stops: async () => (stopsTable === undefined ? [] : (await stopRecords(client, stopsTable).all()).stops),
  };
}

/** A case that is being archived stands in both places for a moment. */
function unique(cases: readonly Case[]): Case[] {
  return [...new Map(cases.map((incident) => [incident.id, incident])).values()];
}

function latencyAlarmOf(assembly: Assembly): string {
  const alarm = assembly.alarms.find(({ dimensions }) => dimensions.some(({ Value }) => Value === LOAD_BALANCER));
  if (alarm === undefined) throw new Error(`the template has no alarm on ${LOAD_BALANCER}`);
  return alarm.name;
}

function valueOf(assembly: Assembly, variable: string): string {
  const name = assembly.functions.map((entry) => entry.env[variable]).find((value) => value !== undefined);
  if (name === undefined) throw new Error(`no function of the template has the variable ${variable}`);
  return name;
}

function createTable(table: TableDescription): CreateTableCommand {
  const keys = [table.partitionKey, ...(table.sortKey === undefined ? [] : [table.sortKey])];
  return new CreateTableCommand({
    TableName: table.name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: keys.map((key) => ({ AttributeName: key.name, AttributeType: key.type as 'S' })),
    KeySchema: keys.map((key, index) => ({ AttributeName: key.name, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
  });
}

async function startAll(
  assembly: Assembly,
  fleet: Fleet,
  endpoint: string,
  keys: ReadonlyMap<string, string>,
  world: World,
): Promise<Functions> {
  return startFunctions(assembly, {
    endpoint,
    accessKeyOf: (roleArn: string) => keys.get(roleArn) ?? 'unknown-role',
    enter: await attachAll(assembly, fleet),
    clock: world.clock,
  });
}

/** How a process enters the network of a function, by the function's name. */
async function attachAll(assembly: Assembly, fleet: Fleet): Promise<(name: string) => readonly string[]> {
  const networks = new Map<string, readonly string[]>();
  for (const fn of assembly.functions) networks.set(fn.name, (await fleet.attachFunction(fn.name, [isInVpc(fn) ? 'fleet' : 'edge'])).enter);
  return (name) => {
    const enter = networks.get(name);
    if (enter === undefined) throw new Error(`function ${name} has no network`);
    return enter;
  };
}

/**
 * As in AWS: a function in the VPC reaches the targets and no AWS endpoint, any other one the
 * reverse.
 */
function isInVpc(fn: FunctionDescription): boolean {
  return fn.vpc !== undefined;
}

/** As Lambda keeps it. */
function packageOf(assembly: Assembly, name: string): DeployedPackage | undefined {
  const fn = assembly.functions.find((one) => one.name === name);
  if (fn === undefined) return undefined;
  return { zip: deploymentPackage(fn.handlerDir), environment: fn.env, ...(fn.vpc === undefined ? {} : { vpc: fn.vpc }) };
}

function startSchedules(world: World, assembly: Assembly): void {
  for (const schedule of assembly.schedules) {
    world.scheduler.createSchedule({
      Name: schedule.name,
      ScheduleExpression: schedule.expression,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: schedule.targetArn,
        RoleArn: schedule.roleArn,
        Input: schedule.input,
        ...(schedule.retry === undefined ? {} : { RetryPolicy: retryPolicyOf(schedule.retry) }),
      },
    });
  }
}

function retryPolicyOf({ maximumRetryAttempts, maximumEventAgeS }: Retry) {
  return { MaximumRetryAttempts: maximumRetryAttempts, MaximumEventAgeInSeconds: maximumEventAgeS };
}

function fail(summary: string): never {
  throw new Error(summary);
}
