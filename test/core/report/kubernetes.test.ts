/**
 * What a person is told of a pod: commands that do what they say, and that nothing hostile gets
 * into.
 */
import type { Round, Target } from '../../../core/model';
import { alert } from '../../../core/report/alert';
import { harmless } from '../../../core/report/harmless';
import { reportHtml } from '../../../core/report/html/report';
import { reportMarkdown } from '../../../core/report/markdown';
import { kubernetesAdvice, kubernetesLines } from '../../../core/report/kubernetes';
import { targetCase } from '../../builders/cases';
import { decisionTo } from '../../builders/decisions';
import { GROUP, listedGroupOf } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { roundOf } from '../../builders/rounds';

const POD: Target = { id: '10.0.3.7', port: 8080, availabilityZone: 'us-east-1a' };
const NODE: Target = { id: 'i-0123456789abcdef0', port: 31_080 };
const TAGS = { 'elbv2.k8s.aws/cluster': 'prod', 'service.k8s.aws/stack': 'shop/checkout' };

const roundWith = (tags: Readonly<Record<string, string>> = TAGS): Round =>
  roundOf({
    group: { ...listedGroupOf({ arn: GROUP, name: 'k8s-checkout', targetType: 'ip', tags }), loadBalancers: [] },
    startedAt: NOW - 5000,
    endedAt: NOW,
  });
const advised = (target: Target, round = roundWith(), groupArn = GROUP) => kubernetesAdvice(targetCase({ target, groupArn }), round);
const commandsFor = (target: Target, round = roundWith(), groupArn = GROUP) =>
  advised(target, round, groupArn)?.steps.map(({ command }) => command) ?? [];

describe('a pod', () => {
  it('is told of only where a controller of Kubernetes manages the group', () => {
    expect(advised(POD, roundWith({}))).toBeUndefined();
    expect(advised(POD, roundWith({ 'kubernetes.io/cluster/prod': 'owned' }))?.steps).toHaveLength(5);
    expect(advised(POD)?.why).toContain('registers it again');
  });

  it('is found, isolated and evicted by commands that can be copied from anywhere, one line each', () => {
    for (const target of [POD, NODE, { ...POD, id: '2001:db8::7' }]) {
      const told = advised(target);
      expect(told?.steps.length).toBeGreaterThan(3);
      for (const text of told === undefined ? [] : kubernetesLines(told)) {
        expect(text.length).toBeLessThanOrEqual(430);
        expect(text).not.toContain('\n');
        expect(harmless(text)).toBe(text);
      }
    }
  });

  it('is in the alert, its event and both reports', () => {
    const incident = targetCase({ target: POD });
    const entry = alert({
      now: NOW,
      incident,
      decision: decisionTo('keep', { blocked: ['owner-unsupported'] }),
      round: roundWith(),
      remarks: [],
    });
    const report = { now: NOW, incident, rounds: [roundWith()] };
    for (const command of commandsFor(POD)) {
      expect(entry.body).toContain(command);
      expect(entry.event?.nextSteps.some((step) => step.endsWith(command))).toBe(true);
      expect(reportMarkdown(report)).toContain(command);
    }
    expect(reportHtml(report)).toContain('kubectl label pod');
    expect(entry.body).toContain('Now: Take the pod out of its Service, or evict it: never deregister it.');
  });
});

describe('a node', () => {
  it('is never to be removed, and is found with its pods', () => {
    const told = advised(NODE);
    expect(told?.why).toContain('A node is never removed');
    expect(commandsFor(NODE).join('\n')).not.toMatch(/label|evict|drain|cordon|delete/);
    expect(commandsFor(NODE)[1]).toContain(`"/${NODE.id}$"`);
  });
});

describe('what is hostile', () => {
  it.each(['10.0.0.1; reboot', '$(reboot)', "10.0.0.1'", '1.2.3.4\nreboot', ':;reboot', 'i-0;reboot'])(
    'is in no command: target %j',
    (id) => {
      expect(commandsFor({ ...POD, id }).join('\n')).not.toContain('reboot');
      expect(commandsFor({ ...POD, id }).join('\n')).not.toContain(id);
    },
  );

  it.each(['prod; reboot', '$(reboot)', '-x', ''])('is in no command: cluster %j', (cluster) => {
    const commands = commandsFor(POD, roundWith({ 'elbv2.k8s.aws/cluster': cluster }));
    expect(commands.join('\n')).not.toContain('update-kubeconfig');
    expect(commands).toHaveLength(5);
  });

  it('is in no command: the ARN of the group', () => {
    expect(commandsFor(POD, roundWith({ 'kubernetes.io/cluster/x': 'owned' }), `${GROUP}"; reboot`)).toEqual([]);
  });
});
