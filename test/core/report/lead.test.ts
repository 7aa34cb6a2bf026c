/**
 * What is likelier not so is told as a lead: in the alert's text, and never as the cause in its
 * subject.
 */
import type { Case, Finding } from '../../../core/model';
import { alert } from '../../../core/report/alert';
import { caseTable } from '../../../core/report/cases';
import { targetCase } from '../../builders/cases';
import { decisionTo } from '../../builders/decisions';
import { diagnosisOf } from '../../builders/diagnoses';
import { NOW } from '../../builders/now';

function incident(confidence: number, more: Partial<Finding> = {}): Case {
  const finding: Finding = { cause: 'socket-leak', confidence, evidence: ['CLOSE_WAIT 48; peers 0 to 1'], against: [], ...more };
  return targetCase({ openedAt: NOW, diagnosis: diagnosisOf([finding]) });
}

function told(confidence: number, more: Partial<Finding> = {}) {
  return alert({ now: NOW, incident: incident(confidence, more), decision: decisionTo('eject'), round: undefined, remarks: [] });
}

test('a lead is not in the subject, and the text calls it one', () => {
  expect(told(0.43).subject).not.toContain('sockets');
  expect(told(0.43).body).toContain('Cause: Possibly it leaks sockets (a lead, 43 % sure)');
  expect(told(0.43).body).toContain('socket-leak (a lead, 43 % sure)');
  expect(told(0.43).body).toContain('Now: On i-1, see whether it is so before you change anything.');
  expect(caseTable([incident(0.43)], NOW)[1]).toContain('socket-leak (a lead)');
});

test('a likely cause is in both', () => {
  expect(told(0.87).subject).toContain('it leaks sockets');
  expect(told(0.87).body).toContain('socket-leak (87 % sure)');
  expect(told(0.87).body).toContain('Now: On i-1, restart the application, which does not close its sockets.');
  expect(caseTable([incident(0.87)], NOW)[1]).not.toContain('lead');
});

test('a culprit in a container is told with it', () => {
  const culprit = { pid: 12, command: '/opt/report', user: 'root' };
  expect(told(0.87, { culprit: { ...culprit, container: 'docker container 0123456789ab (image shop:3.4.1)' } }).body).toContain(
    'in docker container 0123456789ab (image shop:3.4.1)',
  );
  expect(told(0.87, { culprit }).body).not.toContain('container');
});
