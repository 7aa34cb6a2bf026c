/** Every relative link of the documents leads to a file that is there, and to a heading of it. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parsed } from '../builders/parsed';

const ROOT = path.join(__dirname, '..', '..');

const DOCUMENTS = ['.', 'docs', 'docs/decisions', 'bench'].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name)),
);

const textOf = (document: string): string => readFileSync(path.join(ROOT, document), 'utf8');

/** Without blocks and spans of code, in which brackets mean something else. */
const prose = (text: string): string => text.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, 'code');

/** As GitHub makes it: lower case, blanks as hyphens, and of the rest letters and digits alone. */
const anchorOf = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');

function anchorsOf(document: string): Set<string> {
  const anchors = [...textOf(document).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading.trim()));
  return new Set(
    anchors.map((anchor, index) => {
      const before = anchors.slice(0, index).filter((one) => one === anchor).length;
      return before === 0 ? anchor : `${anchor}-${before}`;
    }),
  );
}

function linksOf(document: string): string[] {
  return [...prose(textOf(document)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !/^[a-z]+:/.test(link));
}

/** What is wrong with a link; undefined where it leads somewhere. */
function mistakeOf(document: string, link: string): string | undefined {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? document : path.join(path.dirname(document), file);
  if (!existsSync(path.join(ROOT, target))) return `${document}: ${link}: no such file`;
  if (anchor === undefined || !target.endsWith('.md') || anchorsOf(target).has(anchor)) return undefined;
  return `${document}: ${link}: no such heading`;
}

test('no relative link leads nowhere', () => {
  const links = DOCUMENTS.flatMap((document) => linksOf(document).map((link) => [document, link] as const));
  expect(links.length).toBeGreaterThan(100);
  expect(links.flatMap(([document, link]) => mistakeOf(document, link) ?? [])).toEqual([]);
});

test('each decision is named by its number and is there', () => {
  const numbers = new Set(DOCUMENTS.flatMap((document) => /decisions\/(\d{4})-/.exec(document)?.[1] ?? []).map(Number));
  const named = DOCUMENTS.flatMap((document) =>
    [...textOf(document).matchAll(/\bADR (\d+)/g)].map(([, number]) => ({ document, number: Number(number) })),
  );
  expect(named.filter(({ number }) => !numbers.has(number))).toEqual([]);
});

test('every script that a document tells to run is one of package.json', () => {
  const { scripts } = parsed<{ scripts: Record<string, string> }>(textOf('package.json'));
  const told = DOCUMENTS.flatMap((document) =>
    [...textOf(document).matchAll(/\bnpm run (?:--silent |-s )?([a-z][a-z:]*)/g)].map(([, name = '']) => ({ document, name })),
  );
  expect(told.filter(({ name }) => scripts[name] === undefined)).toEqual([]);
});
