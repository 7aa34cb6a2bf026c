/** The five lines that an alert begins with, where a rule of theirs is not seen in a drill. */
import { CAUSES, type Case, type Finding } from '../../../core/model';
import { alert } from '../../../core/report/alert';
import { chatMessage } from '../../../core/report/chat';
import { headOf } from '../../../core/report/head';
import { targetCase } from '../../builders/cases';
import { decisionTo } from '../../builders/decisions';
import { diagnosisOf } from '../../builders/diagnoses';
import { firstAlertOf, lastAlertOf } from '../../builders/incidents';
import { NOW } from '../../builders/now';
import { parsed } from '../../builders/parsed';

function found(fields: Partial<Finding>): ReturnType<typeof headOf> {
  const finding: Finding = { cause: 'disk-full', confidence: 0.9, evidence: [], against: [], ...fields };
  const incident: Case = targetCase({ target: { id: 'i-0abc', port: 8080 }, diagnosis: diagnosisOf([finding]) });
  return headOf({ now: NOW, incident, decision: decisionTo('eject'), round: undefined, remarks: [] });
}

describe('the cause', () => {
  it('names its evidence where nobody did it', () => {
    expect(found({ evidence: ['/data has 100 % of its space in use', '/data is where the logs live'] }).cause).toBe(
      'Its disk is full (90 % sure): /data has 100 % of its space in use. /data is where the logs live',
    );
  });

  it('leaves the second piece out where it would be cut', () => {
    const long = 'x'.repeat(150);
    expect(found({ evidence: ['the first', long, 'a third'] }).cause).toBe(`Its disk is full (90 % sure): the first. ${capital(long)}`);
    expect(found({ evidence: ['the first', `${long}${long}`] }).cause).toBe('Its disk is full (90 % sure): the first');
  });

  it('that is not known is not called the only difference', () => {
    expect(found({ cause: 'unknown', evidence: ['1 difference is listed'] }).cause).toBe(
      'Unknown: it was inspected, and no difference from its peers explains it.',
    );
  });
});

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

describe('what to do now', () => {
  it.each(CAUSES.filter((cause) => cause !== 'unknown' && cause !== 'shared-dependency'))('says it for %s', (cause) => {
    expect(found({ cause }).now).toMatch(/^On i-0abc, (end|restart|look at|find|make|repair|deploy|give|detach) .*\.$/);
  });

  it('ends with a command that can be copied: nothing behind it, and never half of it', () => {
    expect(found({ checks: ['df -h -- /data'] }).now).toBe('On i-0abc, make room on its disk; see it with: df -h -- /data');
    expect(found({ checks: [`df -h -- /${'x'.repeat(200)}`] }).now).toBe('On i-0abc, make room on its disk.');
  });

  it('stops nothing on a guess', () => {
    const culprit = { pid: 43, command: 'report', user: 'root' };
    expect(found({ cause: 'cpu-saturation', confidence: 0.4, culprit, checks: ['top -b'] }).now).toBe(
      'On i-0abc, see whether it is so before you change anything; see it with: top -b',
    );
    expect(found({ cause: 'cpu-saturation', confidence: 0.9, culprit }).now).toBe('On i-0abc, stop pid 43.');
  });

  it('after a job of cron is that it comes again', () => {
    const input = lastAlertOf('asg');
    if (input === undefined) throw new Error('the drill ended');
    expect(headOf(input).now).toBe('The job starts again, unless it was removed from /var/spool/cron/crontabs/root.');
  });

  it('is no step for a machine or a chat where there is nothing to do', () => {
    const input = lastAlertOf('disk-full');
    if (input === undefined) throw new Error('the drill ended');
    const entry = alert(input);
    expect(entry.body).toContain('Now: Nothing.');
    expect(entry.event?.nextSteps).toEqual([expect.stringContaining('explain')]);
    const { content } = parsed<{ content: { nextSteps: string[] } }>(chatMessage(entry, { caseId: input.incident.id }));
    expect(content.nextSteps.filter((step) => step.startsWith('Nothing'))).toEqual([]);
    expect(content.nextSteps).not.toEqual([]);
  });
});

test('what the first lines say is not said again below them', () => {
  for (const input of [lastAlertOf('asg'), lastAlertOf('all-slow'), firstAlertOf('all-slow')]) {
    if (input === undefined) throw new Error('the drill recorded it');
    expect(alert(input).body).not.toContain('Remarks');
  }
});

test('the account has the name that people know it by, beside its id', () => {
  const input = firstAlertOf('asg');
  expect(alert({ ...input, deployment: { accountName: 'shop-prod' } }).body).toContain(
    'Region us-east-1, account shop-prod (123456789012),',
  );
  expect(alert({ ...input, deployment: {} }).body).toContain('Region us-east-1, account 123456789012,');
});

describe('what was done behind a Network Load Balancer', () => {
  it.each([
    ['TCP', true],
    ['TLS', true],
    ['HTTP', false],
  ])('over %s', (protocol, late) => {
    const input = firstAlertOf('pool-starvation');
    if (input.round === undefined) throw new Error('no round');
    const { done } = headOf({ ...input, round: { ...input.round, group: { ...input.round.group, protocol } } });
    expect(done.includes('New connections may reach it for 2 min more (NLB).')).toBe(late);
    expect(done).toMatch(/^Removed .*[0-9] of [0-9] serving/);
  });
});
