/** What the drill shows on a terminal and in a pipe. */
import { stripVTControlCharacters } from 'node:util';
import { liveLines } from '../../lab/drill/live-view';
import { Phases } from '../../lab/drill/phases';
import { LiveScreen, PlainScreen } from '../../lab/drill/screen';
import { NOW } from '../builders/now';
import { roundOf, verdict } from '../builders/rounds';
import type { Round } from '../../core/model';

const HOSTS = [
  { name: 'app-1', key: 'i-1:8080' },
  { name: 'app-2', key: 'i-2:8080' },
];

function round(medians: Readonly<Record<string, number | undefined>>, convicted?: string): Round {
  return roundOf({
    startedAt: NOW - 5000,
    endedAt: NOW,
    fleet: convicted === undefined ? 'none' : 'convicted',
    verdicts: Object.entries(medians).map(([key, medianMs]) => {
      const { medianMs: _, ...rest } = verdict(key);
      return { ...rest, ...(medianMs === undefined ? {} : { medianMs }), verdict: key === convicted ? 'convicted' : 'clean' };
    }),
    lbView: HOSTS.map(({ key }) => ({ target: { id: key.slice(0, 3), port: 8080 }, state: 'healthy' })),
  });
}

const plain = (lines: readonly string[]): string[] => lines.map(stripVTControlCharacters);

describe('what stays above the live table', () => {
  const said = (columns: number): string[] => {
    const lines: string[] = [];
    const update = Object.assign(() => undefined, { clear: () => undefined, done: () => undefined });
    const screen = new LiveScreen(
      update,
      (line) => lines.push(line),
      () => columns,
    );
    screen.say(['      + 22 connections to 5432, 2 of them pid 34 generate_monthly_report, parent crond']);
    screen.atTheEnd(['a command that is copied, and stays whole, however long it is: sickbay explain CASE']);
    screen.close();
    return lines;
  };

  it('breaks between words, and not in a command', () => {
    expect(said(60)).toEqual([
      '      + 22 connections to 5432, 2 of them pid 34',
      '        generate_monthly_report, parent crond',
      'a command that is copied, and stays whole, however long it is: sickbay explain CASE',
    ]);
  });

  it('is left to a terminal that is too narrow for words', () => {
    expect(said(30)).toHaveLength(2);
  });
});

describe('the live table', () => {
  const older = round({ 'i-1:8080': 100, 'i-2:8080': 100 });
  const newest = round({ 'i-1:8080': 100, 'i-2:8080': 4_900 }, 'i-2:8080');

  it('has a line for each host: what the load balancer says beside what was measured, the last rounds, the verdict', () => {
    const lines = plain(liveLines(HOSTS, [newest, older], 'waiting', 120));
    expect(lines.find((line) => line.startsWith('app-1'))).toMatch(/healthy +100 ms +▂▂ +clean$/);
    expect(lines.find((line) => line.startsWith('app-2'))).toMatch(/healthy +4\.9 s +▂█ +convicted$/);
    expect(lines.at(-1)).toBe('waiting');
  });

  it('marks a round in which nothing answered', () => {
    const silent = round({ 'i-1:8080': 100, 'i-2:8080': undefined });
    expect(plain(liveLines(HOSTS, [silent, older], '', 120)).find((line) => line.startsWith('app-2'))).toContain('▂×');
  });

  it('is never wider than the terminal, where a line that wraps would stay behind', () => {
    for (const columns of [20, 40, 80]) {
      const widths = plain(liveLines(HOSTS, [newest, older], 'w'.repeat(300), columns)).map((line) => line.length);
      expect(Math.max(...widths)).toBeLessThan(columns);
    }
  });

  it('says what it waits for before the first round', () => {
    expect(plain(liveLines(HOSTS, [], 'waiting for a round', 80))).toEqual(['', 'waiting for a round']);
  });
});

describe('the screen', () => {
  it('of a pipe has every line, in the order in which it was said', () => {
    const lines: string[] = [];
    const phases = new Phases(new PlainScreen((line) => lines.push(line)));
    phases.detail('Round', ['a']);
    phases.atTheEnd('Alert', ['b']);
    phases.show('Summary', ['c']);
    expect(lines.filter(Boolean)).toEqual(['Round', '    a', 'Alert', '    b', 'Summary', '    c']);
  });

  it('of a terminal keeps the block below what stays, leaves out what the block shows, and ends with the alert', () => {
    const written: string[] = [];
    const update = Object.assign((text: string) => void written.push(`block: ${text}`), {
      clear: () => void written.push('cleared'),
      done: () => void written.push('done'),
    });
    const screen = new LiveScreen(update, (line) => written.push(line));
    const phases = new Phases(screen);
    screen.show(['table']);
    phases.detail('Round', ['a']);
    phases.atTheEnd('Alert', ['b']);
    phases.show('Findings', ['c']);
    screen.close();
    expect(written.filter(Boolean)).toEqual([
      'block: table',
      'cleared',
      'Findings',
      '    c',
      'block: table',
      'cleared',
      'done',
      'Alert',
      '    b',
    ]);
  });
});
