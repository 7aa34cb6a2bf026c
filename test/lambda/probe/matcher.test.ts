import { parseGrpcMatcher, parseMatcher } from '../../../lambda/probe/matcher';

describe('matcher', () => {
  it.each([
    ['200', [200], [199, 201, 404]],
    ['200,202', [200, 202], [201, 203]],
    ['200-299', [200, 250, 299], [199, 300]],
    ['200-299, 401', [204, 401], [400, 402]],
  ])('%s accepts and refuses as ELB does', (matcher, accepted, refused) => {
    const accepts = parseMatcher(matcher);
    expect(accepted.filter((status) => !accepts(status))).toEqual([]);
    expect(refused.filter(accepts)).toEqual([]);
  });

  it.each(['', '2xx', '200-', '299-200', '200;202', '0', '99', '600', '200,'])('refuses %j instead of accepting nothing', (matcher) => {
    expect(() => parseMatcher(matcher)).toThrow(/is not in ELB's syntax; allowed: "200"/);
  });
});

describe('matcher of gRPC', () => {
  it.each([
    ['12', [12], [0, 13, 1]],
    ['0,5', [0, 5], [1, 4]],
    ['0-5', [0, 3, 5], [6, 14]],
    ['0-99', [0, 99], []],
  ])('%s accepts and refuses as ELB does', (matcher, accepted, refused) => {
    const accepts = parseGrpcMatcher(matcher);
    expect(accepted.every(accepts)).toBe(true);
    expect(refused.some(accepts)).toBe(false);
  });

  it.each(['', 'OK', '200', '5-0', '0;5', '100'])('refuses %j instead of accepting nothing', (matcher) => {
    expect(() => parseGrpcMatcher(matcher)).toThrow(/is not in ELB's syntax; allowed: "0"/);
  });
});
