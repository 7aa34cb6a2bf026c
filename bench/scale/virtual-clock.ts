import type { Clock } from '../../lambda/ports';

/**
 * Time that passes by waiting alone: who sleeps wakes at once, and it is that much later. What the
 * code itself takes is measured apart, as processor time.
 */
export class VirtualClock implements Clock {
  constructor(private at: number) {}

  now(): number {
    return this.at;
  }

  async sleep(ms: number): Promise<void> {
    const until = this.at + ms;
    // Who is asked at the same time sleeps at the same time.
    await Promise.resolve();
    this.at = Math.max(this.at, until);
  }

  goTo(at: number): void {
    this.at = Math.max(this.at, at);
  }
}
