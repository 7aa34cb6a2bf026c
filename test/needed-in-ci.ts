/**
 * A test may be left out where a developer's machine lacks what it needs; CI has everything, and a
 * test that CI leaves out is one that nobody plays.
 * @throws where `CI` is set and it is not there
 */
export function neededInCi(isThere: boolean, lacking: string): void {
  if (!isThere && process.env['CI'] !== undefined) throw new Error(`${lacking}: CI plays every test`);
}
