/**
 * Our probes find a host slow, and its own users are served as ever: the access logs alone can tell
 * (sticky sessions, and no client is sampled). Played by the fake clock, for the logs of a minute
 * come minutes later.
 */
import { sicken, slowPath } from '../../lab/chaos/base-plans';
import type { Happening } from '../../lab/chaos/happenings';
import { onePlan } from '../../lab/chaos/mutations-config';
import { hostNames, type LogDelivery } from '../../lab/chaos/plan';
import { runChaos } from '../../lab/chaos/run';

jest.setTimeout(60_000);

const [FIRST = ''] = hostNames(1);

async function played(happening: Happening, accessLogs: LogDelivery) {
  const plan = onePlan(
    { attributes: { 'stickiness.enabled': 'true' } },
    { minutes: 18, happenings: [happening], client: 'none', accessLogs },
  );
  const { stage, violations } = await runChaos(plan, { faultAt: () => undefined }, { seed: 1 });
  expect(violations).toEqual([]);
  const [incident] = stage.records.closed();
  return {
    events: new Set(incident?.events.map(({ kind }) => kind)),
    told: stage.world.sns.published.map(({ message }) => message).join('\n'),
  };
}

describe('the access logs', () => {
  it('keep a host in service that is slow for our probes alone, and the alert says what its requests took', async () => {
    const { events, told } = await played(slowPath(4, FIRST, 'limiter'), 'whole');
    expect(events).not.toContain('removed');
    expect(told).toContain('stays in service: another view does not show it.');
    expect(told).toMatch(/failed: contradicted: access logs: \d+ requests to it, 0 slower than \d+ ms or failed/);
  });

  it('speak for the removal of one that is slow for its users as well', async () => {
    const { events } = await played(sicken(4, FIRST), 'whole');
    expect(events).toContain('removed');
  });
});
