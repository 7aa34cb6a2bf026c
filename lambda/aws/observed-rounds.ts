/**
 * What the table Rounds holds of days: an index of every round, and the few bodies that readiness
 * looks into. A day of a group is 1,440 rounds, whose bodies are never read all.
 */
import { GetItemCommand, paginateQuery, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { observe, type GroupObserved, type RoundMark } from '../../core/readiness/observed';
import type { FleetVerdict, Round } from '../../core/model';
import { ROUNDS_KEYS } from '../contract';
import { mapLimit } from '../map-limit';
import { readRound, roundRecords } from './round-records';

/** Bodies of suspected rounds that are read of one group: the newest. */
const BODIES = 300;
const READS_AT_ONCE = 20;
/** Records of the beginnings of sweeps are kept for an hour (lambda/aws/round-records.ts). */
const BEGUN_MS = 3_600_000;

/**
 * What was seen of each group that a sweep measured within the last hour, by name. `tell` hears
 * which group is read. A round of a later version is left out.
 * @throws what DynamoDB throws
 */
export async function observedRounds(
  client: DynamoDBClient,
  table: string,
  sinceAt: number,
  now: number,
  tell: (groupArn: string) => void = () => undefined,
): Promise<GroupObserved[]> {
  const begun = await roundRecords(client, table, () => undefined).begun(now - BEGUN_MS, now);
  const observed: GroupObserved[] = [];
  for (const groupArn of [...begun.keys()].sort()) {
    tell(groupArn);
    observed.push(...(await observedGroup(client, table, groupArn, sinceAt)));
  }
  return observed;
}

async function observedGroup(client: DynamoDBClient, table: string, groupArn: string, sinceAt: number): Promise<GroupObserved[]> {
  const marks = await marksOf(client, table, groupArn, sinceAt);
  const suspected = marks.filter(({ fleet }) => fleet === 'suspect' || fleet === 'convicted').slice(-BODIES);
  const bodies = await mapLimit(READS_AT_ONCE, suspected, ({ startedAt }) => bodyOf(client, table, groupArn, startedAt));
  const last = marks.at(-1);
  const newest = last === undefined ? undefined : await bodyOf(client, table, groupArn, last.startedAt);
  const found = observe(
    groupArn,
    marks,
    bodies.flatMap((round) => round ?? []),
    newest?.lbView.length ?? 0,
    newest === undefined ? {} : ofNewest(newest),
  );
  return found === undefined ? [] : [found];
}

function ofNewest({ group: { targetControlPort }, samples, fleet }: Round): Parameters<typeof observe>[4] {
  return {
    ...(targetControlPort === undefined ? {} : { targetControlPort }),
    ...(fleet !== 'blind' && Object.keys(samples).length === 0 ? { unprobed: true as const } : {}),
  };
}

/**
 * Oldest first, by the attributes beside the body: it takes reads of all, and few bytes of them.
 */
async function marksOf(client: DynamoDBClient, table: string, groupArn: string, sinceAt: number): Promise<RoundMark[]> {
  const marks: RoundMark[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: '#group = :group AND #at >= :since',
      ProjectionExpression: '#at, fleet',
      ExpressionAttributeNames: { '#group': ROUNDS_KEYS.partition, '#at': ROUNDS_KEYS.sort },
      ExpressionAttributeValues: { ':group': { S: groupArn }, ':since': { N: String(sinceAt) } },
    },
  );
  for await (const { Items = [] } of pages)
    for (const item of Items) {
      const startedAt = Number(item[ROUNDS_KEYS.sort]?.N);
      const fleet = item['fleet']?.S as FleetVerdict | undefined;
      if (fleet !== undefined && Number.isFinite(startedAt)) marks.push({ startedAt, fleet });
    }
  return marks;
}

async function bodyOf(client: DynamoDBClient, table: string, groupArn: string, startedAt: number): Promise<Round | undefined> {
  const Key = { [ROUNDS_KEYS.partition]: { S: groupArn }, [ROUNDS_KEYS.sort]: { N: String(startedAt) } };
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key }));
  return Item === undefined ? undefined : readRound(Item);
}
