import * as fc from 'fast-check';
import { HIDDEN, redactCommand, redactInspection, redactRow, redactText } from '../../../core/diagnose/redact';
import { VOCABULARY } from '../../../core/diagnose/redaction/words';
import { byPipeline, corpus, fails, type CorpusLine } from './redaction-corpus';

const LINES = corpus();
const leaks = LINES.filter(({ isLeak }) => isLeak);
const harmless = LINES.filter(({ isLeak }) => !isLeak);

/** Over-redactions that docs/redaction.md counts. */
const KNOWN_OVER = 6;

/**
 * A word of a dictionary that is no word of ours: nothing in its form tells that it is a secret.
 */
const secret = fc
  .stringMatching(/^[a-z]{6,12}$/)
  .filter((word) => !VOCABULARY.some((one) => word === one || word === `${one}s`) && !'hidden sommerwein'.includes(word));

describe('redaction by allow-list', () => {
  test('the corpus is large enough to say something', () => {
    expect(LINES.length).toBeGreaterThanOrEqual(150);
    expect(new Set(LINES.map(({ kind, line }) => `${kind} ${line}`)).size).toBe(LINES.length);
  });

  test.each(leaks.map((one) => [one.line, one] as const))('no secret is told of %s', (_, one) => {
    expect(fails(one, byPipeline(one))).toBe(false);
  });

  test('harmless lines are told whole, but for those that the documentation counts', () => {
    expect(harmless.filter((one) => fails(one, byPipeline(one))).map(({ line }) => line).length).toBeLessThanOrEqual(KNOWN_OVER);
  });

  test('any other word in the place of the secret is hidden as well', () => {
    const places = leaks.filter((one) => one.secret === 'sommerwein');
    fc.assert(
      fc.property(fc.constantFrom(...places), secret, (place, word) => {
        const one: CorpusLine = { ...place, secret: word, line: place.line.replaceAll('sommerwein', word) };
        fc.pre(!place.line.includes(word));
        expect(byPipeline(one)).not.toContain(word);
      }),
      { numRuns: 3_000 },
    );
  });

  test('no secret survives among other commands, however they follow each other', () => {
    const between = fc.constantFrom(' ; ', ' && ', ' | ', ' || ', ' & ');
    const places = leaks.filter((one) => one.kind === 'line' && one.secret === 'sommerwein' && !/['"`(]/.test(one.line));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...places), between), { minLength: 2, maxLength: 4 }), (some) => {
        const text = some.map(([{ line }, operator]) => `${line}${operator}`).join('');
        expect(redactCommand(text)).not.toContain('sommerwein');
      }),
      { numRuns: 2_000 },
    );
  });

  test('a second pass changes nothing', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom(...LINES.map(({ line }) => line)));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
        const once = redactCommand(pieces.join(' '));
        for (const hidden of once.match(/‹hidden[^›]*›/g) ?? []) expect(hidden).toBe(HIDDEN);
        expect(leaks.some(({ secret: word }) => word.length > 7 && redactCommand(once).includes(word) && !once.includes(word))).toBe(false);
      }),
    );
    for (const one of LINES.filter(({ kind }) => kind !== 'cron')) expect(redactCommand(byPipeline(one))).toBe(byPipeline(one));
  });

  test('what a host hid stays hidden, with its label; the number of one host alone is none', () => {
    expect(redactCommand('/opt/job --token=‹hidden:7› [hidden:12] [hidden:0] ‹hidden:3› -p‹hidden:4› [redacted] [hidden]')).toBe(
      '/opt/job --token=‹hidden:7› ‹hidden› ‹hidden:0› ‹hidden:3› -p‹hidden:4› ‹hidden› ‹hidden›',
    );
    expect(redactCommand('/opt/job [hidden:sommerwein] [hidden:123456]')).toBe('/opt/job ‹hidden› ‹hidden›');
  });

  test('rows stay rows: tabs and newlines are never eaten', () => {
    const shape = (text: string): string => text.replaceAll(/[^\t\n]/g, '');
    const cell = fc.oneof(
      fc.string().map((text) => text.replaceAll(/[\t\r\n]/g, '')),
      fc.constantFrom('proc', 'cron', 'app', 'm', ...LINES.map(({ line }) => line)),
    );
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 4 }), (rows) => {
        const text = rows.map((cells) => cells.join('\t')).join('\n');
        expect(shape(redactInspection(text))).toBe(shape(text));
      }),
    );
  });

  test.each([
    ['app\t7\tenv:DATABASE_HOST\tpostgres://app:sommerwein@db/shop', 'app\t7\tenv:DATABASE_HOST\tpostgres://‹hidden›@db/shop'],
    ['app\t7\tenv:JAVA_OPTS\t-Xmx1g -Dkey.store.pass=sommerwein', 'app\t7\tenv:JAVA_OPTS\t-Xmx1g -Dkey.store.pass=‹hidden›'],
    ['app\t7\tfile:VERSION\t1.42.0', 'app\t7\tfile:VERSION\t1.42.0'],
    ['app\t7\tfile:VERSION\troot:sommerwein:19000:0:99999:7:::', 'app\t7\tfile:VERSION\t‹hidden›'],
    ['app\t7\tprogram\t/srv/shop/releases/1.41.3/server.js', 'app\t7\tprogram\t/srv/shop/releases/1.41.3/server.js'],
    ['m\tapp_info{token="sommerwein",version="1.2",pool="Hikari-1"} 1', 'm\tapp_info{token="‹hidden›",version="1.2",pool="Hikari-1"} 1'],
    ['m\tapp_info{url="https://h/?api_key=sommerwein&x=1"} 1', 'm\tapp_info{url="https://h/?api_key=‹hidden›&x=1"} 1'],
    ['m\tbuild_info{commit="0a1b2c3d4e5f"} 1', 'm\tbuild_info{commit="0a1b2c3d4e5f"} 1'],
    ['http\tprobe\t/api/cart?token=sommerwein\t200\t3\t2\tcurl', 'http\tprobe\t/api/cart?token=‹hidden›\t200\t3\t2\tcurl'],
    ['## sockets partial said token=sommerwein', '## sockets partial said token=‹hidden›'.replace('said', '‹hidden›')],
    ['## app missing nothing listens on port 8080', '## app missing nothing listens on port 8080'],
    ['unheard of sommerwein\tsommerwein', '‹hidden› of ‹hidden›\t‹hidden›'],
  ])('a row is read by the rules of its kind: %s', (row, told) => {
    expect(redactRow(row)).toBe(told);
  });

  test('prose is told as far as its words are those of error messages', () => {
    expect(redactText('inspect.sh: line 3: awk: command not found')).toBe('inspect.sh: line 3: awk: command not found');
    expect(redactText('sh: sommerwein: permission denied, password is sommerwein')).toBe(
      'sh: ‹hidden› permission denied, password is ‹hidden›',
    );
  });

  test('takes a time that grows with the text, not with its square', () => {
    const started = Date.now();
    for (const piece of [
      'a',
      '=',
      '--a ',
      'a=b ',
      '"',
      "'",
      '\\',
      '(',
      '`',
      ';',
      '@',
      '/',
      '://',
      ',',
      'a.b.',
      '-',
      '[hidden:1]',
      '{',
      'x1Y',
      ' ',
    ])
      for (const read of [redactCommand, redactText, redactRow, redactInspection])
        for (const head of ['', 'proc\t', 'm\ta{b="', 'cron\ta\tb\t'])
          expect(read(head + piece.repeat(200_000 / piece.length)).length).toBeGreaterThan(-1);
    // Seconds would be quadratic: two hundred thousand characters, three hundred times.
    expect(Date.now() - started).toBeLessThan(60_000);
  });
});
