/**
 * The table Rounds: append-only, one item a group and round, newest first, and one a sweep that
 * says which rounds it began. Gone after their time to live. Written by the sweep alone.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  ConditionalCheckFailedException,
  PutItemCommand,
  paginateQuery,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Round } from '../../core/model';
import { BEGUN, ROUNDS_KEYS } from '../contract';
import type { RoundRecords } from '../ports';

const VERSION = '1';

/** A fortnight: `sickbay readiness` looks back over it. */
const KEPT_S = 14 * 86_400;

/** What began matters for the longest `minRoundGapS`, a minute. */
const BEGUN_KEPT_S = 3600;

/**
 * An item may hold 400 KB (DynamoDB quotas): the round is compressed. `unreadable` hears of each
 * round of a later version that is passed over.
 */
export function roundRecords(client: DynamoDBClient, table: string, unreadable: (summary: string) => void): RoundRecords {
  return {
    latest: (groupArn, limit) => latestRounds(client, table, groupArn, limit, unreadable),
    append: (round) => put(client, table, roundItem(round)),
    begin: (groupArns, at) => begin(client, table, groupArns, at),
    begun: (after, before) => begun(client, table, after, before),
  };
}

/** @throws ConditionalCheckFailedException where the item is there already. */
async function put(client: DynamoDBClient, table: string, item: Record<string, AttributeValue>): Promise<void> {
  await client.send(
    new PutItemCommand({
      TableName: table,
      Item: item,
      ConditionExpression: 'attribute_not_exists(#sort)',
      ExpressionAttributeNames: { '#sort': ROUNDS_KEYS.sort },
    }),
  );
}

/**
 * One item, however many groups: a write unit up to about 50 of them. The next free millisecond,
 * where two sweeps begin in the same.
 */
async function begin(client: DynamoDBClient, table: string, groupArns: readonly string[], at: number): Promise<number> {
  try {
    await put(client, table, {
      [ROUNDS_KEYS.partition]: { S: BEGUN },
      [ROUNDS_KEYS.sort]: { N: String(at) },
      [ROUNDS_KEYS.ttl]: { N: String(Math.ceil(at / 1000) + BEGUN_KEPT_S) },
      groups: { B: gzipSync(JSON.stringify(groupArns)) },
    });
    return at;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return begin(client, table, groupArns, at + 1);
    throw error;
  }
}

async function begun(client: DynamoDBClient, table: string, after: number, before: number): Promise<ReadonlyMap<string, number>> {
  const latest = new Map<string, number>();
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: '#group = :begun AND #at BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#group': ROUNDS_KEYS.partition, '#at': ROUNDS_KEYS.sort },
      ExpressionAttributeValues: { ':begun': { S: BEGUN }, ':from': { N: String(after + 1) }, ':to': { N: String(before - 1) } },
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages)
    for (const item of Items) for (const arn of begunIn(item)) latest.set(arn, Number(item[ROUNDS_KEYS.sort]?.N));
  return latest;
}

/** @throws on an item that names no groups. */
function begunIn(item: Record<string, AttributeValue>): string[] {
  const groups = item['groups']?.B;
  if (groups === undefined) throw new Error('a beginning without groups');
  return JSON.parse(gunzipSync(groups).toString('utf8')) as string[];
}

/**
 * A query gives 1 MB at most (DynamoDB quotas): twenty rounds of a group of 1,000 targets are two.
 * The rounds end at one that cannot be read: what is older is no unbroken history of what is newer,
 * and where it is the newest nothing may rest on the ones before.
 */
async function latestRounds(
  client: DynamoDBClient,
  table: string,
  groupArn: string,
  limit: number,
  unreadable: (summary: string) => void,
): Promise<Round[]> {
  const rounds: Round[] = [];
  const pages = paginateQuery(
    { client, pageSize: limit },
    {
      TableName: table,
      KeyConditionExpression: '#group = :group',
      ExpressionAttributeNames: { '#group': ROUNDS_KEYS.partition },
      ExpressionAttributeValues: { ':group': { S: groupArn } },
      ScanIndexForward: false,
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) {
    for (const item of Items.slice(0, limit - rounds.length)) {
      const round = readRound(item);
      if (round === undefined) {
        unreadable(`a round of ${groupArn} of version ${item['v']?.N ?? 'none'}; known: ${VERSION}`);
        return rounds;
      }
      rounds.push(round);
    }
    if (rounds.length >= limit) break;
  }
  return rounds;
}

function roundItem(round: Round): Record<string, AttributeValue> {
  return {
    [ROUNDS_KEYS.partition]: { S: round.groupArn },
    [ROUNDS_KEYS.sort]: { N: String(round.startedAt) },
    [ROUNDS_KEYS.ttl]: { N: String(Math.ceil(round.endedAt / 1000) + KEPT_S) },
    v: { N: String(round.v) },
    fleet: { S: round.fleet },
    body: { B: gzipSync(JSON.stringify(round)) },
  };
}

/** Undefined for a version that this code does not know. @throws on a round without a body. */
export function readRound(item: Record<string, AttributeValue>): Round | undefined {
  if (item['v']?.N !== VERSION) return undefined;
  const body = item['body']?.B;
  if (body === undefined) throw new Error('a round without a body');
  return JSON.parse(gunzipSync(body).toString('utf8')) as Round;
}
