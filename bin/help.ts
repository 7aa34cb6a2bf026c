/** What a help text ends with, and how it fits the terminal. */
import type { Command } from 'commander';
import { command as printed } from './invocation';

/** Adds examples, each as it follows the program's name: `cases --days 30`. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  if (examples.length === 0) return command;
  return command.addHelpText('after', () => ['', 'Examples:', ...examples.map((words) => `  ${printed(words)}`)].join('\n'));
}

/** Wider than this nobody reads; a pipe has no width, and is commander's own 80. */
const WIDEST = 100;

/** The width of help texts, for a stream of so many columns. */
export function helpWidth(columns: number | undefined): number {
  return Math.min(columns ?? 80, WIDEST);
}

/**
 * Paragraphs, which are lines without an indent, broken anew for `width`; what is indented stays:
 * options, and commands to copy.
 */
export function fitted(text: string, width: number): string {
  const lines: string[] = [];
  let paragraph: string[] = [];
  const close = (): void => {
    if (paragraph.length > 0) lines.push(...wrapped(paragraph.join(' '), width));
    paragraph = [];
  };
  for (const line of text.split('\n')) {
    if (/^\S/.test(line)) paragraph.push(line);
    else {
      close();
      lines.push(line);
    }
  }
  close();
  return lines.join('\n');
}

/** A text as lines of at most `width`; a longer word stays whole. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
