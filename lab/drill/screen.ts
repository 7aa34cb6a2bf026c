/**
 * Where the drill's words go: line by line, or on a terminal above a block that updates in place.
 */

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

/** For a terminal. Lines that stay go above the block. */
export class LiveScreen implements Screen {
  private block: readonly string[] = [];
  private kept: readonly string[] = [];

  constructor(
    private readonly update: Updating,
    private readonly out: (line: string) => void = (line) => console.log(line),
  ) {}

  say(lines: readonly string[]): void {
    this.update.clear();
    for (const line of lines) this.out(line);
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
