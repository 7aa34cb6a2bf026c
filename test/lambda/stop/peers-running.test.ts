/** Whether peers run the culprit's command: by a fresh inspection of those that serve. */
import { parseConfig } from '../../../core/config';
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Culprit, HostCapture } from '../../../core/model';
import { peersRunning } from '../../../lambda/stop/peers-running';
import { GROUP, groupOf } from '../../builders/groups';
import { roundOf } from '../../builders/rounds';
import { captures } from '../../core/diagnose/captures';
import { incidentOf } from '../../core/stop/candidate-builder';

/** The report runs on the first. */
const CAPTURES = ['app-3', 'app-1', 'app-2', 'app-4'].flatMap((host) => captures('pool-starvation').get(host) ?? []);

const config = parseConfig({
  targetGroups: [{ arn: GROUP }],
  network: { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] },
});

function culpritOf(sick: HostCapture): Culprit {
  const { findings } = diagnose({ sick, peers: CAPTURES.filter((one) => one !== sick), now: sick.capturedAt });
  const culprit = findings[0]?.culprit;
  if (culprit === undefined) throw new Error('the scene has a culprit');
  return culprit;
}

const serving = (id: string) => ({ target: { id, port: 8080 }, state: 'healthy' as const });

/** The peers i-2 and i-3 serve and answer with these captures; i-4 drains. */
async function running(
  answers: Readonly<Record<string, HostCapture>>,
  peers = [serving('i-2'), serving('i-3')],
): Promise<readonly string[]> {
  const asked: string[] = [];
  const hosts = {
    inspect: async (ids: readonly string[]) => {
      asked.push(...ids);
      return ids.flatMap((id) => (answers[id] === undefined ? [] : [{ ...answers[id], host: id }]));
    },
  };
  const lbView = [serving(incidentOf().target.id), ...peers, { target: { id: 'i-4', port: 8080 }, state: 'draining' as const }];
  const rounds = { latest: async () => [roundOf({ groupArn: GROUP, group: groupOf({ arn: GROUP }), lbView })] };
  const [sick] = CAPTURES;
  if (sick === undefined) throw new Error('the scene has a sick host');
  const found = await peersRunning(hosts, rounds, config)(incidentOf(), culpritOf(sick));
  expect(asked).toEqual(peers.map(({ target }) => target.id));
  return found;
}

const [SICK, PEER, OTHER] = CAPTURES;
if (SICK === undefined || PEER === undefined || OTHER === undefined) throw new Error('the scene has three hosts');

test('peers that do not run it are not named', async () => {
  expect(await running({ 'i-2': PEER, 'i-3': OTHER })).toEqual([]);
});

test('one that runs it is, and so is one that does not answer', async () => {
  expect(await running({ 'i-2': SICK, 'i-3': OTHER })).toEqual(['i-2']);
  expect(await running({ 'i-3': OTHER })).toEqual(['i-2']);
});

test('without a peer that serves it cannot be told', async () => {
  await expect(running({}, [])).rejects.toThrow('no peer serves');
});

test('without a round, or of a group that is not configured, it cannot be told, and nobody is asked', async () => {
  const [sick] = CAPTURES;
  if (sick === undefined) throw new Error('the scene has a sick host');
  const hosts = { inspect: () => Promise.reject(new Error('asked')) };
  const asked = (rounds: Parameters<typeof peersRunning>[1]) => peersRunning(hosts, rounds, config)(incidentOf(), culpritOf(sick));
  await expect(asked({ latest: async () => [] })).rejects.toThrow(`no round of ${GROUP} to take peers from`);
  const another = groupOf({ arn: `${GROUP}0` });
  await expect(asked({ latest: async () => [roundOf({ group: another, lbView: [serving('i-2')] })] })).rejects.toThrow('no round of');
});

test('of a large group six peers are asked, each once, for as long as an inspection may take', async () => {
  const [sick] = CAPTURES;
  if (sick === undefined) throw new Error('the scene has a sick host');
  const asked: [readonly string[], number][] = [];
  const hosts = {
    inspect: async (ids: readonly string[], _parameters: unknown, waitMs: number) => {
      asked.push([ids, waitMs]);
      return [];
    },
  };
  const ids = Array.from({ length: 9 }, (_, index) => `i-${index + 10}`);
  const lbView = [...ids, ...ids].map(serving);
  const rounds = { latest: async () => [roundOf({ groupArn: GROUP, group: groupOf({ arn: GROUP }), lbView })] };
  await peersRunning(hosts, rounds, config)(incidentOf(), culpritOf(sick));
  expect(asked).toEqual([[ids.slice(0, 6), config.durations.inspectionWaitS * 1000]]);
});
