/**
 * The reports at their worst as Chromium lays them out: nothing is wider than the page, and each
 * text of a chart is inside it. On paper everything is shown, where a screen scrolls.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BROWSER, hasBrowser, openPage } from '../../../scripts/browser';
import { reportHtml } from '../../../core/report/html/report';
import { WORST_REPORTS } from '../../builders/report-cases';
import { neededInCi } from '../../needed-in-ci';
import { parsed } from '../../builders/parsed';

const works = hasBrowser();
neededInCi(works, `no ${BROWSER} (apt-get install chromium)`);
const there = works ? describe : describe.skip;

jest.setTimeout(120_000);

/** Runs in the page, whose own policy forbids every script: the copy that is measured has none. */
const MEASURE = `<script>
  const page = document.documentElement;
  const scrolls = [...document.querySelectorAll('.scroll')].filter((part) => part.scrollWidth > part.clientWidth + 1);
  const cut = [...document.querySelectorAll('svg text')].filter((text) => {
    const box = text.getBoundingClientRect();
    const chart = text.closest('svg').getBoundingClientRect();
    return chart.width > 0 && (box.right > chart.right + 1 || box.left < chart.left - 1 || box.bottom > chart.bottom + 1 || box.top < chart.top - 1);
  });
  const found = { wider: page.scrollWidth - page.clientWidth, scrolls: scrolls.map((part) => part.ariaLabel), cut: cut.map((text) => text.firstChild.textContent) };
  document.body.replaceChildren(Object.assign(document.createElement('output'), { textContent: JSON.stringify(found) }));
</script>`;

interface Found {
  /** Pixels by which the page is wider than its window. */
  readonly wider: number;
  /** Tables that scroll. */
  readonly scrolls: readonly string[];
  /** Texts of charts that are not whole. */
  readonly cut: readonly string[];
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sickbay-layout-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** @param width of the window, px. Chromium's windows are 500 px wide at least. */
function laidOut(page: string, width: number): Found {
  const file = path.join(folder, 'page.html');
  writeFileSync(file, page.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, '').replace('</body>', `${MEASURE}</body>`));
  const { stdout, error } = openPage(file, path.join(folder, 'profile'), [`--window-size=${width},900`, '--dump-dom']);
  const [, found] = /<output>(.*?)<\/output>/.exec(stdout) ?? [];
  if (found === undefined) throw new Error(`nothing was measured: ${error?.message ?? stdout.slice(0, 300)}`);
  return parsed<Found>(found.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
}

/** What paper shows: its rules for every medium, and each fold open. */
function printed(page: string): string {
  return page.replace('@media print{', '@media all{').replaceAll('<details>', '<details open>');
}

there.each(Object.entries(WORST_REPORTS))('the report %s', (_name, input) => {
  const page = reportHtml(input());

  test.each([500, 1200])('is no wider than a window of %i px, and each text of its charts is whole', (width) => {
    expect(laidOut(page, width)).toMatchObject({ wider: 0, cut: [] });
  });

  test('shows each table whole on paper', () => {
    expect(laidOut(printed(page), 720)).toMatchObject({ wider: 0, scrolls: [], cut: [] });
  });
});
