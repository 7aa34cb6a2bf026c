/**
 * Where the drill's words go: line by line, or on a terminal above a block that updates in place.
 */
import { wrapped } from '../../bin/help';

export interface Screen {
  /** What stays on the screen. */
  say(lines: readonly string[]): void;
  /** What a block that updates in place shows as well: said only where there is none. */
  detail(lines: readonly string[]): void;
  /** What somebody should end with: said now, or after everything else. */
  atTheEnd(lines: readonly string[]): void;
  /** Ends the block, and says what was kept for the end. */
  close(): void;
}

/** For a pipe or a file: everything in its order. */
export class PlainScreen implements Screen {
  constructor(private readonly out: (line: string) => void = (line) => console.log(line)) {}

  say(lines: readonly string[]): void {
    for (const line of lines) this.out(line);
  }

  detail(lines: readonly string[]): void {
    this.say(lines);
  }

  atTheEnd(lines: readonly string[]): void {
    this.say(lines);
  }

  close(): void {
    // Everything is said already.
  }
}

/** As `log-update` makes it: each call replaces what the last one wrote. */
export interface Updating {
  (text: string): void;
  clear(): void;
  /** Leaves the terminal as it was: its cursor is back. */
  done(): void;
}

/** What is left of a line goes on so far to the right of its beginning. */
const HANGING = 2;

/**
 * Between words, where the terminal would break within one. What is said at the end stays as it is:
 * commands in it are copied.
 */
function broken(line: string, columns: number): string[] {
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  if (line.length <= columns || columns < indent + NARROWEST) return [line];
  const [first = '', ...rest] = wrapped(line.trimStart(), columns - indent - HANGING);
  return [' '.repeat(indent) + first, ...rest.map((text) => ' '.repeat(indent + HANGING) + text)];
}

/** Below it a word a line would be no better. */
const NARROWEST = 40;

/** For a terminal. Lines that stay go above the block. */
export class LiveScreen implements Screen {
  private block: readonly string[] = [];
  private kept: readonly string[] = [];

  constructor(
    private readonly update: Updating,
    private readonly out: (line: string) => void = (line) => console.log(line),
    private readonly columns: () => number = () => Infinity,
  ) {}

  say(lines: readonly string[]): void {
    this.update.clear();
    for (const line of lines.flatMap((one) => broken(one, this.columns()))) this.out(line);
    this.draw();
  }

  detail(): void {
    // The block tells it, as it is now.
  }

  atTheEnd(lines: readonly string[]): void {
    this.kept = [...this.kept, ...lines];
  }

  /** The block from now on. */
  show(block: readonly string[]): void {
    this.block = block;
    this.draw();
  }

  close(): void {
    this.update.clear();
    this.update.done();
    this.block = [];
    for (const line of this.kept) this.out(line);
    this.kept = [];
  }

  private draw(): void {
    if (this.block.length > 0) this.update(this.block.join('\n'));
  }
}
