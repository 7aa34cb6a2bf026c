import { parseConfig } from '../../../core/config';
import type { InstanceFacts, LbTarget, TargetVerdict } from '../../../core/model';
import { inspectCase } from '../../../lambda/inspect/inspect-cases';
import { targetCase } from '../../builders/cases';
import { GROUP, groupOf } from '../../builders/groups';
import { respondPorts } from '../../builders/ports';
import { roundOf, verdict } from '../../builders/rounds';

const network = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
const config = parseConfig({ targetGroups: [{ arn: GROUP, probe: { path: '/' } }], network });

/** Which hosts are inspected beside `i-0`, when it is convicted and the others are not. */
async function peersOf(
  instances: Readonly<Record<string, InstanceFacts>>,
  states: Readonly<Record<string, LbTarget['state']>> = {},
  verdicts: Readonly<Record<string, TargetVerdict['verdict']>> = {},
): Promise<readonly string[]> {
  const asked: string[][] = [];
  const ports = respondPorts({
    clock: { now: () => 60_000 },
    hosts: {
      inspect: async (ids) => {
        asked.push([...ids]);
        return ids.map((host) => ({ host, notInspectable: 'no agent', capturedAt: 60_000 }));
      },
    },
  });
  const targets = Object.keys(instances).map((id) => ({ id, port: 80 }));
  const round = roundOf({
    groupArn: GROUP,
    instances,
    lbView: targets.map((target) => ({ target, state: states[target.id] ?? 'healthy' })),
    verdicts: targets.map(({ id }) => verdict(`${id}:80`, { verdict: verdicts[id] ?? (id === 'i-0' ? 'convicted' : 'clean') })),
  });
  const incident = targetCase({ openedAt: 0, target: { id: 'i-0', port: 80 } });
  const [group] = config.targetGroups;
  if (group === undefined) throw new Error('one group is configured');
  await inspectCase(ports, config, { group: groupOf({ arn: GROUP }), config: group, rounds: [round] }, incident);
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
