import { parseConfig } from '../../../core/config';
import type { InstanceFacts, Round } from '../../../core/model';
import { inspectCase } from '../../../lambda/inspect/inspect-cases';
import type { RespondPorts } from '../../../lambda/ports';
import { targetCase } from '../../builders/cases';
import { GROUP } from '../../builders/groups';

const network = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
const config = parseConfig({ targetGroups: [{ arn: GROUP, probe: { path: '/' } }], network });

/** Which hosts are inspected beside `i-0`, when it is convicted and the others are not. */
async function peersOf(
  instances: Readonly<Record<string, InstanceFacts>>,
  states: Readonly<Record<string, string>> = {},
  verdicts: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const asked: string[][] = [];
  const ports = {
    clock: { now: () => 60_000 },
    hosts: {
      inspect: async (ids: string[]) => {
        asked.push(ids);
        return ids.map((host) => ({ host, notInspectable: 'no agent', capturedAt: 60_000 }));
      },
    },
  } as unknown as RespondPorts;
  const targets = Object.keys(instances).map((id) => ({ id, port: 80 }));
  const round = {
    instances,
    lbView: targets.map((target) => ({ target, state: states[target.id] ?? 'healthy' })),
    verdicts: targets.map(({ id }) => ({ key: `${id}:80`, verdict: verdicts[id] ?? (id === 'i-0' ? 'convicted' : 'clean') })),
  } as unknown as Round;
  const incident = targetCase({ openedAt: 0, target: { id: 'i-0', port: 80 } });
  const [group] = config.targetGroups;
  await inspectCase(ports, config, { group: { arn: GROUP, healthCheck: {} } as never, config: group as never, rounds: [round] }, incident);
  return asked[0]?.slice(1) ?? [];
}

it('peers of the same instance type come first, then those of the same zone', async () => {
  const large = (zone: string): InstanceFacts => ({ zone, type: 'm7g.large' });
  const small = (zone: string): InstanceFacts => ({ zone, type: 't4g.small' });
  const instances = { 'i-0': large('a'), 'i-1': small('a'), 'i-2': large('b'), 'i-3': small('b'), 'i-4': large('a'), 'i-5': small('a') };
  expect(await peersOf(instances)).toEqual(['i-4', 'i-2', 'i-1']);
});

it('without facts the peers are simply those that are well', async () => {
  expect(await peersOf({ 'i-0': {}, 'i-1': {}, 'i-2': {} })).toEqual(['i-1', 'i-2']);
});

it('peers that the load balancer sends no requests come last: their load says nothing', async () => {
  const facts = { zone: 'a', type: 'm7g.large' };
  const instances = { 'i-0': facts, 'i-1': facts, 'i-2': facts, 'i-3': {}, 'i-4': {} };
  expect(await peersOf(instances, { 'i-1': 'draining', 'i-2': 'unhealthy' })).toEqual(['i-3', 'i-4', 'i-1']);
});

it('peers that are clean come before those under suspicion, and convicted ones are not asked', async () => {
  const instances = { 'i-0': {}, 'i-1': {}, 'i-2': {}, 'i-3': {}, 'i-4': {} };
  expect(await peersOf(instances, {}, { 'i-1': 'suspect', 'i-2': 'convicted' })).toEqual(['i-3', 'i-4', 'i-1']);
});
