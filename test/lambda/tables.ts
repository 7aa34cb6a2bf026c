/** The tables on a DynamoDB of this process, with the keys that the stack gives them. */
import { CreateTableCommand, DynamoDBClient, type ScalarAttributeType } from '@aws-sdk/client-dynamodb';
import { CASES_KEYS, ROUNDS_KEYS } from '../../lambda/contract';
import { startDynamo } from '../../lab/wire/dynamo';

export const ROUNDS_TABLE = 'Rounds';
export const CASES_TABLE = 'Cases';

export interface Tables {
  readonly port: number;
  readonly client: DynamoDBClient;
  readonly close: () => Promise<void>;
}

export async function startTables(): Promise<Tables> {
  const dynamo = await startDynamo();
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${dynamo.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  await client.send(table(ROUNDS_TABLE, ROUNDS_KEYS, 'N'));
  await client.send(casesTable(CASES_TABLE));
  const close = async () => {
    client.destroy();
    await dynamo.close();
  };
  return { port: dynamo.port, client, close };
}

/** A table of this name, beside those that are there. */
export function casesTable(name: string): CreateTableCommand {
  return table(name, CASES_KEYS, 'S');
}

function table(
  TableName: string,
  { partition, sort }: { readonly partition: string; readonly sort: string },
  sortType: ScalarAttributeType,
): CreateTableCommand {
  return new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: partition, AttributeType: 'S' },
      { AttributeName: sort, AttributeType: sortType },
    ],
    KeySchema: [
      { AttributeName: partition, KeyType: 'HASH' },
      { AttributeName: sort, KeyType: 'RANGE' },
    ],
  });
}
