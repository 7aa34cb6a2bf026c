/** The report of each recorded incident: whole, small, safe, and the same for a screen reader. */
import type { Case } from '../../../core/model';
import { eventText } from '../../../core/report/timeline';
import { reportHtml } from '../../../core/report/html/report';
import { reportMarkdown } from '../../../core/report/markdown';
import { STYLE } from '../../../core/report/html/style';
import { SCENES, incidentOf } from '../../builders/incidents';
import { roundOf, verdict } from '../../builders/rounds';
import { withTexts } from '../../builders/texts';
import { WORST_REPORTS, largeGroup, withoutDiagnosis, withoutSamples } from '../../builders/report-cases';

const DEPLOYMENT = { stack: 'Sickbay', runbookUrl: 'https://wiki.example.com/runbook.md' };

function inputOf(scene: string, more: (incident: Case) => Case = (incident) => incident) {
  const { case: incident, rounds } = incidentOf(scene);
  return { now: incident.updatedAt, incident: more(incident), rounds, deployment: DEPLOYMENT };
}

const visibleText = (page: string) => page.replace(/<style>[^]*?<\/style>/, '').replace(/<[^>]+>/g, ' ');

describe.each(SCENES)('the report of %s', (scene) => {
  const page = reportHtml(inputOf(scene));

  it('is one file that asks for nothing: no script, no picture, no style or font from elsewhere', () => {
    expect(page.length).toBeLessThan(300_000);
    expect(page).not.toMatch(/<(script|img|link|iframe|object|embed|video|audio|base|form)\b/i);
    expect(page).not.toMatch(/\bon[a-z]+=|javascript:|url\(|@import|srcset=|src=/i);
    expect(page).toContain("default-src 'none'");
  });

  it('has each element closed in its order, one first heading, and a label for each table and chart', () => {
    expect(unclosed(page)).toEqual([]);
    expect(page.match(/<h1>/g)).toHaveLength(1);
    for (const [svg] of page.matchAll(/<svg [^>]*>/g)) expect(svg).toMatch(/role="img" aria-label="[^"]+"/);
    for (const [region] of page.matchAll(/<div class="scroll"[^>]*>/g))
      expect(region).toMatch(/role="region" aria-label="[^"]+" tabindex="0"/);
    expect(page.match(/<th(?! scope=)[ >]/g)).toBeNull();
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !page.includes(`id="${id}"`))).toEqual([]);
  });

  it('has every guardrail of the removal with value and limit, and every event', () => {
    const text = visibleText(page);
    const { incident } = inputOf(scene);
    for (const event of incident.events) expect(text).toContain(escaped(eventText(event)));
    for (const { guardrail, value, limit } of incident.removal?.guardrails ?? [])
      for (const part of [guardrail, value, limit]) expect(text).toContain(escaped(part));
  });
});

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

const VOID = new Set(['meta']);

/** Elements that are not closed by their own end. */
function unclosed(page: string): string[] {
  const open: string[] = [];
  for (const [, slash, name = '', rest = ''] of page
    .replace(/<style>[^]*?<\/style>/, '')
    .matchAll(/<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>/gi)) {
    if (slash === '/') {
      if (open.pop() !== name) return [...open, name];
    } else if (!rest.endsWith('/') && !VOID.has(name)) open.push(name);
  }
  return open;
}

test('the story has removal and return marked, the pools side by side, and the file of the crontab line', () => {
  const page = reportHtml(inputOf('asg'));
  const text = visibleText(page).replace(/\s+/g, ' ');
  for (const words of [
    'removed',
    'restored',
    'checkout-app-3',
    '20 of 20',
    '/var/spool/cron/crontabs/root',
    'Ruled out',
    'Removed 1 of 4 targets',
  ])
    expect(text.toLowerCase()).toContain(words.toLowerCase().replace('ruled out', 'as on its peers'));
  expect(page.match(/<svg class="chart wide"/g)).toHaveLength(2);
  expect(page.match(/class="out"/g)).toHaveLength(2);
});

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'--></style><svg/onload=alert(1)>",
  '&lt;b&gt; javascript:alert(1)',
  '\u202egnp.exe\u0000\u001b[31m',
  '`]( https://evil.example )',
];

const TEXTS = ['says', 'command', 'user', 'parent', 'cron', 'cronFile', 'value', 'limit', 'reason', 'name', 'subject', 'wrongIf', 'why'];
const LISTS = ['evidence', 'against', 'differences', 'notes', 'checks'];

/** Every text of the case and of its rounds, but for what code compares. */
function poisoned<Whole>(whole: Whole, poison: string): Whole {
  return withTexts(whole, (text, key, isListed) => (TEXTS.includes(key) || (isListed && LISTS.includes(key)) ? poison : text));
}

test.each(HOSTILE)('what a host printed is only text in the page and in Markdown: %j', (hostile) => {
  const { case: incident, rounds } = incidentOf('asg');
  const input = {
    now: incident.updatedAt,
    incident: poisoned(incident, hostile),
    rounds: poisoned(rounds, hostile),
    deployment: {},
  };
  const page = reportHtml(input);
  const clean = reportHtml({ ...input, incident: poisoned(incident, 'x'), rounds: poisoned(rounds, 'x') });
  const tags = (text: string) => [...text.replace(/<style>[^]*?<\/style>/, '').matchAll(/<\/?([a-z0-9]+)/gi)].map(([tag]) => tag);
  expect(tags(page)).toEqual(tags(clean));
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  expect(page).not.toMatch(/[\u0000\u001b\u202e]/);
  const markdown = reportMarkdown(input);
  expect(markdown).not.toMatch(/<script|<img|<svg|\]\(\s*https/);
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  expect(markdown).not.toMatch(/[\u0000\u001b\u202e]/);
});

test('a case of which nothing is known yet, and one whose rounds are gone, have a report', () => {
  const bare = ({ events, ...incident }: Case): Case => ({ ...incident, events: events.slice(0, 1), ejections: [], outbox: [] });
  const { diagnosis: _diagnosis, removal: _removal, decision: _decision, ...rest } = bare(incidentOf('asg').case);
  const page = reportHtml({ now: 0, incident: rest, rounds: [] });
  expect(page).toContain('Fewer than two rounds are on record.');
  expect(unclosed(page)).toEqual([]);
  expect(reportMarkdown({ now: 0, incident: rest, rounds: [] })).toContain('## Timeline');
});

test('a large fleet is drawn as its slowest targets, within the size of a file that opens on a phone', () => {
  const { case: incident, rounds } = incidentOf('asg');
  const [last] = rounds.slice(-1);
  const many = Array.from({ length: 240 }, (_, index) => roundOf({ ...(rounds[index % rounds.length] ?? last) })).map((round, index) => ({
    ...round,
    startedAt: incident.openedAt - 600_000 + index * 4000,
    verdicts: Array.from({ length: 400 }, (_, target) =>
      verdict(`i-${target}:80`, { ...round.verdicts[0], key: `i-${target}:80`, medianMs: 100 + target }),
    ),
  }));
  const page = reportHtml({ now: incident.updatedAt, incident, rounds: many });
  expect(page).toContain('more targets are not shown');
  expect(page.length).toBeLessThan(300_000);
});

// ---------------------------------------------------------------- at its worst
// (report-layout.host.test.ts lays these out)

describe.each(Object.entries(WORST_REPORTS))('the report %s', (_name, input) => {
  const page = reportHtml(input());

  it('is whole, small enough, and has no number that is none', () => {
    expect(unclosed(page)).toEqual([]);
    expect(page.length).toBeLessThan(300_000);
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });
});

test('without an answered probe there is no chart, and the page says so', () => {
  const page = reportHtml(withoutSamples());
  expect(page).toContain('No target answered a probe: there is no latency to draw.');
  expect(page).not.toContain('<svg');
});

test('without a diagnosis the page says what the removal rests on, and promises no section about a cause', () => {
  const page = reportHtml(withoutDiagnosis());
  expect(page).toContain('Not inspected; the evidence is the latency alone.');
  expect(page).not.toContain('href="#cause"');
});

test('of a large group the fullest pools are shown, the target of the case first', () => {
  const page = reportHtml(largeGroup(100));
  expect(page).toContain('88 more pools are not shown; they were emptier.');
  const hosts = [...page.matchAll(/<tr class="(sick|peer)">/g)].map(([, kind]) => kind);
  expect(hosts).toEqual(['sick', ...Array.from({ length: 11 }, () => 'peer')]);
});

test('of long names the ends are shown beside the chart, all of them inside it, and the name of the target', () => {
  const page = reportHtml(largeGroup(100));
  const [, wide = ''] = /<svg class="chart wide"[^>]*>(.*?)<\/svg>/.exec(page) ?? [];
  const labels = [...wide.matchAll(/<text class="(?:sick|peer)-label" x="[^"]*" y="([^"]*)"[^>]*>([^<]*)</g)];
  expect(labels).toHaveLength(12);
  expect(new Set(labels.map(([, , text]) => text)).size).toBe(12);
  expect(labels.map(([, , text]) => text)).toContain('checkout-app-3');
  const heights = labels.map(([, y]) => Number(y)).sort((a, b) => a - b);
  expect(heights.at(-1)).toBeLessThan(340);
  expect(Math.min(...heights.slice(1).map((y, index) => y - (heights[index] ?? 0)))).toBeGreaterThanOrEqual(13.9);
});

/** Relative luminance (WCAG 2.2, "relative luminance"). */
function luminance(colour: string): number {
  const full = colour.length === 4 ? colour.slice(1).replaceAll(/./g, '$&$&') : colour.slice(1);
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The colours of one theme: what it does not set is as in the light one. */
function colours(theme: RegExp): Record<string, string> {
  const [light = '', own = ''] = [/:root\{([^}]*)\}/.exec(STYLE)?.[1], theme.exec(STYLE)?.[1]];
  return Object.fromEntries([...`${light};${own}`.matchAll(/--([a-z]+):(#[0-9a-f]+)/g)].map(([, name = '', value = '']) => [name, value]));
}

test.each([
  ['light', /:root\{([^}]*)\}/],
  ['dark', /prefers-color-scheme:dark\)\{:root\{([^}]*)\}/],
  ['paper', /@media print\{:root\{([^}]*)\}/],
])('each text can be read on its ground: %s', (_theme, pattern) => {
  const { paper = '', panel = '', out = '', ...inks } = colours(pattern);
  const faint = ['ink', 'soft', 'sick', 'good', 'bad', 'link'].flatMap((name) => {
    const ratio = contrast(inks[name] ?? '', paper);
    return ratio >= 4.5 ? [] : [`${name}: ${ratio.toFixed(2)}`];
  });
  expect(faint).toEqual([]); // WCAG 2.2, 1.4.3: text
  expect(contrast(inks['ink'] ?? '', panel)).toBeGreaterThanOrEqual(4.5);
  for (const line of ['sick', 'peer'])
    for (const ground of [paper, out]) expect(contrast(inks[line] ?? '', ground)).toBeGreaterThanOrEqual(3); // 1.4.11: graphics
});
