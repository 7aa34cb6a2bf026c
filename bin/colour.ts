/** Colour for people at a terminal, and for nobody else. */

export interface Stream {
  readonly isTTY?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether `stream` is written to in colour: `NO_COLOR` (no-color.org) goes before `FORCE_COLOR`
 * (force-color.org), and that before what the stream is.
 */
export function hasColour({ isTTY }: Stream, env: Environment = process.env): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return isTTY === true && env['TERM'] !== 'dumb';
}

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const;

export type Paint = Readonly<Record<keyof typeof CODES, (text: string) => string>>;

/** Functions that colour a text for `stream`, or leave it alone. */
export function paint(stream: Stream, env: Environment = process.env): Paint {
  const on = hasColour(stream, env);
  const painted = Object.entries(CODES).map(([name, [open, close]]) => [
    name,
    (text: string) => (on ? `\u001B[${open}m${text}\u001B[${close}m` : text),
  ]);
  return Object.fromEntries(painted) as Paint;
}
