/** The table Reviews: the latest audit, which the next one is held against. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { GetItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AuditReport } from '../../core/audit/model';
import { REVIEWS_KEY } from '../contract';
import type { ReviewRecords } from '../review/review';

const VERSION = '1';
const LATEST = 'latest';

/** A report of a later version is none: everything is told anew. */
export function reviewRecords(client: DynamoDBClient, table: string): ReviewRecords {
  return {
    latest: async () => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: { [REVIEWS_KEY]: { S: LATEST } }, ConsistentRead: true }),
      );
      const body = Item?.['body']?.B;
      return body === undefined || Item?.['v']?.N !== VERSION ? undefined : (JSON.parse(gunzipSync(body).toString('utf8')) as AuditReport);
    },
    put: async (report) => {
      const Item = { [REVIEWS_KEY]: { S: LATEST }, v: { N: VERSION }, body: { B: gzipSync(JSON.stringify(report)) } };
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },
  };
}
