/** Lines of a host's crontabs and timers, read for what they run. */
import { commandKey } from './command-key';
import type { CronEntry } from './inspection';

/** The entry of a row. Its command is compared with every process: it is read once. */
export function cronEntry(row: Pick<CronEntry, 'source' | 'user' | 'line'>, hostname: string | undefined): CronEntry {
  const command = commandOf(row);
  return { ...row, command, key: commandKey({ command: withoutOutput(command), comm: '' }, hostname) };
}

/** The line without the schedule, and without the user where the source names one. */
function commandOf({ source, user, line }: Pick<CronEntry, 'source' | 'user' | 'line'>): string {
  const rest = line.replace(/^(@\w+|(\S+\s+){4}\S+)\s+/, '');
  return source.startsWith('/etc/cron') && rest.startsWith(`${user} `) ? rest.slice(user.length + 1).trim() : rest.trim();
}

/** Without where its output goes. */
function withoutOutput(command: string): string {
  return command.replace(/\s*(?:\d?>|\|).*$/s, '');
}
