/**
 * How a command of Sickbay is printed (docs/decisions/0022-how-commands-are-printed.md). The name
 * `sickbay` on the npm registry is not ours: a text must never let npm fetch it.
 */

/** Prints `words`, such as `cases --days 2`, as a command that the reader can run. */
export type PrintCommand = (words: string) => string;

/**
 * For texts that are read elsewhere than where they are made: alerts, records, documentation. It
 * runs in a checkout and in an app that has the package, and nowhere fetches one: npm refuses with
 * `npx canceled` instead (npm documentation, npx, `--no-install`).
 */
export const sickbayCommand: PrintCommand = (words) => `npx --no-install sickbay ${words}`;

/** What a request of an operator takes besides its subject, for the reader to fill in. */
export const BY_WHOM = '--by NAME --reason TEXT';
