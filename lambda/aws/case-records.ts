/**
 * The table Cases, written by the responder alone: open cases in one partition, closed ones in an
 * archive by the time they closed, and the stack-wide lease. Single-item conditional writes: a case
 * is archived first and dropped second, so a crash leaves it in both, never in none.
 */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  paginateQuery,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { fitted } from '../../core/case-size';
import { WHOLE_STACK, type Case } from '../../core/model';
import { CASE_VERSION, isUnreadable, unreadableCase } from '../../core/unreadable';
import { CASES_KEYS } from '../contract';
import { caseOf, recordOf } from '../records/case-schema';
import type { CaseRecords, LeaseRecords } from '../ports';

const PARTITION = { open: 'open', closed: 'closed', lease: 'lease' } as const;

/** Named condition fragments. */
const NOT_OVERTAKEN = '#rev = :rev';
const NEW = 'attribute_not_exists(#rev)';
const LEASE_FREE = 'attribute_not_exists(#holder) OR #until < :now';
const LEASE_MINE = '#holder = :holder';

/** Somebody else wrote the case since it was read: this run's view is out of date. */
export class CaseOvertaken extends Error {
  override readonly name = 'CaseOvertaken';
}

export function caseRecords(client: DynamoDBClient, table: string): CaseRecords {
  return {
    open: () => readAll(client, table, PARTITION.open, ''),
    closedSince: (at) => readAll(client, table, PARTITION.closed, sortable(at)),
    put: async (incident) => {
      mustBeRead(incident);
      const next = { ...fitted(incident), rev: incident.rev + 1 };
      await guarded(incident, () =>
        client.send(new PutItemCommand({ TableName: table, Item: caseItem(PARTITION.open, incident.id, next), ...revCondition(incident) })),
      );
      return next;
    },
    archive: async (incident) => {
      mustBeRead(incident);
      if (incident.closedAt === undefined) throw new Error(`case ${incident.id} is ${incident.state}; only a closed case is archived`);
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: caseItem(PARTITION.closed, `${sortable(incident.closedAt)}#${incident.id}`, fitted(incident)),
        }),
      );
    },
    drop: async (incident) => {
      mustBeRead(incident);
      await guarded(incident, () =>
        client.send(new DeleteItemCommand({ TableName: table, Key: key(PARTITION.open, incident.id), ...revCondition(incident) })),
      );
    },
  };
}

async function readAll(client: DynamoDBClient, table: string, partition: string, from: string): Promise<Case[]> {
  const cases: Case[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: from === '' ? '#pk = :pk' : '#pk = :pk AND #sk >= :from',
      ExpressionAttributeNames: { '#pk': CASES_KEYS.partition, ...(from === '' ? {} : { '#sk': CASES_KEYS.sort }) },
      ExpressionAttributeValues: { ':pk': { S: partition }, ...(from === '' ? {} : { ':from': { S: from } }) },
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) cases.push(...Items.map((item) => readCase(item)));
  return cases;
}

/**
 * The case, or what stands for one that this code cannot read: it must stop neither the others'
 * restores nor the sweeps.
 */
function readCase(item: Record<string, AttributeValue>): Case {
  const value = parsed(item['body']?.S);
  const incident = caseOf(value);
  if (incident !== undefined) return incident;
  const groupArn = item['groupArn']?.S;
  const sort = item[CASES_KEYS.sort]?.S ?? '';
  const [at = '', archived] = item[CASES_KEYS.partition]?.S === PARTITION.closed ? split(sort) : [];
  return unreadableCase({
    id: archived ?? sort,
    ...(groupArn === undefined || groupArn === WHOLE_STACK ? {} : { groupArn }),
    version: value?.v === CASE_VERSION ? `${CASE_VERSION}, and not whole` : typeof value?.v === 'number' ? String(value.v) : 'unknown',
    ...(archived === undefined ? {} : { closedAt: Number(at) }),
  });
}

function parsed(body: string | undefined): { readonly v?: unknown } | undefined {
  try {
    return JSON.parse(body ?? '') as { readonly v?: unknown };
  } catch {
    return undefined; // It is told as one that cannot be read.
  }
}

/** The time and the id of an archived case's key. */
function split(sort: string): [string, string] {
  const at = sort.indexOf('#');
  return [sort.slice(0, at), sort.slice(at + 1)];
}

/** @throws for what only stands for a record. */
function mustBeRead(incident: Case): void {
  if (isUnreadable(incident)) throw new Error(`case ${incident.id} is of a version that is not known, and is not written over`);
}

function caseItem(partition: string, sort: string, incident: Case): Record<string, AttributeValue> {
  return {
    ...key(partition, sort),
    rev: { N: String(incident.rev) },
    state: { S: incident.state },
    groupArn: { S: incident.groupArn ?? WHOLE_STACK },
    body: { S: JSON.stringify(recordOf(incident)) },
  };
}

function key(partition: string, sort: string): Record<string, AttributeValue> {
  return { [CASES_KEYS.partition]: { S: partition }, [CASES_KEYS.sort]: { S: sort } };
}

function revCondition(incident: Case) {
  const names = { ExpressionAttributeNames: { '#rev': 'rev' } };
  return incident.rev === 0
    ? { ConditionExpression: NEW, ...names }
    : { ConditionExpression: NOT_OVERTAKEN, ...names, ExpressionAttributeValues: { ':rev': { N: String(incident.rev) } } };
}

async function guarded(incident: Case, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException)
      throw new CaseOvertaken(`case ${incident.id} was written by somebody else since revision ${incident.rev}`, { cause: error });
    throw error;
  }
}

/** Milliseconds in 15 digits: their order as text is their order in time. */
function sortable(at: number): string {
  return String(Math.trunc(at)).padStart(15, '0');
}

export function leaseRecords(client: DynamoDBClient, table: string): LeaseRecords {
  return {
    acquire: async (holder, now, untilAt) => {
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: { ...key(PARTITION.lease, 'responder'), holder: { S: holder }, until: { N: String(untilAt) } },
            ConditionExpression: LEASE_FREE,
            ExpressionAttributeNames: { '#holder': 'holder', '#until': 'until' },
            ExpressionAttributeValues: { ':now': { N: String(now) } },
          }),
        );
        return { holder, untilAt };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },
    release: async (lease) => {
      await client.send(
        new DeleteItemCommand({
          TableName: table,
          Key: key(PARTITION.lease, 'responder'),
          ConditionExpression: LEASE_MINE,
          ExpressionAttributeNames: { '#holder': 'holder' },
          ExpressionAttributeValues: { ':holder': { S: lease.holder } },
        }),
      );
    },
  };
}
