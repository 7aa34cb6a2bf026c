/**
 * Reads one HTTP/1.1 response from the bytes of a connection (RFC 9112): interim responses are
 * skipped, the body is framed by chunks, by Content-Length or by the end of the connection, and
 * counted, not kept. Only what a probe needs: no header but the framing ones is looked at.
 */

/**
 * A body is read up to this many bytes; a longer one counts as complete there. Also the limit of
 * one response's lines.
 */
export const MAX_BODY_BYTES = 64 * 1024;

/** Thrown when the bytes are not an HTTP/1.1 response; the message carries what was got. */
export class MalformedResponse extends Error {
  override readonly name = 'MalformedResponse';
}

type State = 'status-line' | 'headers' | 'length' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailers' | 'until-close' | 'complete';

export class ResponseReader {
  /** The final status code; 0 until its line has been read. */
  status = 0;
  /** Body bytes read so far, without framing. */
  bodyBytes = 0;
  private state: State = 'status-line';
  private line = '';
  private lineBytes = 0;
  private remaining = 0;
  private chunked = false;
  private coded = false;
  private contentLength: number | undefined;

  /** `bodyless`: the request was a HEAD, whose answer has no body whatever its headers say. */
  constructor(private readonly bodyless: boolean) {}

  get complete(): boolean {
    return this.state === 'complete';
  }

  /** True once the headers of the final response are read. */
  get headComplete(): boolean {
    return this.state !== 'status-line' && this.state !== 'headers';
  }

  /**
   * Takes the next bytes; bytes after the end of the response are ignored.
   * @throws MalformedResponse
   */
  feed(data: Buffer): void {
    let at = 0;
    while (at < data.length && !this.complete) at = this.inBody() ? this.takeBody(data, at) : this.takeLine(data, at);
  }

  /**
   * The connection was closed by the other side.
   * @throws MalformedResponse when the response was not complete.
   */
  end(): void {
    if (this.state === 'until-close') this.state = 'complete';
    if (!this.complete) throw new MalformedResponse(`connection closed in ${this.state} after ${this.bodyBytes} body bytes`);
  }

  private inBody(): boolean {
    return this.state === 'length' || this.state === 'chunk-data' || this.state === 'until-close';
  }

  private takeBody(data: Buffer, at: number): number {
    const taken = this.state === 'until-close' ? data.length - at : Math.min(this.remaining, data.length - at);
    this.bodyBytes += taken;
    this.remaining -= taken;
    if (this.bodyBytes >= MAX_BODY_BYTES) this.state = 'complete';
    else if (this.state === 'length' && this.remaining === 0) this.state = 'complete';
    else if (this.state === 'chunk-data' && this.remaining === 0) this.state = 'chunk-end';
    return at + taken;
  }

  /**
   * Lines may be cut anywhere between two packets. A bare LF ends a line as well (RFC 9112, 2.2).
   */
  private takeLine(data: Buffer, at: number): number {
    const newline = data.indexOf(10, at);
    const end = newline < 0 ? data.length : newline;
    this.lineBytes += end - at + 1;
    if (this.lineBytes > MAX_BODY_BYTES) throw new MalformedResponse(`over ${MAX_BODY_BYTES} bytes of header lines`);
    this.line += data.toString('latin1', at, end);
    if (newline < 0) return data.length;
    const line = this.line.endsWith('\r') ? this.line.slice(0, -1) : this.line;
    this.line = '';
    this.onLine(line);
    return end + 1;
  }

  private onLine(line: string): void {
    if (this.state === 'status-line') this.onStatusLine(line);
    else if (this.state === 'headers') this.onHeader(line);
    else if (this.state === 'chunk-size') this.onChunkSize(line);
    else if (this.state === 'chunk-end') this.onChunkEnd(line);
    else if (line === '') this.state = 'complete'; // the end of the trailers
  }

  private onStatusLine(line: string): void {
    const found = /^HTTP\/1\.[01] ([1-5][0-9]{2})(?: |$)/.exec(line);
    if (found === null) throw new MalformedResponse(`not a status line: ${JSON.stringify(line.slice(0, 60))}`);
    this.status = Number(found[1]);
    this.state = 'headers';
  }

  private onHeader(line: string): void {
    if (line === '') return this.onHeadersEnd();
    const colon = line.indexOf(':');
    if (colon < 1) throw new MalformedResponse(`not a header line: ${JSON.stringify(line.slice(0, 60))}`);
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'content-length') this.onContentLength(value);
    if (name === 'transfer-encoding') {
      this.coded = true;
      this.chunked = /(?:^|,)\s*chunked$/i.test(value);
    }
  }

  /** Different lengths in one response make its end unknowable (RFC 9112, 6.3). */
  private onContentLength(value: string): void {
    const lengths = new Set(value.split(',').map((part) => part.trim()));
    const [length] = lengths;
    const known = this.contentLength ?? Number(length);
    if (lengths.size !== 1 || length === undefined || !/^[0-9]{1,15}$/.test(length) || known !== Number(length)) {
      throw new MalformedResponse(`not a content length: ${JSON.stringify(value.slice(0, 60))}`);
    }
    this.contentLength = known;
  }

  /** RFC 9112, 6.3: the order of these rules is the standard's. */
  private onHeadersEnd(): void {
    if (this.status < 200 && this.status !== 101) return this.onInterim();
    if (this.bodyless || this.status === 101 || this.status === 204 || this.status === 304) this.state = 'complete';
    else if (this.coded) this.state = this.chunked ? 'chunk-size' : 'until-close';
    else if (this.contentLength === undefined) this.state = 'until-close';
    else {
      this.remaining = this.contentLength;
      this.state = this.contentLength === 0 ? 'complete' : 'length';
    }
  }

  private onInterim(): void {
    this.status = 0;
    this.chunked = this.coded = false;
    this.contentLength = undefined;
    this.state = 'status-line';
  }

  private onChunkSize(line: string): void {
    const found = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i.exec(line);
    if (found === null) throw new MalformedResponse(`not a chunk size: ${JSON.stringify(line.slice(0, 60))}`);
    this.remaining = Number.parseInt(found[1] ?? '', 16);
    this.lineBytes = 0;
    this.state = this.remaining === 0 ? 'trailers' : 'chunk-data';
  }

  private onChunkEnd(line: string): void {
    if (line !== '') throw new MalformedResponse(`chunk data longer than its size: ${JSON.stringify(line.slice(0, 60))}`);
    this.state = 'chunk-size';
  }
}
