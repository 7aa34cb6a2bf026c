/** What the dashboard's custom widgets show. */
import { targetKey, type Case, type Round } from '../../core/model';
import { widget, type WidgetPorts } from '../../lambda/widget';
import { without } from '../core/decide/described';
import { groupCase, targetCase } from '../builders/cases';
import { incidentOf } from '../builders/incidents';
import { NOW } from '../builders/now';
import { situation } from '../builders/scenario/situation';

const MINUTE_MS = 60_000;

function ports(open: readonly Case[], rounds: ReadonlyMap<string, readonly Round[]>): WidgetPorts {
  return {
    clock: { now: () => NOW },
    cases: { open: async () => [...open] },
    rounds: {
      latest: async (groupArn, limit) => [...(rounds.get(groupArn) ?? [])].slice(0, limit),
      begun: async (after) => new Map([...rounds.keys()].map((arn) => [arn, after + 1])),
    },
  };
}

/** The builder's sick group, measured: one target convicted, three peers. */
function sickGroup(): { readonly groupArn: string; readonly rounds: readonly Round[] } {
  const [group] = situation(new Map()).groups;
  if (group === undefined) throw new Error('the builder makes a group');
  const measured = (round: Round): Round => ({
    ...round,
    verdicts: round.verdicts.map((one) => ({ ...one, medianMs: one.verdict === 'convicted' ? 4000 : 150 })),
  });
  return { groupArn: group.group.arn, rounds: group.rounds.map(measured) };
}

async function text(answer: ReturnType<typeof widget>): Promise<string> {
  const shown = await answer;
  return typeof shown === 'string' ? shown : shown.markdown;
}

describe('the widget of open cases', () => {
  it('shows each case with what it is about, its state and its cause', async () => {
    const target = { id: 'i-0abc', port: 8080 };
    const incident = targetCase({ openedAt: NOW - MINUTE_MS, target });
    const shown = await text(widget(ports([incident], new Map()), { view: 'cases' }));
    expect(shown).toContain(targetKey(target));
    expect(shown).toContain('under suspicion');
    expect(shown).toContain('case-1');
  });

  it('says the cause as alerts do, and leads to the report, the host, the target group and the runbook', async () => {
    const { told } = incidentOf('asg');
    if (told === null) throw new Error('it was told');
    const deployment = { reportsBucket: 'reports-1', runbookUrl: 'https://wiki.example.com/runbook.md' };
    const shown = await text(widget({ ...ports([told], new Map()), deployment }, { view: 'cases' }));
    expect(shown).toContain('cron job starving its DB pool');
    const links = [...shown.matchAll(/<a href="([^"]+)" target="_blank">([^<]+)<\/a>/g)].map(([, href = '', label]) => [label, href]);
    expect(links.map(([label]) => label)).toEqual(['Report', 'Session', 'Target group', 'Runbook']);
    for (const [, href] of links) expect(href).toMatch(/^https:\/\//);
    expect(links[0]?.[1]).toContain('/s3/object/reports-1?');
  });

  it('says so when there is none', async () => {
    expect(await text(widget(ports([], new Map()), { view: 'cases' }))).toContain('No open case.');
  });

  it('escapes whatever a record holds: CloudWatch puts it into a page', async () => {
    const hostile = groupCase('shared', { groupArn: 'arn:<script>alert(1)</script>', id: '<img src=x onerror=alert(1)>' });
    const shown = await text(widget(ports([hostile], new Map()), { view: 'cases' }));
    expect(shown).not.toMatch(/<script|<img/);
    expect(shown).toContain('&lt;img');
  });
});

describe('the widget of latency', () => {
  it('draws each target of a group, the convicted one apart', async () => {
    const { groupArn, rounds } = sickGroup();
    const shown = await text(widget(ports([], new Map([[groupArn, rounds]])), { view: 'latency' }));
    expect(shown.match(/<g class="peer">/g)).toHaveLength(3);
    expect(shown.match(/<g class="sick">/g)).toHaveLength(1);
    expect(shown).not.toMatch(/<script|<use|<iframe|javascript:/);
  });

  it('keeps the target of an open case apart, and marks when it left, also where it is well again', async () => {
    const { told, case: last, rounds } = incidentOf('asg');
    const groupArn = last.groupArn ?? '';
    const drawn = async (open: readonly Case[]) => text(widget(ports(open, new Map([[groupArn, rounds]])), { view: 'latency' }));
    if (told === null) throw new Error('it was told');
    expect(await drawn([])).not.toMatch(/<g class="sick">|class="mark"/);
    expect(await drawn([told])).toMatch(/<rect[^>]*class="out"[^]*>removed<[^]*<g class="sick"><title>checkout-app-3</);
  });

  it('shows groups with an open case first, and counts those that it leaves out', async () => {
    const { rounds } = sickGroup();
    const arns = Array.from(
      { length: 9 },
      (_, index) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web-${index}/0123456789abcdef`,
    );
    const incident = groupCase('shared', { groupArn: arns[8] ?? '' });
    const shown = await text(widget(ports([incident], new Map(arns.map((arn) => [arn, rounds]))), { view: 'latency' }));
    expect([...shown.matchAll(/<h3>(web-\d)/g)].map(([, name]) => name)).toEqual(['web-8', 'web-0', 'web-1', 'web-2', 'web-3', 'web-4']);
    expect(shown).toContain('3 more target groups');
  });

  it('says so where no target answered in any round', async () => {
    const { groupArn, rounds } = sickGroup();
    const silent = rounds.map((round) => ({ ...round, verdicts: round.verdicts.map((one) => without(one, 'medianMs')) }));
    const shown = await text(widget(ports([], new Map([[groupArn, silent]])), { view: 'latency' }));
    expect(shown).toContain('Fewer than two rounds');
    expect(shown).not.toMatch(/NaN|Infinity/);
  });

  it('says so where nothing was measured', async () => {
    expect(await text(widget(ports([], new Map()), { view: 'latency' }))).toContain('No round in the last hour.');
  });
});

it('takes the theme of whoever looks', async () => {
  const light = await text(widget(ports([], new Map()), { view: 'cases' }));
  const dark = await text(widget(ports([], new Map()), { view: 'cases', widgetContext: { theme: 'dark' } }));
  expect(light).not.toBe(dark);
});

it('describes itself to the editor of widgets, and refuses a view that there is not', async () => {
  expect(await widget(ports([], new Map()), { describe: true })).toEqual({ markdown: expect.stringContaining('"view": "latency"') });
  await expect(widget(ports([], new Map()), { view: 'pools' })).rejects.toThrow('got "pools"; allowed: "cases", "latency"');
});
