import * as fc from 'fast-check';
import { reachesAlone, type ListenerRule, type RoutedRequest, type RuleCondition } from '../../core/routing';

const MINE = 'mine';
const request: RoutedRequest = { host: 'Shop.Example.com', method: 'GET', path: '/api/cart?Page=2&x' };

const when = (field: string, ...values: string[]): RuleCondition => ({ field, values, pairs: [] });
const query = (...pairs: RuleCondition['pairs']): RuleCondition => ({ field: 'query-string', values: [], pairs });
const to = (...weights: (readonly [string, number])[]): ListenerRule['forwards'] =>
  weights.map(([groupArn, weight]) => ({ groupArn, weight }));
const rule = (forwards: ListenerRule['forwards'], ...conditions: RuleCondition[]): ListenerRule => ({ conditions, forwards });

const toMine = to([MINE, 1]);
const fallback = rule(to(['other', 1]));

describe('a condition', () => {
  test.each<[string, RuleCondition, boolean]>([
    ['a host, whatever its case', when('host-header', 'shop.example.COM'), true],
    ['a host with a wildcard', when('host-header', '*.example.com'), true],
    ['another host', when('host-header', 'www.example.com'), false],
    ['a host of which a dot is no wildcard', when('host-header', 'shopXexample.com'), false],
    ['a path', when('path-pattern', '/api/*'), true],
    ['a path with one character', when('path-pattern', '/api/c?rt'), true],
    ['a path in another case', when('path-pattern', '/API/*'), false],
    ['a path that is only the beginning', when('path-pattern', '/api'), false],
    ['a path, never its query', when('path-pattern', '/api/cart?Page=2&x'), false],
    ['one of two paths', when('path-pattern', '/no', '/api/cart'), true],
    ['its method', when('http-request-method', 'GET', 'HEAD'), true],
    ['another method', when('http-request-method', 'POST'), false],
    ['a pair of the query, whatever its case', query({ key: 'page', value: '2' }), true],
    ['a value of the query, by wildcard', query({ value: '?' }), true],
    ['another pair of the query', query({ key: 'page', value: '3' }), false],
  ])('about %s', (_what, condition, expected) => {
    expect(reachesAlone([rule(toMine, condition), fallback], request, MINE)).toBe(expected);
  });

  test('of a kind that is not known here is never taken for met, nor for unmet', () => {
    const unknown = when('source-ip', '10.0.0.0/8');
    expect(reachesAlone([rule(toMine, unknown), fallback], request, MINE)).toBe(false);
    expect(reachesAlone([rule(to(['other', 1]), unknown), rule(toMine)], request, MINE)).toBe(false);
    expect(reachesAlone([rule(toMine, unknown), rule(toMine)], request, MINE)).toBe(true);
  });

  test('by a regular expression is unknown: it has no value that can be compared', () => {
    expect(reachesAlone([rule(to(['other', 1]), when('path-pattern')), rule(toMine)], request, MINE)).toBe(false);
  });

  test('that is not met makes the others of its rule irrelevant, known or not', () => {
    const other = rule(to(['other', 1]), when('source-ip', '10.0.0.0/8'), when('path-pattern', '/no'));
    expect(reachesAlone([other, rule(toMine)], request, MINE)).toBe(true);
  });
});

describe('a rule', () => {
  test('that comes first and matches takes the request, whatever comes after it', () => {
    expect(reachesAlone([rule(to(['other', 1]), when('path-pattern', '*')), rule(toMine)], request, MINE)).toBe(false);
  });

  test('reaches no group of weight 0', () => {
    expect(reachesAlone([rule(to([MINE, 0], ['other', 1]))], request, MINE)).toBe(false);
    expect(reachesAlone([rule(to([MINE, 1], ['other', 0]))], request, MINE)).toBe(true);
    expect(reachesAlone([rule(to([MINE, 0]))], request, MINE)).toBe(false);
  });

  test('that splits its traffic shows no group alone', () => {
    expect(reachesAlone([rule(to([MINE, 95], ['other', 5]))], request, MINE)).toBe(false);
  });

  test('that redirects, answers itself or asks for a login reaches nobody', () => {
    expect(reachesAlone([rule(undefined, when('path-pattern', '*')), rule(toMine)], request, MINE)).toBe(false);
  });
});

test('no rules reach nobody', () => {
  expect(reachesAlone([], request, MINE)).toBe(false);
});

test('a pattern without wildcards fits itself and nothing else, whatever characters it has', () => {
  const literal = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !/[*?\\]/.test(text));
  fc.assert(
    fc.property(literal, literal, (path, pattern) => {
      const rules = [rule(toMine, when('path-pattern', pattern)), fallback];
      expect(reachesAlone(rules, { ...request, path: `/${path}` }, MINE)).toBe(`/${path}` === pattern);
      expect(reachesAlone([rule(toMine, when('path-pattern', `/${path}`))], { ...request, path: `/${path}` }, MINE)).toBe(true);
    }),
  );
});
