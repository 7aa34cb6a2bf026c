import * as fc from 'fast-check';
import { MAX_BODY_BYTES, MalformedResponse, ResponseReader } from '../../../lambda/probe/response';

interface Read {
  readonly status: number;
  readonly bodyBytes: number;
  readonly complete: boolean;
}

/** Feeds the text cut at the given places. */
function read(text: string, options: { bodyless?: boolean; cuts?: readonly number[]; ends?: boolean } = {}): Read {
  const reader = new ResponseReader(options.bodyless ?? false);
  const cuts = [0, ...(options.cuts ?? []), text.length].sort((a, b) => a - b);
  cuts.slice(1).forEach((cut, index) => reader.feed(Buffer.from(text.slice(cuts[index], cut), 'latin1')));
  if (options.ends === true) reader.end();
  return { status: reader.status, bodyBytes: reader.bodyBytes, complete: reader.complete };
}

const CHUNKED =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n1A;name="x"\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nExpires: 0\r\n\r\n';

const WHOLE: readonly (readonly [string, string, Read])[] = [
  ['Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', { status: 200, bodyBytes: 5, complete: true }],
  ['an empty body', 'HTTP/1.1 404 Not Found\r\ncontent-length:0\r\n\r\n', { status: 404, bodyBytes: 0, complete: true }],
  [
    'the same length twice',
    'HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nok',
    { status: 200, bodyBytes: 2, complete: true },
  ],
  ['chunks, an extension and trailers', CHUNKED, { status: 200, bodyBytes: 31, complete: true }],
  [
    'chunks in spite of a length',
    'HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    { status: 200, bodyBytes: 0, complete: true },
  ],
  ['204 with a length', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', { status: 204, bodyBytes: 0, complete: true }],
  ['304', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', { status: 304, bodyBytes: 0, complete: true }],
  [
    'interim responses before it',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nContent-Length: 7\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    { status: 200, bodyBytes: 2, complete: true },
  ],
  ['101 as a final answer', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n', { status: 101, bodyBytes: 0, complete: true }],
  ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok', { status: 200, bodyBytes: 2, complete: true }],
  ['HTTP/1.0 without a reason', 'HTTP/1.0 200\r\nContent-Length: 2\r\n\r\nok', { status: 200, bodyBytes: 2, complete: true }],
  ['bytes after the end', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500', { status: 200, bodyBytes: 2, complete: true }],
];

describe('response reader', () => {
  it.each(WHOLE)('reads %s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('reads the same wherever the packets are cut', () => {
    const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.constantFrom(...WHOLE), cuts, ([, text, expected], places) => {
        const inside = places.filter((place) => place < text.length);
        expect(read(text, { cuts: inside })).toEqual(expected);
      }),
    );
  });

  it('is complete only with the last byte of a framed response', () => {
    for (const [name, text] of WHOLE.filter(([name]) => name !== 'bytes after the end')) {
      expect([name, read(text.slice(0, -1)).complete]).toEqual([name, false]);
    }
  });

  it('takes a body without length until the connection closes', () => {
    const text = 'HTTP/1.1 200 OK\r\n\r\nhello';
    expect(read(text)).toEqual({ status: 200, bodyBytes: 5, complete: false });
    expect(read(text, { ends: true }).complete).toBe(true);
  });

  it('takes a coding that is not chunked until the connection closes', () => {
    expect(read('HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\nhello', { ends: true }).bodyBytes).toBe(5);
  });

  it('expects no body after a HEAD', () => {
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n', { bodyless: true }).complete).toBe(true);
  });

  it.each([
    ['length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell'],
    ['chunk-data', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhell'],
    ['chunk-size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
    ['headers', 'HTTP/1.1 200 OK\r\nContent-'],
    ['status-line', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ])('calls a response cut off in %s malformed', (state, text) => {
    expect(() => read(text, { ends: true })).toThrow(`connection closed in ${state}`);
  });

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['HTTP/2', 'HTTP/2 200 OK\r\n'],
    ['a status that is none', 'HTTP/1.1 999 Odd\r\n'],
    ['a header without a name', 'HTTP/1.1 200 OK\r\n: x\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n'],
    ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n'],
    ['a chunk size that is none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
    ['a chunk longer than its size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n'],
    ['endless headers', `HTTP/1.1 200 OK\r\n${'X-Long: y\r\n'.repeat(7000)}`],
    ['a line without end', 'H'.repeat(MAX_BODY_BYTES + 1)],
  ])('calls %s malformed', (_, text) => {
    expect(() => read(text)).toThrow(MalformedResponse);
  });

  it('stops at 64 KiB of body', () => {
    const endless = `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(MAX_BODY_BYTES)}`;
    expect(read(endless.slice(0, -1)).complete).toBe(false);
    expect(read(endless).complete).toBe(true);
  });

  it('reads many small chunks without taking their framing for endless headers', () => {
    const chunks = '1\r\nx\r\n'.repeat(30_000);
    expect(read(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`)).toEqual({
      status: 200,
      bodyBytes: 30_000,
      complete: true,
    });
  });

  it('never throws anything but MalformedResponse, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'),
        fc.uint8Array(),
        (head, bytes) => {
          const reader = new ResponseReader(false);
          const step = (): void => {
            reader.feed(Buffer.concat([Buffer.from(head), bytes]));
            reader.end();
          };
          const thrown = caught(step);
          expect(thrown === undefined || thrown instanceof MalformedResponse).toBe(true);
        },
      ),
    );
  });
});

function caught(step: () => void): unknown {
  try {
    step();
    return undefined;
  } catch (error) {
    return error;
  }
}
