/**
 * The calls of a real stop (scene `stop` of the drill) before IAM: each is allowed to the role that
 * made it, and what stops or approves to nobody else.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { drillConfig } from '../../lab/drill/config';
import type { CorpusCall } from '../../scripts/calls-corpus';
import { allowed } from './iam';
import { removeDirectories, roleOf, synthesise } from './synthesised';
import { parsed } from '../builders/parsed';

// A synthesis takes a second or two; this is only to end one that hangs.
jest.setTimeout(60_000);

const CORPUS = parsed<CorpusCall[]>(readFileSync(path.join(__dirname, '..', 'fixtures', 'calls-stop.json'), 'utf8'));

/** Tags of what is called, and the account that owns it. */
const TAGS = {
  'aws:ResourceTag/sickbay:enforce': 'Sickbay',
  'ssm:resourceTag/sickbay:inspect': 'true',
  'ssm:resourceTag/sickbay:stop': 'Sickbay',
  's3:ResourceAccount': '123456789012',
};

describe('the calls of a stop', () => {
  const { assembly } = synthesise(drillConfig({ stop: true }));
  afterAll(removeDirectories);
  const ofStack = CORPUS.filter(({ role }) => assembly.roles.some(({ arn }) => arn === role));
  const made = (action: string) => ofStack.filter((call) => call.action === action);
  const isOf = (name: string) => (call: CorpusCall) => roleOf(assembly, call.role).logicalId.includes(name);

  /** The document of this release, in place of the one that the drill deployed. */
  function current(resource: string): string {
    const [, start, name] = /^(.+:document\/)(.+-)HASH$/.exec(resource) ?? [];
    const document = assembly.documents.find((candidate) => candidate.name.replace(/[0-9a-f]{12}$/, '') === name);
    return document === undefined ? resource : `${start}${document.name}`;
  }

  async function isAllowed({ role, action, resource, moreResources = [], passesRole }: CorpusCall, by = role): Promise<boolean> {
    const service = action.startsWith('scheduler:') ? 'scheduler' : 'ssm';
    const passing = { ...TAGS, 'iam:PassedToService': `${service}.amazonaws.com` };
    const on = await Promise.all([resource, ...moreResources].map((one) => allowed(roleOf(assembly, by), action, current(one), TAGS)));
    const passed = passesRole === undefined || (await allowed(roleOf(assembly, by), 'iam:PassRole', passesRole, passing));
    return passed && on.every((one) => one);
  }

  test('hold what a stop is about: a plan, a start, an undo that is scheduled, and the document that stops', () => {
    expect(made('ssm:StartAutomationExecution').every(isOf('StoppingHandler'))).toBe(true);
    expect(made('ssm:StartAutomationExecution')).toHaveLength(1);
    const sent = (part: string) => made('ssm:SendCommand').filter(({ resource }) => resource.includes(`-Stopping-${part}-`));
    expect(sent('Plan').every(isOf('StoppingHandler'))).toBe(true);
    expect(sent('Plan')).toHaveLength(1);
    expect(sent('Stop').map(({ role }) => roleOf(assembly, role).logicalId)).toEqual([expect.stringContaining('RunbookRole')]);
    expect(made('scheduler:CreateSchedule').filter(isOf('RunbookRole'))).toHaveLength(1);
    expect(made('ssm:SendAutomationSignal')).toEqual([]);
  });

  test('are each allowed to the role that made it', async () => {
    const answers = await Promise.all(
      ofStack.map(async (call) => ((await isAllowed(call)) ? [] : [`${call.role} ${call.action} ${call.resource}`])),
    );
    expect(answers.flat()).toEqual([]);
  });

  test('that change anything and were made by the runbook or the function are denied to every other role', async () => {
    const mutations = ofStack.filter((call) => call.mutating && (isOf('RunbookRole')(call) || isOf('StoppingHandler')(call)));
    expect(mutations.length).toBeGreaterThan(5);
    const makers = ({ action, resource }: CorpusCall) =>
      ofStack.filter((call) => call.action === action && call.resource === resource).map(({ role }) => role);
    const asked = mutations.flatMap((call) =>
      assembly.roles.filter(({ arn }) => !makers(call).includes(arn)).map(({ arn }) => ({ call, arn })),
    );
    const permitted = await Promise.all(
      asked.map(async ({ call, arn }) =>
        (await isAllowed(call, arn)) ? [`${roleOf(assembly, arn).logicalId} ${call.action} ${call.resource}`] : [],
      ),
    );
    expect(permitted.flat()).toEqual([]);
  });
});
