/**
 * Progress as it happens, and waits that end: a phase that hangs ends the drill with what it waited
 * for.
 */
import { waitFor, type Look } from '../fleet/wait';
import { PlainScreen, type Screen } from './screen';

/** The drill's own clock and voice. */
export class Phases {
  private readonly startedAt = performance.now();

  /** The latest phase, for who asks where it hangs. */
  last = 'start';

  constructor(private readonly screen: Screen = new PlainScreen()) {}

  /** Seconds since the drill began. */
  elapsedS(): number {
    return (performance.now() - this.startedAt) / 1000;
  }

  phase(name: string): void {
    this.last = name;
    this.screen.say([`[${this.elapsedS().toFixed(1).padStart(6)} s] ${name}`]);
  }

  show(heading: string, lines: readonly string[]): void {
    this.screen.say(block(heading, lines));
  }

  /** Not on a terminal, whose table of the targets shows the like. */
  detail(heading: string, lines: readonly string[]): void {
    this.screen.detail(block(heading, lines));
  }

  /** On a terminal after everything else: what the reader should be left with. */
  atTheEnd(heading: string, lines: readonly string[]): void {
    this.screen.atTheEnd(block(heading, lines));
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

function block(heading: string, lines: readonly string[]): string[] {
  return ['', heading, ...lines.map((line) => `    ${line}`), ''];
}
