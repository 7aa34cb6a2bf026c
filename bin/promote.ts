import type { Command } from 'commander';
import { isClear, promotionReport, promotionText } from '../core/report/promotion';
import { days, readCases, type DaysOptions } from './cases';
import { EXIT } from './exit';
import { finish, operatorCommand } from './operator-command';

const DAY_MS = 86_400_000;

/** `sickbay promote [--days 7] [--json]` */
export function promoteCommand(): Command {
  return operatorCommand('promote', 'what observing would have taken out, and whether that was right: before you turn enforce on', 'cases')
    .option('--days <number>', 'looking back on so many days', days, 7)
    .addHelpText(
      'after',
      '\nExit: 0 everything was right, or nothing happened; 1 something is doubtful or was blocked by more than the mode.',
    )
    .action((options: DaysOptions, command: Command) =>
      finish(command, async () => {
        const now = Date.now();
        const report = promotionReport(await readCases(options), now - options.days * DAY_MS, now);
        process.stdout.write(options.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : `${promotionText(report).join('\n')}\n`);
        return isClear(report) ? EXIT.fine : EXIT.findings;
      }),
    );
}
