/** The table Rounds: append-only, one item a group and round, newest first, gone after its time to live. Written by the sweep alone. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { PutItemCommand, QueryCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Round } from '../../core/model';
import { ROUNDS_KEYS } from '../contract';
import type { RoundRecords } from '../ports';

/** A fortnight: `sickbay promote` looks back over it. */
const KEPT_S = 14 * 86_400;

/** An item may hold 400 KB (DynamoDB quotas): the round is compressed. */
export function roundRecords(client: DynamoDBClient, table: string): RoundRecords {
  return {
    latest: (groupArn, limit) => latestRounds(client, table, groupArn, limit),
    append: async (round) => {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: roundItem(round),
          ConditionExpression: 'attribute_not_exists(#sort)',
          ExpressionAttributeNames: { '#sort': ROUNDS_KEYS.sort },
        }),
      );
    },
  };
}

/** A query gives 1 MB at most (DynamoDB quotas): twenty rounds of a group of 1,000 targets are two. */
async function latestRounds(client: DynamoDBClient, table: string, groupArn: string, limit: number): Promise<Round[]> {
  const rounds: Round[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const answer = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: '#group = :group',
        ExpressionAttributeNames: { '#group': ROUNDS_KEYS.partition },
        ExpressionAttributeValues: { ':group': { S: groupArn } },
        ScanIndexForward: false,
        Limit: limit - rounds.length,
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    rounds.push(...(answer.Items ?? []).map((item) => readRound(item)));
    start = answer.LastEvaluatedKey;
  } while (start !== undefined && rounds.length < limit);
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

/** @throws on a version this code does not know. */
function readRound(item: Record<string, AttributeValue>): Round {
  const version = item['v']?.N;
  if (version !== '1') throw new Error(`a round of version ${version ?? 'none'}; versions known: 1`);
  const body = item['body']?.B;
  if (body === undefined) throw new Error('a round without a body');
  return JSON.parse(gunzipSync(body).toString('utf8')) as Round;
}
