/**
 * Guards of the program that stops: each is removed once, and a scene must notice. `from` stands
 * exactly once in the program as it is shipped.
 */
export interface Guard {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export function without(program: string, { name, from, to }: Guard): string {
  if (program.split(from).length !== 2) throw new Error(`${name}: not exactly once in the program: ${from}`);
  return program.replace(from, () => to);
}

/** A shorter wait between TERM and KILL: what a scene shows does not depend on it. */
export function hasty(program: string): string {
  const term = { name: 'wait after TERM', from: 'WAIT_AFTER_TERM_S = 30', to: 'WAIT_AFTER_TERM_S = 1' };
  return without(without(program, term), { name: 'wait after KILL', from: 'WAIT_AFTER_KILL_S = 5', to: 'WAIT_AFTER_KILL_S = 2' });
}
