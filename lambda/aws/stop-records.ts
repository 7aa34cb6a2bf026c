/**
 * The table Stops, written by the function that stops alone: one item a proposal. All of it is read
 * in each run: it has a few items, since those that ended leave after a month.
 */
import {
  ConditionalCheckFailedException,
  PutItemCommand,
  paginateScan,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { STOP_STATES, type Stop } from '../../core/model';
import { STOPS_KEYS } from '../stop/contract';
import type { LeaseRecords } from '../ports';
import type { StopRecords } from '../stop/ports';

const VERSION = 1;
const KEPT_S = 30 * 86_400;
/** The item that is no stop. */
const LEASE = 'lease';

/** Somebody else wrote the stop since it was read: this run's view is out of date. */
export class StopOvertaken extends Error {
  override readonly name = 'StopOvertaken';
}

/** Whatever a step rests on must be whole; what else stands in a record is taken as it is. */
const STOP = z.looseObject({
  v: z.literal(VERSION),
  id: z.string(),
  rev: z.number(),
  caseId: z.string(),
  groupArn: z.string(),
  target: z.looseObject({ id: z.string(), port: z.number() }),
  instanceId: z.string(),
  state: z.enum(STOP_STATES),
  plan: z.looseObject({ digest: z.string(), process: z.looseObject({ pid: z.number() }), tree: z.array(z.looseObject({})) }),
  culprit: z.looseObject({ pid: z.number() }),
  allowKill: z.boolean(),
  proposedAt: z.number(),
  expiresAt: z.number(),
  clientToken: z.string(),
  undoSchedule: z.string(),
  undoAt: z.number(),
  events: z.array(z.looseObject({})),
  outbox: z.array(z.looseObject({ id: z.string() })),
});

export function stopRecords(client: DynamoDBClient, table: string): StopRecords {
  return {
    all: async () => {
      const stops: Stop[] = [];
      const unreadable: string[] = [];
      for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true }))
        for (const item of Items) {
          if (item[STOPS_KEYS.partition]?.S === LEASE) continue;
          const stop = stopOf(item);
          if (stop === undefined) unreadable.push(item[STOPS_KEYS.partition]?.S ?? 'a record without a key');
          else stops.push(stop);
        }
      return { stops: stops.sort((a, b) => a.proposedAt - b.proposedAt || a.id.localeCompare(b.id)), unreadable };
    },
    put: async (stop) => {
      const next = { ...stop, rev: stop.rev + 1 };
      try {
        await client.send(new PutItemCommand({ TableName: table, Item: itemOf(next), ...condition(stop) }));
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException)
          throw new StopOvertaken(`stop ${stop.id} was written by somebody else since revision ${stop.rev}`, { cause: error });
        throw error;
      }
      return next;
    },
  };
}

/**
 * One run at a time, whatever invokes the function: beside its reserved concurrency. It outlives
 * the function's time-out, so that a run that died holds up the next few.
 */
export function stopLease(client: DynamoDBClient, table: string): LeaseRecords {
  const put = (holder: string, untilAt: number, condition: string, values: Record<string, AttributeValue>) =>
    client.send(
      new PutItemCommand({
        TableName: table,
        Item: { [STOPS_KEYS.partition]: { S: LEASE }, holder: { S: holder }, until: { N: String(untilAt) } },
        ConditionExpression: condition,
        ExpressionAttributeNames: { '#holder': 'holder', ...(condition.includes('#until') ? { '#until': 'until' } : {}) },
        ExpressionAttributeValues: values,
      }),
    );
  return {
    acquire: async (holder, now, untilAt) => {
      try {
        await put(holder, untilAt, 'attribute_not_exists(#holder) OR #until < :now', { ':now': { N: String(now) } });
        return { holder, untilAt };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },
    // Ended, not deleted: the function may put items and delete none.
    release: async ({ holder }) => void (await put(holder, 0, '#holder = :holder', { ':holder': { S: holder } })),
  };
}

function stopOf(item: Record<string, AttributeValue>): Stop | undefined {
  const value = parsed(item['body']?.S);
  return isStop(value) ? value : undefined;
}

function isStop(value: unknown): value is Stop {
  return STOP.safeParse(value).success;
}

function parsed(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '') as unknown;
  } catch {
    return undefined; // It is told as one that cannot be read.
  }
}

/** One that blocks its group stays until a person has looked. */
function itemOf(stop: Stop): Record<string, AttributeValue> {
  const { endedAt, blocksGroup } = stop;
  return {
    [STOPS_KEYS.partition]: { S: stop.id },
    rev: { N: String(stop.rev) },
    state: { S: stop.state },
    body: { S: JSON.stringify(stop) },
    ...(endedAt === undefined || blocksGroup === true ? {} : { [STOPS_KEYS.ttl]: { N: String(Math.floor(endedAt / 1000) + KEPT_S) } }),
  };
}

function condition({ rev }: Stop) {
  if (rev === 0) return { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': STOPS_KEYS.partition } };
  return {
    ConditionExpression: '#rev = :rev',
    ExpressionAttributeNames: { '#rev': 'rev' },
    ExpressionAttributeValues: { ':rev': { N: String(rev) } },
  };
}
