import type { OutboxEntry } from '../../core/model';
import { tendTopics } from '../../lambda/alert/tend-topics';
import type { Audience, Measurement, RespondPorts } from '../../lambda/ports';

const HEARD: Audience = { confirmed: 2, pending: 0 };
const SILENT: Audience = { confirmed: 0, pending: 1 };

function opening(audience: { readonly page: Audience; readonly notify: Audience }) {
  const published: OutboxEntry[] = [];
  const measured: Measurement[] = [];
  const ports: Pick<RespondPorts, 'clock' | 'log' | 'metrics' | 'topic'> = {
    clock: { now: () => 7, sleep: async () => undefined },
    log: () => undefined,
    metrics: (measurement) => void measured.push(measurement),
    topic: { publish: async (entry) => void published.push(entry), audience: async (severity) => audience[severity] },
  };
  return { ports, published, measured };
}

test('a test alert goes to each topic, says who asked, and tells who hears it', async () => {
  const { ports, published } = opening({ page: HEARD, notify: SILENT });
  const summary = await tendTopics(ports, { kind: 'test-alert', by: 'Ada' });
  expect(published.map(({ severity }) => severity)).toEqual(['page', 'notify']);
  for (const { body, subject } of published) expect([body, subject].join()).toMatch(/Ada.*test/s);
  expect(summary).toEqual({ outcome: 'test alerts published', audience: { page: HEARD, notify: SILENT }, silent: ['notify'] });
});

test('the hourly look publishes nothing and counts the topics that nobody hears', async () => {
  const { ports, published, measured } = opening({ page: SILENT, notify: SILENT });
  expect(await tendTopics(ports, { kind: 'check-topics' })).toMatchObject({ silent: ['page', 'notify'] });
  expect(published).toEqual([]);
  expect(measured).toEqual([{ at: 7, values: { SilentTopics: 2 } }]);
});

test('topics that are heard are told as none silent', async () => {
  const { ports, measured } = opening({ page: HEARD, notify: HEARD });
  await tendTopics(ports, { kind: 'check-topics' });
  expect(measured).toEqual([{ at: 7, values: { SilentTopics: 0 } }]);
});
