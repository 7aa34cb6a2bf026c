/**
 * What is likelier not so is told as a lead: in the alert's text, and never as the cause in its
 * subject.
 */
import { openCase } from '../../../core/case-transitions';
import type { Case, Decision, Finding } from '../../../core/model';
import { alert } from '../../../core/report/alert';
import { caseTable } from '../../../core/report/cases';
import { GROUP } from '../../builders/groups';
import { NOW } from '../../builders/now';

const target = { id: 'i-1', port: 8080 };

function incident(confidence: number, more: Partial<Finding> = {}): Case {
  const finding: Finding = { cause: 'socket-leak', confidence, evidence: ['CLOSE_WAIT 48; peers 0 to 1'], against: [], ...more };
  const diagnosis = { findings: [finding], differences: [], notInspectable: [], pools: [], cpu: [], notes: [] };
  return { ...openCase({ now: NOW, groupArn: GROUP, about: 'target', id: 'case-1', summary: '9x its peers', target }), diagnosis };
}

function told(confidence: number, more: Partial<Finding> = {}) {
  const decision: Decision = {
    action: 'eject',
    leaseEndsAt: NOW + 900_000,
    caseId: 'case-1',
    groupArn: GROUP,
    reason: 'slow',
    blocked: [],
    guardrails: [],
    lookAgainAt: NOW,
  };
  return alert({ now: NOW, incident: incident(confidence, more), decision, round: undefined, remarks: [] });
}

test('a lead is not in the subject, and the text calls it one', () => {
  expect(told(0.43).subject).not.toContain('sockets');
  expect(told(0.43).body).toContain('Cause: Possibly it leaks sockets (a lead, 43 % sure)');
  expect(told(0.43).body).toContain('socket-leak (a lead, confidence 0.43)');
  expect(caseTable([incident(0.43)], NOW)[1]).toContain('socket-leak (a lead)');
});

test('a likely cause is in both', () => {
  expect(told(0.87).subject).toContain('it leaks sockets');
  expect(told(0.87).body).toContain('socket-leak (confidence 0.87)');
  expect(caseTable([incident(0.87)], NOW)[1]).not.toContain('lead');
});

test('a culprit in a container is told with it', () => {
  const culprit = { pid: 12, command: '/opt/report', user: 'root' };
  expect(told(0.87, { culprit: { ...culprit, container: 'docker container 0123456789ab (image shop:3.4.1)' } }).body).toContain(
    'in docker container 0123456789ab (image shop:3.4.1)',
  );
  expect(told(0.87, { culprit }).body).not.toContain('container');
});
