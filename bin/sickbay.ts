/** The command line: `node bin/sickbay.js --help`. */
import type { Command } from 'commander';
import { EXIT } from './exit';
import { program, type Entry } from './program';

/**
 * One line a command, in the order of `--help`: its name, its summary, and what loads its module
 * when it is called.
 */
const COMMANDS: readonly Entry[] = [
  ['init', 'read the account and write a configuration', () => (require('./init') as typeof import('./init')).initCommand()],
  ['doctor', 'what is missing, and what mends it', () => (require('./doctor') as typeof import('./doctor')).doctorCommand()],
  ['cost', 'what Sickbay would cost in a month', () => (require('./cost') as typeof import('./cost')).costCommand()],
  ['cases', 'what is open, and what was closed lately', () => (require('./cases') as typeof import('./cases')).casesCommand()],
  ['explain', 'one case step by step', () => (require('./explain') as typeof import('./explain')).explainCommand()],
  ['report', 'a case as one file, HTML or Markdown', () => (require('./report') as typeof import('./report')).reportCommand()],
  ['hold', 'keep a target or group from being removed', () => (require('./hold') as typeof import('./hold')).holdCommand()],
  ['release', 'end a hold', () => (require('./release') as typeof import('./release')).releaseCommand()],
  ['restore', 'put back what Sickbay removed, now', () => (require('./restore') as typeof import('./restore')).restoreCommand()],
  ['give-up', 'leave a target out that Sickbay removed', () => (require('./give-up') as typeof import('./give-up')).giveUpCommand()],
  ['stop', 'approve or deny that a job is stopped', () => (require('./stop') as typeof import('./stop')).stopCommand()],
  ['undo', 'give a stopped job its crontab line back', () => (require('./undo') as typeof import('./undo')).undoCommand()],
  ['close-breaker', 'allow removals again', () => (require('./close-breaker') as typeof import('./close-breaker')).closeBreakerCommand()],
  ['test-alert', 'publish a test on both topics', () => (require('./test-alert') as typeof import('./test-alert')).testAlertCommand()],
  [
    'readiness',
    'whether enough was seen to turn enforce on',
    () => (require('./readiness') as typeof import('./readiness')).readinessCommand(),
  ],
  ['sweep', 'measure every target of a group now', () => (require('./sweep') as typeof import('./sweep')).sweepCommand()],
  ['audit', 'what makes the next incident likely', () => (require('./audit') as typeof import('./audit')).auditCommand()],
  ['diagnose', 'what is different about one host', () => (require('./diagnose') as typeof import('./diagnose')).diagnoseCommand()],
  ['completion', 'complete commands in your shell', () => (require('./completion') as typeof import('./completion')).completionCommand()],
];

const [, , ...words] = process.argv;

/** What the script that `completion` printed asks on each TAB. */
function completing(): Promise<Command> {
  const { NAME, withCompletion } = require('./completion') as typeof import('./completion');
  return withCompletion(
    program(
      COMMANDS.filter(([name]) => name !== NAME),
      words,
    ),
  );
}

/** Whoever reads us may have read enough: `sickbay cases | head -1`. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

async function main(): Promise<void> {
  process.stdout.on('error', endWithReader);
  const root = words[0] === 'complete' ? await completing() : program(COMMANDS, words);
  // The parser would print the whole help, and exit with 2 without a word about why.
  const asked = words[0] === 'help' ? words[1] : undefined;
  if (asked !== undefined && !['help', ...COMMANDS.map(([name]) => name)].includes(asked)) root.error(`unknown command '${asked}'`);
  await root.parseAsync(words.length === 0 ? ['--help'] : words, { from: 'user' });
}

main().catch((error: unknown) => {
  console.error(`sickbay: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = EXIT.usage;
});
