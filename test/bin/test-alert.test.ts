import { audienceText } from '../../bin/test-alert';

const HEARD = { confirmed: 2, pending: 1 };

test('who hears each topic is counted, one line a topic', () => {
  expect(audienceText({ outcome: 'test alerts published', audience: { page: HEARD, notify: HEARD }, silent: [] })).toBe(
    'page: 2 confirmed, 1 pending\nnotify: 2 confirmed, 1 pending\n',
  );
});

test('a topic without a confirmed subscriber is told with its remedy', () => {
  const audience = { page: { confirmed: 0, pending: 1 }, notify: HEARD };
  expect(audienceText({ outcome: 'test alerts published', audience, silent: ['page'] })).toMatch(
    /the topic page has no confirmed subscriber: subscribe .*runbook/,
  );
});
