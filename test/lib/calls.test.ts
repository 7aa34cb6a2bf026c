/**
 * The calls of real drills before IAM: each is allowed to the role that made it, and what changes
 * anything to nobody else.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { drillConfig } from '../../lab/drill/config';
import type { RoleDescription } from '../../lab/boot/descriptions';
import type { CorpusCall } from '../../scripts/calls-corpus';
import { allowed } from './iam';
import { removeDirectories, synthesise } from './synthesised';
import { parsed } from '../builders/parsed';

const CORPUS = parsed<CorpusCall[]>(readFileSync(path.join(__dirname, '..', 'fixtures', 'calls.json'), 'utf8'));

/**
 * What the drill's target group and instances carry, and what the API says about whom a role is
 * handed to.
 */
const CONTEXT = {
  'aws:ResourceTag/sickbay:enforce': 'Sickbay',
  'ssm:resourceTag/sickbay:inspect': 'true',
  'iam:PassedToService': 'scheduler.amazonaws.com',
  's3:ResourceAccount': '123456789012',
};
const UNTAGGED = { 'iam:PassedToService': CONTEXT['iam:PassedToService'] };

const RESTORES = ['elasticloadbalancing:RegisterTargets', 'autoscaling:ExitStandby'];

const REMOVALS = ['elasticloadbalancing:DeregisterTargets', 'autoscaling:EnterStandby'];

interface Question {
  readonly by: string;
  readonly action: string;
  readonly resource: string;
  readonly mutating: boolean;
}

describe('the calls of a drill', () => {
  const { assembly } = synthesise(drillConfig({}));
  afterAll(removeDirectories);
  const questions: readonly Question[] = CORPUS.flatMap(questionsOf);
  const roleOf = (arn: string): RoleDescription => {
    const found = assembly.roles.find((role) => role.arn === arn);
    if (found === undefined) throw new Error(`${arn} is no role of the template: renew test/fixtures/calls.json (scripts/calls-corpus.ts)`);
    return found;
  };

  /** One for each resource that IAM judges the call on, and one for the role that it hands over. */
  function questionsOf({ role, action, resource, moreResources = [], passesRole, mutating }: CorpusCall): Question[] {
    const on = [resource, ...moreResources].map((one) => ({ by: role, action, resource: currentDocument(one), mutating }));
    return passesRole === undefined ? on : [...on, { by: role, action: 'iam:PassRole', resource: passesRole, mutating: true }];
  }

  function currentDocument(resource: string): string {
    const [, start, name] = /^(.+:document\/)(.+-)HASH$/.exec(resource) ?? [];
    const document = assembly.documents.find((candidate) => candidate.name.replace(/[0-9a-f]{12}$/, '') === name);
    return document === undefined ? resource : `${start}${document.name}`;
  }

  function makersOf({ action, resource }: Question): string[] {
    const same = questions.filter((other) => other.action === action && other.resource === resource);
    return [...new Set(same.map(({ by }) => by))];
  }

  /** Standby ends without our code too, at the end of its lease, which no drill waits for. */
  function byDesign({ action }: Question): string[] {
    return action === 'autoscaling:ExitStandby'
      ? assembly.roles.filter(({ logicalId }) => logicalId.includes('WayBack')).map(({ arn }) => arn)
      : [];
  }

  async function refused(asked: readonly Question[], answer: (question: Question) => Promise<boolean>): Promise<string[]> {
    const answers = await Promise.all(asked.map(async (question) => ({ question, ok: await answer(question) })));
    return answers.filter(({ ok }) => !ok).map(({ question }) => `${question.by} ${question.action} ${question.resource}`);
  }

  test('hold what drills are about: every role at work, both ways of removing, a restore by each who may', () => {
    const callers = new Set(CORPUS.map(({ role }) => role));
    // The prober calls nothing, no drill deploys or deletes the stack, and nobody looks at its
    // dashboard.
    const working = assembly.roles.filter(({ logicalId }) => !/Prober|DeleteGuard|KillSwitch|Widget/.test(logicalId));
    expect(callers).toEqual(new Set(working.map(({ arn }) => arn)));
    const made = (actions: readonly string[]) => CORPUS.filter(({ action }) => actions.includes(action)).map(({ action }) => action);
    expect(made(REMOVALS).sort()).toEqual([...REMOVALS].sort());
    // Of the scheduled restores that fire by themselves drills play those of a static target: by
    // its id, and by its address, for which a function looks who has it.
    expect(made(RESTORES).sort()).toEqual(['autoscaling:ExitStandby', ...Array<string>(3).fill('elasticloadbalancing:RegisterTargets')]);
  });

  test('are each allowed to the role that made it', async () => {
    expect(await refused(questions, ({ by, action, resource }) => allowed(roleOf(by), action, resource, CONTEXT))).toEqual([]);
  });

  test('that change anything are denied to every role that does not make them', async () => {
    const mutations = questions.filter(({ mutating }) => mutating);
    const others = mutations.flatMap((question) => {
      const makers = [...makersOf(question), ...byDesign(question)];
      return assembly.roles.filter(({ arn }) => !makers.includes(arn)).map(({ arn }) => ({ ...question, by: arn }));
    });
    expect(others.length).toBeGreaterThan(50);
    expect(await refused(others, async ({ by, action, resource }) => !(await allowed(roleOf(by), action, resource, CONTEXT)))).toEqual([]);
  });

  test('that change anything are made by one role each, but for two that two may make by design', () => {
    const shared = questions.filter((question) => question.mutating && makersOf(question).length > 1).map(({ action }) => action);
    // The responder is woken by the sweeper and by the hourly look at the topics; a target is put
    // back by the responder, or without it.
    expect(new Set(shared)).toEqual(new Set(['lambda:InvokeFunction', 'elasticloadbalancing:RegisterTargets']));
  });

  test('that put on Standby and back are denied to every other role, tag or not; the scheduled restore may end Standby', async () => {
    const standby = questions.filter(({ action }) => /^autoscaling:(Enter|Exit)Standby$/.test(action));
    const makers = new Set(standby.map(({ by }) => by));
    expect([standby.length, makers.size]).toEqual([2, 1]);
    const others = assembly.roles.filter(({ arn }) => !makers.has(arn));
    const may = others.flatMap((role) => standby.map((question) => ({ ...question, by: role.arn })));
    const permitted = await Promise.all(
      may.map(async (one) => ((await allowed(roleOf(one.by), one.action, one.resource, CONTEXT)) ? [one] : [])),
    );
    expect(permitted.flat().map(({ by, action }) => `${roleOf(by).logicalId.replace(/^.*(WayBack).*$/, '$1')} ${action}`)).toEqual([
      'WayBack autoscaling:ExitStandby',
    ]);
  });

  test('that remove something are denied where the tag is not, and those that restore are not', async () => {
    const ask = ({ by, action, resource }: Question) => allowed(roleOf(by), action, resource, UNTAGGED);
    const removals = questions.filter(({ action }) => REMOVALS.includes(action));
    const restores = questions.filter(({ action }) => RESTORES.includes(action));
    expect(await refused(removals, ask)).toHaveLength(removals.length);
    expect(await refused(restores, ask)).toEqual([]);
  });
});
