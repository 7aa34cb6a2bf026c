/** The rounds of one group in a span of time: what a report of a case is drawn from. */
import { paginateQuery, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Round } from '../../core/model';
import { ROUNDS_KEYS } from '../contract';
import { readRound } from './round-records';

export interface Span {
  readonly fromAt: number;
  readonly untilAt: number;
}

/** Oldest first. Rounds of a later version are passed over: a gap in a chart. */
export async function roundsBetween(client: DynamoDBClient, table: string, groupArn: string, { fromAt, untilAt }: Span): Promise<Round[]> {
  const rounds: Round[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: '#group = :group AND #at BETWEEN :from AND :until',
      ExpressionAttributeNames: { '#group': ROUNDS_KEYS.partition, '#at': ROUNDS_KEYS.sort },
      ExpressionAttributeValues: { ':group': { S: groupArn }, ':from': { N: String(fromAt) }, ':until': { N: String(untilAt) } },
    },
  );
  for await (const { Items = [] } of pages) rounds.push(...Items.flatMap((item) => readRound(item) ?? []));
  return rounds;
}
