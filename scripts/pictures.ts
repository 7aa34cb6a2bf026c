/**
 * The pictures of the README, made from real runs: nothing in them is drawn by hand.
 *
 *     npm run pictures [-- drill] [-- tour]        into docs/pictures/
 *
 * `drill` plays the story on a pseudo-terminal (script(1) of util-linux) and keeps the moment at
 * which the target is out, the first screen of its alert and the top of its report. `tour` leaves
 * the lab standing, breaks a host, and asks Sickbay about it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Argument, Command } from 'commander';
import { BROWSER, openPage } from './browser';
import { BETWEEN_ALERTS } from '../lab/drill/write-out';
import { terminalSvg } from './pictures/terminal-svg';

const ROOT = path.join(__dirname, '..');
const PICTURES = path.join(ROOT, 'docs', 'pictures');
const COLUMNS = 100;
const PHONE_COLUMNS = 64;
/** With it the next drawing of the table begins. */
const ERASED_LINE = '\u001b[2K';
/** A loaded machine takes its time; a drill ends itself after eight minutes. */
const PATIENCE_MS = 600_000;

async function main(): Promise<void> {
  const { args } = new Command('pictures')
    .description("makes the README's pictures from real runs")
    .addArgument(new Argument('[picture...]').choices(['drill', 'tour']))
    .addHelpText('after', '\nExample: npm run pictures -- drill')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
  mkdirSync(PICTURES, { recursive: true });
  if (args.length === 0 || args.includes('drill')) await drill();
  if (args.length === 0 || args.includes('tour')) await tour();
}

async function keep(name: string, written: string, title: string, columns = COLUMNS): Promise<void> {
  const file = path.join(PICTURES, `${name}.svg`);
  writeFileSync(file, await terminalSvg({ written, columns, title }));
  console.log(path.relative(ROOT, file));
}

// ---------------------------------------------------------------- the drill

async function drill(): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), 'sickbay-pictures-'));
  try {
    const file = path.join(directory, 'drill.tty');
    const out = path.join(directory, 'out');
    const command = `stty cols ${COLUMNS} rows 50; npm run --silent drill -- --out ${out}`;
    await ended(spawn('script', ['-qfec', command, file], { cwd: ROOT, stdio: 'ignore' }), 'the drill');
    await keep('drill', afterRemoval(readFileSync(file, 'utf8')), 'npm run drill');
    await keep('alert', firstScreen(readFileSync(path.join(out, 'alert.txt'), 'utf8')), 'the alert', PHONE_COLUMNS);
    report(path.join(out, 'report.html'), directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What the terminal showed when the next round after the removal had been drawn. */
function afterRemoval(recorded: string): string {
  const written = recorded.replace(/^Script started[^\n]*\n/, '');
  const removed = written.indexOf('waiting for the next round');
  const out = removed < 0 ? -1 : written.slice(removed).search(/draining|not registered/);
  if (out < 0) throw new Error(`the drill showed no target that is out; its last words: ${written.slice(-300)}`);
  return written.slice(0, written.indexOf(ERASED_LINE, removed + out));
}

/** What a phone shows of the removal's alert before anybody scrolls: the subject and five lines. */
function firstScreen(alerts: string): string {
  const removal = alerts.split(BETWEEN_ALERTS).find((alert) => /^\[[^\]]*\] Removed /.test(alert));
  if (removal === undefined) throw new Error(`the drill told of no removal; its first alert: ${alerts.slice(0, 300)}`);
  return wrapAtWords(firstLines(removal, 7), PHONE_COLUMNS);
}

function wrapAtWords(text: string, columns: number): string {
  return text.replace(new RegExp(`(?=.{${columns + 1}})(.{1,${columns}}) +`, 'g'), '$1\n');
}

/** The top of the report, at the width of a desk. */
function report(page: string, directory: string): void {
  const file = path.join(PICTURES, 'report.png');
  const { status, error } = openPage(page, path.join(directory, 'chromium'), ['--window-size=1200,1100', `--screenshot=${file}`]);
  if (error !== undefined || status !== 0)
    throw new Error(`${BROWSER} took no picture of the report: ${error?.message ?? `exit ${status}`}`);
  console.log(path.relative(ROOT, file));
}

// ---------------------------------------------------------------- the tour

async function tour(): Promise<void> {
  const lab = new Lab();
  try {
    await lab.says('The lab stands.');
    const shots = [await lab.sickbay('cases')];
    lab.type('pool-starvation');
    await lab.says('is out, confirmed');
    shots.push('# pool-starvation begins on app-3; Sickbay is not told\n', await lab.sickbay('cases'));
    const id = /\d{4}T\d{4}-\S+/.exec(shots.join(''))?.[0] ?? '';
    if (id === '') throw new Error(`no case: ${shots.join('')}`);
    shots.push(firstLines(await lab.sickbay('explain', id), 24));
    shots.push(await lab.sickbay('hold', 'checkout-tg', '--for', '1h', '--by', 'you', '--reason', 'we look ourselves'));
    lab.type('stop pool-starvation');
    await keep('tour', shots.join('\n'), 'npm run lab, and another terminal');
  } finally {
    await lab.end();
  }
}

function firstLines(text: string, count: number): string {
  const lines = text.split('\n');
  return lines.length <= count ? text : [...lines.slice(0, count), '...', ''].join('\n');
}

/** The standing lab, driven as a person at two terminals does. */
class Lab {
  private heard = '';
  private readonly process: ChildProcess;

  constructor() {
    this.process = spawn('npm', ['run', '--silent', 'lab'], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] });
    this.process.stdout?.on('data', (chunk: Buffer) => (this.heard += chunk.toString()));
  }

  async says(words: string): Promise<void> {
    const until = Date.now() + PATIENCE_MS;
    while (!this.heard.includes(words)) {
      if (this.process.exitCode !== null || Date.now() > until)
        throw new Error(`the lab never said "${words}"; its last words: ${this.heard.slice(-500)}`);
      await sleep(200);
    }
  }

  type(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  /** What a command printed, after the prompt and the command itself. */
  async sickbay(...words: readonly string[]): Promise<string> {
    const command = ['/bin/sh', '-c', 'exec "$@" 2>/dev/null', 'sh', process.execPath, path.join(ROOT, 'bin', 'sickbay.js'), ...words];
    const child = spawn('npm', ['run', '--silent', 'lab', '--', 'shell', ...command], {
      cwd: ROOT,
      env: { ...process.env, COLUMNS: String(COLUMNS), FORCE_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    await ended(child, words.join(' '));
    const typed = words.map((word) => (/^[\w.:-]+$/.test(word) ? word : `'${word}'`)).join(' ');
    return `$ sickbay ${typed}\n${Buffer.concat(chunks).toString()}`;
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null) return;
    this.type('quit');
    await ended(this.process, 'the lab');
  }
}

async function ended(child: ChildProcess, what: string): Promise<void> {
  const timer = setTimeout(() => child.kill('SIGTERM'), PATIENCE_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  clearTimeout(timer);
  if (code === null) throw new Error(`${what} was ended by a signal`);
}

main().catch((error: unknown) => {
  console.error(`pictures: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
