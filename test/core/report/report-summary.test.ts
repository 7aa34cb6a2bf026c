/** What a report says first of a case that has ended, whatever was done about it. */
import { reportHtml } from '../../../core/report/html/report';
import { summaryOf } from '../../../core/report/html/summary';
import { incidentOf } from '../../builders/incidents';

function inputOf(scene: string) {
  const { case: incident, rounds } = incidentOf(scene);
  return { now: incident.updatedAt, incident, rounds };
}

const factsOf = (scene: string) => Object.fromEntries(summaryOf(inputOf(scene)).facts);

describe('the replacement of a task', () => {
  const page = reportHtml(inputOf('ecs-fargate'));

  it('is told by what users felt before it, not after', () => {
    expect(summaryOf(inputOf('ecs-fargate')).title).toBe('Replaced 1 of 4 tasks: connections leaking from its DB pool');
    expect(factsOf('ecs-fargate')['What users felt']).toMatch(/^5 of 20 /);
    expect(factsOf('ecs-fargate')['What was done']).toContain('3 of 4 serving');
    expect(factsOf('ecs-fargate')['How it stands']).toMatch(/^Replaced task .* by task .*, which is healthy and fast\./);
    expect(page).toContain('>replaced</span>');
  });

  it('is marked in the chart and in the times: deregistered, and its task stopped', () => {
    for (const mark of ['deregistered', 'task stopped']) {
      expect(page).toMatch(new RegExp(`class="marked"[^<]*>${mark}</text`));
      expect(page).toMatch(new RegExp(`opened .*${mark} 2026-`));
    }
    expect(page).toMatch(/class="out"/);
  });

  it('does not say how sure it is that it knows nothing', () => {
    expect(page).not.toMatch(/unknown, \d+ % sure\)/);
  });
});

test.each(['eks-told', 'all-slow'])('what users felt and why nothing was removed is told of %s, which ended by itself', (scene) => {
  const facts = factsOf(scene);
  expect(facts['What users felt']).toMatch(/^[1-9]\d* of \d+ sampled requests slow or failed/);
  expect(facts['What was done']).toMatch(/^Nothing/);
  expect(facts['Cause']).toBeDefined();
  expect(facts['How it stands']).toMatch(/^Nothing was removed; /);
});

test('what was done is not said a second time while nothing has changed', () => {
  const { told, rounds } = incidentOf('slow-without-cause');
  if (told === null) throw new Error('the incident was told while it was open');
  const names = summaryOf({ now: told.updatedAt, incident: told, rounds }).facts.map(([name]) => name);
  expect(names).toEqual(['What users felt', 'What was done', 'Cause', 'Comes back', 'To do']);
});

test('the chart of what clients got says what it counts as slow', () => {
  expect(reportHtml(inputOf('asg'))).toMatch(/how many failed or were slow \(above \d+ ms\)/);
});
