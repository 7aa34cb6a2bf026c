/** A DynamoDB client that counts what a table would be charged for. */
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * Request units (DynamoDB developer guide, "on-demand capacity"): 4 KB a strongly consistent read,
 * 1 KB a write.
 */
const READ_BYTES = 4096;
const WRITE_BYTES = 1024;

export interface Meter {
  reads: number;
  writes: number;
  readUnits: number;
  writeUnits: number;
  /** Of the items written, bytes. */
  itemBytes: number[];
}

export function emptyMeter(): Meter {
  return { reads: 0, writes: 0, readUnits: 0, writeUnits: 0, itemBytes: [] };
}

type Item = Record<string, AttributeValue>;

/** Meters the client from now on; `meterNow` gives the meter that is counting at the moment. */
export function metered(client: DynamoDBClient, meterNow: () => Meter): DynamoDBClient {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { Item: written } = args.input as { readonly Item?: Item };
      const result = await next(args);
      const { Items: read } = result.output as { readonly Items?: readonly Item[] };
      if (written !== undefined) countWrite(meterNow(), bytesOf(written));
      if (read !== undefined) countRead(meterNow(), read);
      return result;
    },
    { step: 'initialize', name: 'meter' },
  );
  return client;
}

function countWrite(meter: Meter, bytes: number): void {
  meter.writes += 1;
  meter.writeUnits += Math.ceil(bytes / WRITE_BYTES);
  meter.itemBytes.push(bytes);
}

function countRead(meter: Meter, items: readonly Item[]): void {
  const bytes = items.reduce((sum, item) => sum + bytesOf(item), 0);
  meter.reads += 1;
  meter.readUnits += Math.max(1, Math.ceil(bytes / READ_BYTES));
}

/**
 * Names and values in UTF-8, binaries as they are, numbers about half their digits (developer
 * guide, "item sizes").
 */
function bytesOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return value.B.byteLength;
  return value.N === undefined ? 0 : Math.ceil(value.N.length / 2) + 1;
}
