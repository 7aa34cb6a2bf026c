/**
 * Progress as it happens, and waits that end: a phase that hangs ends the drill with what it waited
 * for.
 */
import { waitFor, type Look } from '../fleet/wait';

export type Say = (line: string) => void;

/** The drill's own clock and voice. */
export class Phases {
  private readonly startedAt = performance.now();

  /** The latest phase, for who asks where it hangs. */
  last = 'start';

  constructor(private readonly out: Say = (line) => console.log(line)) {}

  /** Seconds since the drill began. */
  elapsedS(): number {
    return (performance.now() - this.startedAt) / 1000;
  }

  phase(name: string): void {
    this.last = name;
    this.out(`[${this.elapsedS().toFixed(1).padStart(6)} s] ${name}`);
  }

  show(heading: string, lines: readonly string[]): void {
    this.out('');
    this.out(heading);
    for (const line of lines) this.out(`    ${line}`);
    this.out('');
  }

  /**
   * Looks until `look` finds something. @throws after `deadlineS`, saying what was waited for and
   * what was seen last.
   */
  async until<T>(what: string, deadlineS: number, look: () => Promise<Look<T>>): Promise<T> {
    this.phase(`waiting for ${what}`);
    return waitFor(what, deadlineS * 1000, look, 200);
  }
}
