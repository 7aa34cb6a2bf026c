import { randomBytes } from 'node:crypto';
import { PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Case, Round } from '../../core/model';
import { CaseOvertaken, caseRecords, leaseRecords } from '../../lambda/aws/case-records';
import { roundRecords } from '../../lambda/aws/round-records';
import { targetCase } from '../builders/cases';
import { roundOf } from '../builders/rounds';
import { casesTable, startTables, type Tables } from './tables';

jest.setTimeout(60_000);

let tables: Tables;
let client: DynamoDBClient;

beforeAll(async () => {
  tables = await startTables();
  ({ client } = tables);
});

let cases = '';
let made = 0;
beforeEach(async () => {
  cases = `Cases-${++made}`;
  await client.send(casesTable(cases));
});

afterAll(() => tables.close());

const round = (groupArn: string, startedAt: number): Round => roundOf({ groupArn, startedAt, endedAt: startedAt + 5, says: 'überall gut' });

const newCase = (id: string): Case => targetCase({ openedAt: 1000, updatedAt: 1000, groupArn: 'g', id });

describe('rounds', () => {
  it('come back as they were stored, newest first, of one group only', async () => {
    const rounds = roundRecords(client, 'Rounds', () => undefined);
    for (const startedAt of [1, 3, 2]) await rounds.append(round('a', startedAt));
    await rounds.append(round('b', 9));
    expect(await rounds.latest('a', 2)).toEqual([round('a', 3), round('a', 2)]);
  });

  it('of a very large group come all, though one query gives 1 MB at most', async () => {
    const rounds = roundRecords(client, 'Rounds', () => undefined);
    const large = (startedAt: number): Round => ({ ...round('large', startedAt), record: randomBytes(60_000).toString('base64') });
    for (let startedAt = 1; startedAt <= 20; startedAt++) await rounds.append(large(startedAt));
    const found = await rounds.latest('large', 20);
    expect(found.map((one) => one.startedAt)).toEqual(Array.from({ length: 20 }, (_, index) => 20 - index));
    expect(await rounds.latest('large', 18)).toHaveLength(18);
  });

  it('are never written over', async () => {
    const rounds = roundRecords(client, 'Rounds', () => undefined);
    await rounds.append(round('c', 1));
    await expect(rounds.append(round('c', 1))).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });

  it('are on record as begun from their beginning, for many groups at once, and are no rounds', async () => {
    const rounds = roundRecords(client, 'Rounds', () => undefined);
    const many = Array.from({ length: 500 }, (_, index) => `arn-${index}`);
    expect(await rounds.begin(many, 10_000)).toBe(10_000);
    expect(await rounds.begin(['arn-1'], 20_000)).toBe(20_000);
    expect(await rounds.begin(['arn-2'], 20_000)).toBe(20_001);
    const begun = await rounds.begun(9_999, 20_001);
    expect([begun.size, begun.get('arn-0'), begun.get('arn-1'), begun.get('arn-2')]).toEqual([500, 10_000, 20_000, 10_000]);
    expect(await rounds.begun(10_000, 20_000)).toEqual(new Map());
    expect(await rounds.latest('arn-1', 5)).toEqual([]);
  });

  it('end at one of a version that is not known, which is told: what is older is no history of what is newer', async () => {
    const told: string[] = [];
    const rounds = roundRecords(client, 'Rounds', (summary) => void told.push(summary));
    await rounds.append(round('d', 1));
    await client.send(new PutItemCommand({ TableName: 'Rounds', Item: { groupArn: { S: 'd' }, startedAt: { N: '2' }, v: { N: '2' } } }));
    expect(await rounds.latest('d', 5)).toEqual([]);
    await rounds.append(round('d', 3));
    expect(await rounds.latest('d', 5)).toEqual([round('d', 3)]);
    expect(told).toEqual(Array.from({ length: 2 }, () => 'a round of d of version 2; known: 1'));
  });
});

describe('cases', () => {
  it('that have become too large for an item are written all the same, open and in the archive', async () => {
    const records = caseRecords(client, cases);
    const grown = { ...newCase('a'), events: Array.from({ length: 2_000 }, (_, at) => ({ at, kind: 'noted', says: 'x'.repeat(1_000) })) };
    const stored = await records.put(grown);
    expect(await records.open()).toEqual([stored]);
    await records.archive({ ...grown, state: 'closed', closedAt: 5 });
    expect((await records.closedSince(0)).map(({ id }) => id)).toEqual(['a']);
  });

  it('that say they are a hold, and not of what, are not taken for one that holds nothing', async () => {
    const records = caseRecords(client, cases);
    const body = JSON.stringify({ ...newCase('empty'), about: 'hold' });
    await client.send(
      new PutItemCommand({ TableName: cases, Item: { pk: { S: 'open' }, sk: { S: 'empty' }, groupArn: { S: 'g' }, body: { S: body } } }),
    );
    const [found] = (await records.open()).filter(({ id }) => id === 'empty');
    expect(found).toMatchObject({ about: 'unreadable', events: [{ says: 'a record of version 1, and not whole; known: 1' }] });
  });

  it('of a version that is not known are passed over, stand for what they may be, and are not written over', async () => {
    const records = caseRecords(client, cases);
    const later = (pk: string, sk: string, body: string) =>
      client.send(
        new PutItemCommand({ TableName: cases, Item: { pk: { S: pk }, sk: { S: sk }, groupArn: { S: 'g' }, body: { S: body } } }),
      );
    await later('open', 'later', JSON.stringify({ v: 2 }));
    await later('open', 'torn', '{');
    await later('closed', '000000000005000#2026-later', JSON.stringify({ v: 2 }));
    const stored = await records.put(newCase('one'));
    const [torn, one] = [...(await records.open())].reverse().filter(({ id }) => id === 'torn' || id === 'one');
    expect([torn?.about, one]).toEqual(['unreadable', stored]);
    const [found] = (await records.open()).filter(({ id }) => id === 'later');
    expect(found).toMatchObject({ about: 'unreadable', state: 'suspected', groupArn: 'g', ejections: [], outbox: [] });
    expect(await records.closedSince(0)).toMatchObject([{ id: '2026-later', about: 'unreadable', state: 'closed', closedAt: 5000 }]);
    if (found === undefined) throw new Error('not found');
    for (const written of [records.put(found), records.archive(found), records.drop(found)])
      await expect(written).rejects.toThrow('not written over');
  });

  it('that somebody else wrote meanwhile are overtaken', async () => {
    const records = caseRecords(client, cases);
    const first = await records.put(newCase('one'));
    await records.put(first);
    await expect(records.put(first)).rejects.toBeInstanceOf(CaseOvertaken);
    await expect(records.put(newCase('one'))).rejects.toBeInstanceOf(CaseOvertaken);
    await expect(records.drop(first)).rejects.toBeInstanceOf(CaseOvertaken);
  });

  it('are archived by the time they closed, and dropped from the open ones', async () => {
    const records = caseRecords(client, cases);
    const stored = await records.put({ ...newCase('one'), state: 'closed', closedAt: 5000 });
    await records.archive(stored);
    await records.drop(stored);
    expect(await records.open()).toEqual([]);
    expect((await records.closedSince(4999)).map((incident) => incident.id)).toEqual(['one']);
    expect(await records.closedSince(5001)).toEqual([]);
  });

  it('that are open are not archived', async () => {
    await expect(caseRecords(client, cases).archive(newCase('one'))).rejects.toThrow(
      'case one is suspected; only a closed case is archived',
    );
  });
});

describe('the lease on the stack', () => {
  it('is one at a time, until it is released or has ended', async () => {
    const lease = leaseRecords(client, cases);
    const mine = await lease.acquire('me', 1000, 2000);
    expect(mine).toEqual({ holder: 'me', untilAt: 2000 });
    expect(await lease.acquire('you', 1500, 2500)).toBeUndefined();
    expect(await lease.acquire('you', 2001, 3000)).toEqual({ holder: 'you', untilAt: 3000 });
    await expect(lease.release({ holder: 'me', untilAt: 2000 })).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    await lease.release({ holder: 'you', untilAt: 3000 });
    expect(await lease.acquire('me', 2100, 3100)).toEqual({ holder: 'me', untilAt: 3100 });
  });
});
