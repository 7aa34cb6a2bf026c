import type { Host } from '../hosts';

/** Somebody who keeps doing something to a host until told to stop. */
export class Background {
  private readonly running = new Map<string, { readonly end: AbortController; readonly done: Promise<void> }>();

  /** Begins; `work` goes on until its signal is aborted. */
  begin(host: Host, work: (signal: AbortSignal) => Promise<void>): void {
    const end = new AbortController();
    const done = work(end.signal);
    done.catch(() => end.abort()); // told where it is awaited, in `end`
    this.running.set(host.instanceId, { end, done });
  }

  /** Ends it and waits. @throws what the work threw */
  async end(host: Host): Promise<void> {
    const running = this.running.get(host.instanceId);
    this.running.delete(host.instanceId);
    running?.end.abort();
    await running?.done;
  }
}
