/**
 * Lines that are written over in place on a terminal, and one after the other elsewhere. By Node's
 * own readline: a package would do no more for a table that is cut at the window's width.
 */
import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';

export interface Screen {
  /** In the place of what was shown before. */
  show(lines: readonly string[]): void;
  /** Of a passing state; on a terminal alone. */
  progress(line: string): void;
}

export function screen(out: NodeJS.WriteStream = process.stdout): Screen {
  if (!out.isTTY) return { show: (lines) => void out.write(`${lines.join('\n')}\n`), progress: () => undefined };
  let [table, shown]: [readonly string[], number] = [[], 0];
  const draw = (lines: readonly string[]): void => {
    // A line that wraps, or a table that is higher than the window, would be written over wrongly.
    const fitting = lines.slice(0, Math.max(1, out.rows - 1)).map((line) => line.slice(0, out.columns - 1));
    moveCursor(out, 0, -shown);
    cursorTo(out, 0);
    clearScreenDown(out);
    out.write(`${fitting.join('\n')}\n`);
    shown = fitting.length;
  };
  return {
    show: (lines) => draw((table = lines)),
    progress: (line) => draw([...table, ...(table.length === 0 ? [] : ['']), line]),
  };
}
