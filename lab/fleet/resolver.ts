/**
 * The fleet's name server, where a VPC has its own: the private zone's A records and nothing else
 * (RFC 1035, section 4.1).
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { ADDRESSES } from './network';

const HEADER_BYTES = 12;
const TYPE_A = 1;
const ANSWER = 0x8580; // response, authoritative, recursion desired and available
const NO_SUCH_NAME = 3;
const TTL_S = 60;

interface Question {
  readonly name: string;
  readonly type: number;
  readonly endsAt: number;
}

/** The question of a query, or undefined where it is cut short. */
export function parseQuestion(query: Buffer): Question | undefined {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    const length = query[at];
    if (length === undefined || at + length + 1 > query.length) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(query.toString('latin1', at, at + length));
    at += length;
  }
  if (at + 4 > query.length) return undefined;
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at), endsAt: at + 4 };
}

function addressRecord(address: string): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc000 + HEADER_BYTES, 0); // a pointer to the name in the question
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(TTL_S, 6);
  record.writeUInt16BE(4, 10);
  for (const [index, byte] of address.split('.').entries()) record.writeUInt8(Number(byte), 12 + index);
  return record;
}

/** The reply to one query; undefined where it is not a query. */
export function reply(query: Buffer, zone: Readonly<Record<string, string>>): Buffer | undefined {
  const question = query.length < HEADER_BYTES ? undefined : parseQuestion(query);
  if (question === undefined) return undefined;
  const address = zone[question.name];
  const records = address !== undefined && question.type === TYPE_A ? [addressRecord(address)] : [];
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(ANSWER | (address === undefined ? NO_SUCH_NAME : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, query.subarray(HEADER_BYTES, question.endsAt), ...records]);
}

/** Serves the zone (name to address) until the socket is closed. */
export async function startResolver(zone: Readonly<Record<string, string>>): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const answer = reply(query, zone);
    if (answer !== undefined) socket.send(answer, from.port, from.address);
  });
  socket.bind(53, ADDRESSES.resolver);
  await once(socket, 'listening');
  return socket;
}
