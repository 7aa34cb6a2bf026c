/** The two documents over Run Command: what is sent, and that silence is a failure. */
import { stopHosts } from '../../../lambda/aws/stop-hosts';
import { PLAN } from '../../core/stop/candidate-builder';
import { ssm } from '../act/clients-setup';

const DOCUMENTS = { plan: 'Plan-abc', undo: 'Undo-abc' };

function host(stdout: string, status = 'Success') {
  let now = 0;
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const client = ssm(({ name }) =>
    name === 'SendCommand' ? { Command: { CommandId: 'c' } } : { Status: status, StandardOutputContent: stdout, StandardErrorContent: '' },
  );
  return { client, hosts: stopHosts(client, DOCUMENTS, clock) };
}

test.each([
  ['plan', { ask: ['plan'], caseId: ['case-1'], pid: ['4242'] }, 'Plan-abc'],
  ['status', { ask: ['status'], caseId: ['case-1'], pid: ['0'] }, 'Plan-abc'],
  ['undo', { caseId: ['case-1'] }, 'Undo-abc'],
] as const)('%s is asked of one host, with version 1 of its document', async (ask, parameters, document) => {
  const answers = {
    plan: PLAN,
    status: { v: 1, known: true, sameBoot: true, alive: [], back: [], starter: 'held' },
    undo: { v: 1, outcome: 'undone' },
  };
  const { client, hosts } = host(JSON.stringify(answers[ask]));
  const asked = {
    plan: () => hosts.plan('i-1', 'case-1', 4242),
    status: () => hosts.status('i-1', 'case-1'),
    undo: () => hosts.undo('i-1', 'case-1'),
  };
  expect(await asked[ask]()).toEqual(answers[ask]);
  expect(client.asked[0]).toMatchObject({
    name: 'SendCommand',
    input: { DocumentName: document, DocumentVersion: '1', InstanceIds: ['i-1'], Parameters: parameters },
  });
});

test('a host that does not answer, or prints nothing, is a failure', async () => {
  await expect(host('', 'InProgress').hosts.plan('i-1', 'case-1', 4242)).rejects.toThrow('i-1: no answer within 45 s');
  await expect(host('', 'Failed').hosts.status('i-1', 'case-1')).rejects.toThrow('ended as Failed with no output');
  await expect(host('no JSON').hosts.undo('i-1', 'case-1')).rejects.toThrow('the host printed no JSON');
});
