/** What a terminal shows while the drill plays: a table of the targets that updates in place. */
import { styleText } from 'node:util';
import { targetKey, type Round, type TargetVerdict } from '../../core/model';
import { clientLine } from '../../core/report/round';
import { duration, table } from '../../core/report/text';

/** Rounds that a target's little chart shows, one character each. */
export const CHARTED = 20;
const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** The chart's scale is logarithmic, from its lowest bar to its highest. */
const FROM_MS = 50;
const TO_MS = 5_000;

type Style = 'red' | 'yellow' | 'green' | 'dim';
const VERDICT_STYLE: Readonly<Record<TargetVerdict['verdict'], Style>> = {
  convicted: 'red',
  suspect: 'yellow',
  clean: 'green',
  unjudged: 'dim',
};

export interface LiveHost {
  readonly name: string;
  /** As verdicts name its target. */
  readonly key: string;
}

/**
 * The block below the phases, no line wider than the terminal.
 * @param rounds newest first
 * @param columns of the terminal
 */
export function liveLines(hosts: readonly LiveHost[], rounds: readonly Round[], waitingFor: string, columns: number): string[] {
  const [newest] = rounds;
  const waiting = styled('dim', cut(waitingFor, columns));
  if (newest === undefined) return ['', waiting];
  const rows = table([
    ['host', 'load balancer', 'measured', `last ${CHARTED} rounds`, 'verdict'],
    ...hosts.map((host) => row(host, newest, rounds)),
  ]).map((line) => cut(line, columns));
  const client = newest.clientView === undefined ? [] : [cut(`client's view: ${clientLine(newest, newest.clientView)}`, columns)];
  const [heading = '', ...lines] = rows;
  return ['', styled('dim', heading), ...lines.map((line, index) => painted(line, verdictOf(newest, hosts[index]))), ...client, waiting];
}

function row({ name, key }: LiveHost, newest: Round, rounds: readonly Round[]): string[] {
  const state = newest.lbView.find(({ target }) => targetKey(target) === key)?.state ?? 'not registered';
  const verdict = newest.verdicts.find((one) => one.key === key);
  const median = verdict?.medianMs === undefined ? '-' : duration(verdict.medianMs);
  return [name, state, median, chart(key, rounds), verdict?.verdict ?? '-'];
}

/** Oldest on the left. A round without an answer is a cross. */
function chart(key: string, rounds: readonly Round[]): string {
  const bars = rounds.slice(0, CHARTED).map(({ verdicts }) => {
    const verdict = verdicts.find((one) => one.key === key);
    if (verdict === undefined) return ' ';
    return verdict.medianMs === undefined ? '×' : bar(verdict.medianMs);
  });
  return bars.reverse().join('').padStart(CHARTED);
}

function bar(ms: number): string {
  const share = Math.log(Math.max(ms, FROM_MS) / FROM_MS) / Math.log(TO_MS / FROM_MS);
  return BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))] ?? '█';
}

function verdictOf(round: Round, host: LiveHost | undefined): TargetVerdict['verdict'] | undefined {
  return round.verdicts.find(({ key }) => key === host?.key)?.verdict;
}

function painted(line: string, verdict: TargetVerdict['verdict'] | undefined): string {
  return verdict === undefined || verdict === 'clean' ? line : styled(VERDICT_STYLE[verdict], line);
}

/** Plain where the environment asks for it (no-color.org). */
function styled(style: Style, text: string): string {
  return process.env['NO_COLOR'] === undefined || process.env['NO_COLOR'] === '' ? styleText(style, text) : text;
}

function cut(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`;
}
