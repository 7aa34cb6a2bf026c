import { matchesPattern } from '../../lab/world/event-pattern';

const pattern = { source: ['aws.cloudwatch'], detail: { alarmName: ['a', 'b'], state: { value: ['ALARM'] } } };
const event = (alarmName: string, value: string) => ({
  source: 'aws.cloudwatch',
  id: '1',
  detail: { alarmName, state: { value, reason: 'r' } },
});

test('a rule gets the events that have one of its values in each of its fields', () => {
  expect(matchesPattern(pattern, event('b', 'ALARM'))).toBe(true);
  expect(matchesPattern(pattern, event('c', 'ALARM'))).toBe(false);
  expect(matchesPattern(pattern, event('a', 'OK'))).toBe(false);
  expect(matchesPattern(pattern, { source: 'aws.cloudwatch' })).toBe(false);
});

test('what the lab does not compare is refused and not guessed', () => {
  expect(() => matchesPattern({ source: [{ prefix: 'aws.' }] }, event('a', 'OK'))).toThrow('content filters are unknown to the lab');
  expect(() => matchesPattern('aws', event('a', 'OK'))).toThrow('lists and objects');
});
