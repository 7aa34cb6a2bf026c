import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { startDynamo, type Dynamo } from '../../lab/wire/dynamo';
import { ROLE, open, type Opened } from './wire-setup';

let dynamo: Dynamo;
let opened: Opened;
let client: DynamoDBClient;

beforeEach(async () => {
  dynamo = await startDynamo();
  opened = await open({ dynamoPort: dynamo.port });
  client = new DynamoDBClient(opened.client);
  await client.send(
    new CreateTableCommand({
      TableName: 'Cases',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
});

afterEach(async () => {
  client.destroy();
  await opened.door.close();
  await dynamo.close();
});

const key = { pk: { S: 'lease' }, sk: { S: 'stack' } };

test('of two conditional writes for one lease the second fails', async () => {
  const take = (owner: string): PutItemCommand =>
    new PutItemCommand({ TableName: 'Cases', Item: { ...key, owner: { S: owner } }, ConditionExpression: 'attribute_not_exists(pk)' });
  await client.send(take('first – ü'));
  await expect(client.send(take('second'))).rejects.toBeInstanceOf(ConditionalCheckFailedException);
  const { Item } = await client.send(new GetItemCommand({ TableName: 'Cases', Key: key, ConsistentRead: true }));
  expect(Item?.['owner']).toEqual({ S: 'first – ü' });
});

test('updates with conditions and queries by range work', async () => {
  for (const sk of ['r#1', 'r#2', 's#1'])
    await client.send(new PutItemCommand({ TableName: 'Cases', Item: { pk: { S: 'g' }, sk: { S: sk }, n: { N: '1' } } }));
  await client.send(
    new UpdateItemCommand({
      TableName: 'Cases',
      Key: { pk: { S: 'g' }, sk: { S: 'r#2' } },
      UpdateExpression: 'SET n = n + :one',
      ConditionExpression: 'n = :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
  const { Items } = await client.send(
    new QueryCommand({
      TableName: 'Cases',
      KeyConditionExpression: 'pk = :g AND begins_with(sk, :r)',
      ExpressionAttributeValues: { ':g': { S: 'g' }, ':r': { S: 'r#' } },
      ScanIndexForward: false,
    }),
  );
  expect(Items?.map((item) => [item['sk']?.S, item['n']?.N])).toEqual([
    ['r#2', '2'],
    ['r#1', '1'],
  ]);
});

test('calls are logged with action, table and the error they were answered with', async () => {
  const refused = client.send(new PutItemCommand({ TableName: 'Cases', Item: key, ConditionExpression: 'attribute_exists(pk)' }));
  await expect(refused).rejects.toBeInstanceOf(ConditionalCheckFailedException);
  await client.send(new GetItemCommand({ TableName: 'Cases', Key: key }));
  const resource = 'arn:aws:dynamodb:us-east-1:123456789012:table/Cases';
  expect(opened.calls.slice(-2)).toEqual([
    expect.objectContaining({ role: ROLE, action: 'dynamodb:PutItem', resource, mutating: true, error: 'ConditionalCheckFailedException' }),
    expect.objectContaining({ role: ROLE, action: 'dynamodb:GetItem', resource, mutating: false }),
  ]);
});
