/**
 * What was typed and is not understood, told as every other error is: by which command, what was
 * given, and what is allowed. The parser hands over its own sentences alone (commander,
 * `outputError`).
 */
import type { Command } from 'commander';

/** A sentence of the parser, and how it is told; what no pattern matches is told as it is. */
type Rule = readonly [pattern: RegExp, told: (command: Command, ...found: string[]) => string];

const RULES: readonly Rule[] = [
  [/^unknown option '(.*?)'(?:\n\(Did you mean (.*)\?\))?$/s, unknownOption],
  [/^unknown command '(.*?)'(?:\n\(Did you mean (.*)\?\))?$/s, unknownCommand],
  [/^missing required argument '(.*)'$/, (command, name) => `<${name}> is missing: ${argumentText(command, name)}`],
  [/^required option '(.*)' not specified$/, (command, flags) => `${flags} is missing: ${optionText(command, flags)}`],
  [/^option '(.*)' argument missing$/, (command, flags) => `${flags} has no value: ${optionText(command, flags)}`],
  [/^too many arguments/, tooMany],
  [/^option '(.*?)' argument '(.*)' is invalid\. (.*)$/s, (_command, flags, given, why) => `${flags}: ${invalid(given, why)}`],
  [
    /^command-argument value '(.*)' is invalid for argument '(.*?)'\. (.*)$/s,
    (_command, given, name, why) => `<${name}>: ${invalid(given, why)}`,
  ],
];

/** `text` is the parser's, of the command that was called. One line. */
export function mistakeText(text: string, command: Command): string {
  const sentence = text.replace(/^error: /, '').trimEnd();
  for (const [pattern, told] of RULES) {
    const match = pattern.exec(sentence);
    if (match !== null) return `${nameOf(command)}: ${told(command, ...match.slice(1))}`;
  }
  return `${nameOf(command)}: ${sentence}`;
}

function nameOf(command: Command): string {
  return command.parent === null ? 'sickbay' : `sickbay ${command.name()}`;
}

function unknownOption(command: Command, given: string, meant: string | undefined): string {
  const help = command.createHelp();
  const all = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)].map(({ long, short }) => long ?? short);
  if (command.parent !== null && all.includes(given)) return `"${given}" stands before the name of the command; allowed: behind it`;
  const own = command.parent === null ? '; the options of a command stand behind its name' : '';
  return `unknown option "${given}"${guess(meant)}; allowed: ${all.join(', ')}${own}`;
}

function unknownCommand(command: Command, given: string, meant: string | undefined): string {
  const names = command
    .createHelp()
    .visibleCommands(command)
    .map((one) => one.name());
  return `unknown command "${given}"${guess(meant)}; allowed: ${names.join(', ')}`;
}

function guess(meant: string | undefined): string {
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}

function tooMany({ args, registeredArguments }: Command): string {
  const extra = args.slice(registeredArguments.length).map((word) => `"${word}"`);
  const taken = registeredArguments.map((argument) => `<${argument.name()}> and `);
  return `unexpected ${extra.length === 1 ? 'argument' : 'arguments'} ${extra.join(', ')}; allowed: ${taken.join('')}options`;
}

/**
 * Our own checks say what was given and what is allowed; the parser's of choices says the latter.
 */
function invalid(given: string, why: string): string {
  const choices = /^Allowed choices are (.*)\.$/.exec(why)?.[1];
  if (choices !== undefined) return `got "${given}"; allowed: ${choices}`;
  return why.startsWith('got ') ? why : `got "${given}": ${why}`;
}

function optionText({ options }: Command, flags: string): string {
  return options.find((option) => option.flags === flags)?.description ?? '';
}

function argumentText({ registeredArguments }: Command, name: string): string {
  return registeredArguments.find((argument) => argument.name() === name)?.description ?? '';
}
