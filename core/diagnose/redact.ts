/**
 * What may be told of text that came from a host. Redaction is by allow-list (docs/redaction.md):
 * of a command the program, the names of its options and values that are harmless by their form;
 * everything else is `‹hidden›`. The host did the same before it printed (`inspect.sh`); here it is
 * done again, for what a host prints is not to be trusted. Time grows with the length of the text.
 */
import { shownCron, shownLine, shownText } from './redaction/command';
import { shownRow } from './redaction/rows';

export { HIDDEN } from './redaction/values';

/** Longer lines are no rows of an inspection, which has 20,000 bytes. */
const LONGEST_LINE = 24_000;

/**
 * The text in printable ASCII and tabs; `?` stands for every other character, and so for what a
 * terminal would obey. Line ends stay.
 */
export function printable(text: string): string {
  return text.replaceAll(/[^\t\n\r\x20-\x7E‹›]/g, '?');
}

/** A command line, as far as it may be told. Idempotent. */
export function redactCommand(command: string): string {
  return shownLine(printable(command).replaceAll(/[\t\n\r]/g, ' '));
}

/**
 * A line of a crontab, as far as it may be told: one line. `user`: who may stand between its
 * schedule and its command. Idempotent.
 */
export function redactCron(text: string, user: string): string {
  return shownCron(printable(text).replaceAll(/[\t\n\r]/g, ' '), user);
}

/** Prose of a host, such as an error message, as far as it may be told: one line. Idempotent. */
export function redactText(text: string): string {
  return shownText(printable(text).replaceAll(/[\t\n\r]/g, ' '));
}

/** A line of an inspection, as far as it may be told. Idempotent; columns stay columns. */
export function redactRow(line: string): string {
  return shownRow(printable(line.slice(0, LONGEST_LINE)).replaceAll(/[\n\r]/g, ' '));
}

/** Everything a host printed, as far as it may be told. Idempotent; rows stay rows. */
export function redactInspection(stdout: string): string {
  return stdout
    .split(/\r?\n/)
    .map((line) => redactRow(line))
    .join('\n');
}
