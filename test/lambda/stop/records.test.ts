/** Records of stops: whole, written by one at a time, and gone a month after their end. */
import { CreateTableCommand, GetItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { StopOvertaken, stopLease, stopRecords } from '../../../lambda/aws/stop-records';
import { STOPS_KEYS } from '../../../lambda/stop/contract';
import { stopOf } from '../../core/stop/candidate-builder';
import { startTables, type Tables } from '../tables';

jest.setTimeout(60_000);

const TABLE = 'Stops';
let tables: Tables;
let client: DynamoDBClient;

beforeAll(async () => {
  tables = await startTables();
  ({ client } = tables);
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: STOPS_KEYS.partition, AttributeType: 'S' }],
      KeySchema: [{ AttributeName: STOPS_KEYS.partition, KeyType: 'HASH' }],
    }),
  );
});

afterAll(() => tables.close());

async function ttlOf(id: string): Promise<string | undefined> {
  const { Item } = await client.send(new GetItemCommand({ TableName: TABLE, Key: { [STOPS_KEYS.partition]: { S: id } } }));
  return Item?.[STOPS_KEYS.ttl]?.N;
}

test('a stop comes back as it was stored; the second writer is refused', async () => {
  const records = stopRecords(client, TABLE);
  const stored = await records.put(stopOf({ rev: 0 }));
  expect(stored.rev).toBe(1);
  expect((await records.all()).stops).toEqual([stored]);
  await expect(records.put(stopOf({ rev: 0 }))).rejects.toThrow(StopOvertaken);
  await records.put(stored);
  await expect(records.put(stored)).rejects.toThrow('written by somebody else since revision 1');
});

test('a month after its end a record leaves, but for one that blocks its group', async () => {
  const records = stopRecords(client, TABLE);
  await records.put(stopOf({ id: 'live', rev: 0 }));
  await records.put(stopOf({ id: 'ended', rev: 0, state: 'undone', endedAt: 1_000_000 }));
  await records.put(stopOf({ id: 'blocks', rev: 0, state: 'undone', endedAt: 1_000_000, blocksGroup: true }));
  expect([await ttlOf('live'), await ttlOf('ended'), await ttlOf('blocks')]).toEqual([undefined, String(1000 + 30 * 86_400), undefined]);
});

test('a record that cannot be read is named, and stops no other', async () => {
  const records = stopRecords(client, TABLE);
  const item = (id: string, body: string) =>
    client.send(new PutItemCommand({ TableName: TABLE, Item: { [STOPS_KEYS.partition]: { S: id }, body: { S: body } } }));
  await item('later', JSON.stringify({ ...stopOf(), v: 2 }));
  await item('broken', '{');
  const { stops, unreadable } = await records.all();
  expect([...unreadable].sort()).toEqual(['broken', 'later']);
  expect(stops.length).toBeGreaterThan(0);
});

test('one run at a time: another one has its turn when that has ended, or its lease is over', async () => {
  const lease = stopLease(client, TABLE);
  const held = await lease.acquire('a', 1000, 2000);
  expect(held).toEqual({ holder: 'a', untilAt: 2000 });
  expect(await lease.acquire('b', 1500, 2500)).toBeUndefined();
  await lease.release({ holder: 'a', untilAt: 2000 });
  expect(await lease.acquire('b', 1500, 2500)).toBeDefined();
  expect(await lease.acquire('c', 2501, 3501)).toBeDefined();
  await expect(lease.release({ holder: 'b', untilAt: 2500 })).rejects.toThrow('conditional');
  expect((await stopRecords(client, TABLE).all()).unreadable).not.toContain('lease');
});
