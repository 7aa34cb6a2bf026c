/** Lines that are written over in place on a terminal, and one after the other elsewhere. */

export interface Screen {
  /** In the place of what was shown before. */
  show(lines: readonly string[]): void;
  /** Of a passing state; on a terminal alone. */
  progress(line: string): void;
}

export async function screen(out: NodeJS.WriteStream): Promise<Screen> {
  if (!out.isTTY) return { show: (lines) => void out.write(`${lines.join('\n')}\n`), progress: () => undefined };
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(out, { showCursor: true });
  let table: readonly string[] = [];
  return {
    show: (lines) => update((table = lines).join('\n')),
    progress: (line) => update([...table, ...(table.length === 0 ? [] : ['']), line].join('\n')),
  };
}
