/**
 * What somebody with a shell on the host does there. Words go to the scripts by the environment,
 * never into their text.
 */
import { writeFile } from 'node:fs/promises';
import { shopAnswers, type Host } from './hosts';

/**
 * Makes the minute of `schedule` come on the host: cron runs the entries that stand there for it.
 */
export async function comeMinute(host: Host, schedule: string): Promise<void> {
  await writeFile(host.path('shop/run/due'), `${schedule}\n`);
  await host.sh('kill -USR1 "$(cat "$SHOP/run/crond.pid")"');
}

/**
 * Ends every process of the host whose command line contains `words`. By /proc, because a bare
 * machine has neither pgrep nor pkill.
 */
export async function killByCommand(host: Host, words: string): Promise<void> {
  const script = `
for process in /proc/[0-9]*; do
  case "$(tr '\\0' ' ' < "$process/cmdline")" in *"$WORDS"*) kill "\${process#/proc/}" ;; esac
done`;
  await host.sh(script, { WORDS: words });
}

/** Adds a line to the host's crontab. */
export async function addCronLine(host: Host, line: string): Promise<void> {
  await host.sh('{ crontab -l; printf "%s\\n" "$LINE"; } | crontab -', { LINE: line });
}

/** Removes the lines of the host's crontab that contain `words`. */
export async function removeCronLines(host: Host, words: string): Promise<void> {
  await host.sh('crontab -l | grep -vF -e "$WORDS" | crontab -', { WORDS: words });
}

/** Restarts the shop on the host and waits until it answers. */
export async function restartShop(host: Host): Promise<void> {
  await host.sh('kill "$(cat "$SHOP/run/server.pid")"');
  await shopAnswers(host);
}
