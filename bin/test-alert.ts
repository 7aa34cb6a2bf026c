import type { Command } from 'commander';
import type { TopicSummary } from '../lambda/alert/tend-topics';
import type { RespondEvent } from '../lambda/contract';
import { invocation } from './ask-responder';
import { EXIT } from './exit';
import { finish, operatorCommand, resourceName, type StackOptions } from './operator-command';

interface Options extends StackOptions {
  readonly by: string;
  readonly json?: true;
}

/** `sickbay test-alert --by NAME`: by the way that real alerts take, from the responder on. */
export function testAlertCommand(): Command {
  return operatorCommand('test-alert', 'publishes a test on both topics and counts who hears them', 'responder')
    .requiredOption('--by <name>', 'who asks: the test says so')
    .action(async (options: Options, command: Command) =>
      finish(command, async () => {
        const event: RespondEvent = { wokenBy: 'operator', wish: { kind: 'test-alert', by: options.by } };
        const answer = await invocation<TopicSummary>(await resourceName('responder', options))(event);
        process.stdout.write(options.json === true ? `${JSON.stringify(answer, undefined, 2)}\n` : audienceText(answer));
        return answer.silent.length > 0 ? EXIT.findings : EXIT.fine;
      }),
    );
}

/** A line for each topic, and what to do about one without a confirmed subscriber. */
export function audienceText({ audience, silent }: TopicSummary): string {
  const topics = Object.entries(audience).map(
    ([severity, { confirmed, pending }]) => `${severity}: ${confirmed} confirmed, ${pending} pending`,
  );
  const unheard = silent.map(
    (severity) =>
      `the topic ${severity} has no confirmed subscriber: subscribe somebody and confirm it (docs/runbook.md, "A topic has no confirmed subscriber")`,
  );
  return [...topics, ...unheard, ''].join('\n');
}
