/** The section of docs/runbook.md that an alert leads to; a test holds the headings. */
import { newsOf, type AlertInput, type News } from './telling';

const SECTIONS: Readonly<Record<Exclude<News, 'group'>, string>> = {
  removed: 'Removed',
  'held-out': 'Keeps failing',
  'return-refused': 'Cannot be restored',
  asked: 'Keeps failing',
  renewed: 'Still slow, stays out',
  'not-renewed': 'Still slow, comes back',
  refused: 'Slow, not removed',
  'given-up': 'Left out, as asked',
  stopped: 'Cannot be restored while its instance is stopped',
  'back-early': 'Back early',
  back: 'Back in service',
  contested: 'Re-registered by someone else',
  closed: 'Resolved and closed',
  replacement: 'A task is replaced',
};

const GROUP_SECTIONS: Readonly<Record<string, string>> = {
  shared: 'Targets are slow together',
  blind: 'The prober cannot reach most targets',
  missing: 'The target group does not exist',
  breaker: 'A breaker is open',
  hold: 'Held, no longer held',
};

export function runbookSectionOf(input: Pick<AlertInput, 'incident' | 'decision'>): string {
  const news = newsOf(input);
  return news === 'group' ? (GROUP_SECTIONS[input.incident.about] ?? 'Alerts') : SECTIONS[news];
}

/** Every section that an alert may lead to. */
export const ALERT_SECTIONS: readonly string[] = [...new Set([...Object.values(SECTIONS), ...Object.values(GROUP_SECTIONS)])];
