/** The browser that reports are opened in: Debian's Chromium, or what CHROMIUM names. */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { pathToFileURL } from 'node:url';

export const BROWSER = process.env['CHROMIUM'] ?? 'chromium';
const HANG_MS = 90_000;
const MAX_OUTPUT = 2 ** 26;

/** Nothing of the browser's own goes out, and no name is found. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--hide-scrollbars',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--enable-logging=stderr',
];

export function hasBrowser(): boolean {
  return spawnSync(BROWSER, ['--version']).error === undefined;
}

/**
 * Opens a page. `profile`: a folder for the browser. `flags`: of Chromium, such as the size of its
 * window, or what to make of the page. What the page wrote to its console is in the answer's
 * `stderr`.
 */
export function openPage(page: string, profile: string, flags: readonly string[]): SpawnSyncReturns<string> {
  const all = [...FLAGS, `--user-data-dir=${profile}`, ...flags, pathToFileURL(page).href];
  return spawnSync(BROWSER, all, { encoding: 'utf8', timeout: HANG_MS, maxBuffer: MAX_OUTPUT });
}
