/**
 * Opens reports in a headless Chromium at the width of a desk and of a phone, and in the dark:
 * screenshots for people, and an error where a page wrote to the console or asked for anything.
 *
 *     npm run report:shots -- OUTDIR REPORT.html ...
 *
 * The browser is `chromium` (Debian's), or what CHROMIUM names. Exit: 0 fine, 1 a page failed, 3 no
 * browser.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BROWSER, hasBrowser, openPage } from './browser';

const VIEWS = {
  desk: ['--window-size=1200,3400'],
  phone: ['--window-size=390,6000'],
  // Blink's PreferredColorScheme: 0 is dark.
  dark: ['--window-size=1200,3400', '--blink-settings=preferredColorScheme=0'],
} as const;
type View = keyof typeof VIEWS;
interface NetLog {
  readonly events: readonly { readonly params?: { readonly url?: string; readonly initiator?: string } }[];
}

/** What went wrong with one page in one view. */
function faults(page: string, view: View, shot: string): string[] {
  const profile = mkdtempSync(path.join(tmpdir(), 'sickbay-chromium-'));
  const log = path.join(profile, 'net.json');
  try {
    const { status, stderr, error } = openPage(page, profile, [`--log-net-log=${log}`, ...VIEWS[view], `--screenshot=${shot}`]);
    if (error !== undefined || status !== 0) return [`${BROWSER} ended with ${error?.message ?? `exit ${status}`}`];
    return [...(stderr.match(/CONSOLE.*/g) ?? []), ...requests(log)];
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}

/** Addresses that the page asked for: it is a file, so that its origin is none. */
function requests(log: string): string[] {
  const { events } = JSON.parse(readFileSync(log, 'utf8')) as NetLog;
  const asked = events.flatMap(({ params }) =>
    params?.initiator === 'null' || params?.initiator?.startsWith('file:') === true ? (params.url ?? []) : [],
  );
  return [...new Set(asked)].filter((url) => !url.startsWith('file:')).map((url) => `asked for ${url}`);
}

/** Takes the picture, and tells the faults with the page and the view that have them. */
function pictured(page: string, view: View, out: string): string[] {
  const name = `${path.basename(path.dirname(page))}-${path.basename(page, '.html')}-${view}.png`;
  return faults(page, view, path.join(out, name)).map((fault) => `${page} (${view}): ${fault}`);
}

function main([out, ...pages]: readonly string[]): number {
  if (out === undefined || pages.length === 0) {
    console.error('give a folder for the pictures, and the reports');
    return 2;
  }
  if (!hasBrowser()) {
    console.error(`no ${BROWSER} on this machine: apt-get install chromium`);
    return 3;
  }
  mkdirSync(out, { recursive: true });
  const views = Object.keys(VIEWS) as View[];
  const found = pages.flatMap((page) => views.flatMap((view) => pictured(page, view, out)));
  for (const fault of found) console.error(fault);
  console.log(`${pages.length * views.length} pictures in ${out}, ${found.length} faults`);
  return found.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
