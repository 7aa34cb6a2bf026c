/**
 * The shop's users, in a closed loop: each waits for the page, thinks, and asks again. They are
 * sticky, as in most shops with a session, so a sick host keeps the users it has; with plain round
 * robin the same number of users could not show both a full pool and fast peers (Little's law:
 * lab.md).
 */
import { setMaxListeners } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { view, type PageView } from './view';

export interface ClientSample {
  readonly views: readonly PageView[];
  /** Of the views, those that took `SLOW_MS` or longer or failed. */
  readonly slowFraction: number;
}

/** Mean of the exponential pause between two pages of one user. */
const THINK_MS = 900;
/**
 * A page that takes longer is slow: several times what the shop needs, and about where a user's
 * flow of thought breaks.
 */
export const SLOW_MS = 1_000;

export class Users {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly leaving = new AbortController();
  private readonly loops: Promise<void>[] = [];
  /** How often the sessions of all users have ended. */
  private endedSessions = 0;

  constructor(
    private readonly address: string,
    private readonly path: string,
    private readonly port = 80,
    private readonly thinkMs = THINK_MS,
    private readonly ask = view,
  ) {
    setMaxListeners(0, this.leaving.signal); // every user who thinks listens
  }

  /**
   * Adds one user, bound to a target by the cookie where one is given. Users that lose their target
   * stay where they land.
   */
  add(cookie?: string): void {
    this.loops.push(this.use(this.loops.length + 1, cookie));
  }

  get count(): number {
    return this.loops.length;
  }

  /**
   * Ends everybody's session, as an hour does that the drill plays in a minute: the next page of
   * each goes where the load balancer sends it. Without it nobody comes back to a restored target.
   */
  endSessions(): void {
    this.endedSessions += 1;
  }

  /** Lets everybody go home, without waiting for the pages under way. */
  async stop(): Promise<void> {
    this.leaving.abort();
    this.agent.destroy();
    await Promise.all(this.loops);
  }

  /**
   * What a client without history sees: `count` requests at once, each on a connection of its own.
   */
  async clientSample(count: number): Promise<ClientSample> {
    const views = await Promise.all(Array.from({ length: count }, () => this.ask(this.address, this.port, this.path)));
    const slow = views.filter(({ latencyMs, status }) => latencyMs >= SLOW_MS || status !== 200);
    return { views, slowFraction: views.length === 0 ? 0 : slow.length / views.length };
  }

  private async use(number: number, first: string | undefined): Promise<void> {
    let cookie = first;
    let session = this.endedSessions;
    await this.think(Math.random() * this.thinkMs);
    while (!this.leaving.signal.aborted) {
      if (session !== this.endedSessions) cookie = undefined;
      session = this.endedSessions;
      const page = await this.ask(this.address, this.port, `${this.path}?user=${number}`, {
        agent: this.agent,
        ...(cookie === undefined ? {} : { cookie }),
      });
      cookie = page.cookie ?? cookie;
      await this.think(-Math.log(1 - Math.random()) * this.thinkMs);
    }
  }

  private async think(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.leaving.signal }).catch((cause: unknown) => {
      if (!this.leaving.signal.aborted) throw cause; // going home is no failure
    });
  }
}
