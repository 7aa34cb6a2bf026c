import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { ConfigError, configOf, parseConfig } from '../../core/config';

const FOLDER = path.join(__dirname, '..', 'config');

function files(kind: 'good' | 'bad'): string[] {
  return readdirSync(path.join(FOLDER, kind)).filter((file) => file.endsWith('.json'));
}

function read(kind: 'good' | 'bad', file: string): string {
  return readFileSync(path.join(FOLDER, kind, file), 'utf8');
}

function mistakesOf(input: unknown): ConfigError {
  try {
    parseConfig(input);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error(`accepted: ${JSON.stringify(input)}`);
}

/** A configuration that sets everything there is to set. */
const everything = (): unknown => JSON.parse(read('good', 'everything.json'));

type Path = (string | number)[];

/** Paths of everything inside `value` for which `wanted` holds. */
function pathsOf(value: unknown, wanted: (value: unknown) => boolean, at: Path = []): Path[] {
  const inside = value !== null && typeof value === 'object' ? Object.entries(value) : [];
  const below = inside.flatMap(([key, item]) => pathsOf(item, wanted, [...at, Array.isArray(value) ? Number(key) : key]));
  return wanted(value) ? [at, ...below] : below;
}

function change(value: unknown, [key, ...rest]: Path, changed: unknown): unknown {
  if (key === undefined) return changed;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? change(item, rest, changed) : item));
  if (!isRecord(value)) throw new Error(`nothing is below ${key}`);
  return { ...value, [key]: change(value[key], rest, changed) };
}

function at(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return value;
  const items = typeof key === 'number' && Array.isArray(value) ? value : [];
  return at(isRecord(value) ? value[key] : items[Number(key)], rest);
}

function shown(path: Path): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`)).join('');
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const isLeaf = (value: unknown): boolean => value === null || typeof value !== 'object';

describe('parseConfig', () => {
  test.each(files('bad'))('bad/%s gets exactly its messages', (file) => {
    const { message } = mistakesOf(JSON.parse(read('bad', file)));
    expect(`${message}\n`).toBe(read('bad', file.replace('.json', '.txt')));
  });

  test.each(files('good'))('good/%s is accepted, and what it becomes is accepted unchanged', (file) => {
    const config = parseConfig(JSON.parse(read('good', file)));
    expect(parseConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  test('the smallest configuration observes, with every default of the guardrails', () => {
    const config = parseConfig(JSON.parse(read('good', 'smallest.json')));
    expect(config).toMatchObject({
      mode: 'observe',
      inspectionTag: { key: 'sickbay:inspect', value: 'true' },
      durations: { graceS: 300, evidenceS: 60, staleS: 120, leaseS: 900, leaseCapS: 3600 },
      limits: { healthyFraction: 0.6, outFraction: 0.2, capacityCeiling: 0.7, ejectionsPerGroupHour: 2, ejectionsPerStackHour: 3 },
    });
    expect(config.targetGroups[0]?.owner).toBeUndefined();
    expect(config.targetGroups[0]?.probe).toBeUndefined();
  });

  test('docs/configuration.md has a line for every key', () => {
    const text = readFileSync(path.join(__dirname, '..', '..', 'docs', 'configuration.md'), 'utf8');
    const documented = (place: Path): string =>
      place
        .map((key) => (typeof key === 'number' ? '[]' : `.${key}`))
        .join('')
        .slice(1);
    const leaves = pathsOf(everything(), isLeaf).map((place) => documented(place).replace(/\[\]$/, ''));
    const missing = [...new Set(leaves)].filter((key) => !text.includes(`| \`${key}\``));
    expect(missing).toEqual([]);
  });

  test('every mistake has one line and every file of mistakes is there', () => {
    for (const file of files('bad')) expect(readdirSync(path.join(FOLDER, 'bad'))).toContain(file.replace('.json', '.txt'));
    expect(readdirSync(path.join(FOLDER, 'bad'))).toHaveLength(2 * files('bad').length);
  });

  test('an unknown key anywhere gets exactly one message, which names its path', () => {
    const places = pathsOf(everything(), isRecord);
    const key = fc.stringMatching(/^[a-zA-Z_-]{1,20}$/);
    fc.assert(
      fc.property(fc.constantFrom(...places), key, fc.jsonValue(), (place, key, value) => {
        const input = everything();
        fc.pre(Object.entries(at(input, place) ?? {}).every(([name]) => name !== key));
        const { mistakes } = mistakesOf(change(input, [...place, key], value));
        expect(mistakes.map((mistake) => mistake.path)).toEqual([shown([...place, key])]);
      }),
    );
  });

  test('a value of a wrong type anywhere gets exactly one message, which names its path and the value', () => {
    const places = pathsOf(everything(), isLeaf);
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom(null, true, [], {}, -1.5, ''), (place, value) => {
        fc.pre(
          typeof value !== typeof at(everything(), place) || value === -1.5 || (value === '' && !String(place.at(-1)).includes('value')),
        );
        const { mistakes } = mistakesOf(change(everything(), place, value));
        expect(mistakes).toEqual([{ path: shown(place), got: JSON.stringify(value), allowed: expect.any(String) }]);
      }),
    );
  });

  test('whatever is given, there is a configuration or a list of mistakes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => {
        expect(mistakesOf(input).mistakes.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('configOf', () => {
  const config = parseConfig(everything());
  const [byArn, byTag] = config.targetGroups;

  test('an ARN goes before a tag', () => {
    expect(configOf(config, { arn: byArn?.arn ?? '', tags: { team: 'shop' } })).toBe(byArn);
  });

  test('a group with the tag gets the tag’s entry', () => {
    expect(configOf(config, { arn: 'another', tags: { team: 'shop' } })).toBe(byTag);
  });

  test('a group that nothing selects has no configuration', () => {
    expect(configOf(config, { arn: 'another', tags: { team: 'search' } })).toBeUndefined();
  });
});
