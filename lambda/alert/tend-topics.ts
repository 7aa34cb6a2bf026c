/**
 * Whether alerts would be heard: a topic without a confirmed subscriber is silence that nobody
 * notices until it matters.
 */
import { STACK_METRICS, type TopicRequest } from '../contract';
import type { Audience, RespondPorts, Severity } from '../ports';

const SEVERITIES: readonly Severity[] = ['page', 'notify'];

export interface TopicSummary {
  readonly outcome: 'topics checked' | 'test alerts published';
  /** Who hears each topic. */
  readonly audience: Readonly<Record<Severity, Audience>>;
  /** Topics without a confirmed subscriber. */
  readonly silent: readonly Severity[];
}

/**
 * Publishes a test on each topic where that was asked for; counts the subscribers and tells of
 * silent topics in log and metric.
 */
export async function tendTopics(
  ports: Pick<RespondPorts, 'clock' | 'log' | 'metrics' | 'topic'>,
  request: TopicRequest,
): Promise<TopicSummary> {
  if (request.kind === 'test-alert') for (const severity of SEVERITIES) await publishTest(ports, severity, request.by);
  const [page, notify] = await Promise.all([ports.topic.audience('page'), ports.topic.audience('notify')]);
  const audience = { page, notify };
  const silent = SEVERITIES.filter((severity) => audience[severity].confirmed === 0);
  ports.metrics({ at: ports.clock.now(), values: { [STACK_METRICS.silentTopics]: silent.length } });
  ports.log('topics', { audience, silent });
  return { outcome: request.kind === 'test-alert' ? 'test alerts published' : 'topics checked', audience, silent };
}

async function publishTest(ports: Pick<RespondPorts, 'clock' | 'topic'>, severity: Severity, by: string): Promise<void> {
  const at = ports.clock.now();
  const entry = {
    id: `test/${severity}/${at}`,
    at,
    severity,
    subject: `Sickbay: test alert (${severity})`,
    body: `${by} asked for this test. Nothing is wrong. Alerts of severity "${severity}" arrive here.`,
  };
  await ports.topic.publish(entry, { caseId: 'test' });
}
