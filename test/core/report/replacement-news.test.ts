/** A clean replacement is two messages: begun, and resolved; that the task is stopped was said. */
import type { Case, OutboxEntry, ReplaceStep } from '../../../core/model';
import { alert } from '../../../core/report/alert';
import { replacementCase } from '../../builders/cases';
import { decisionTo } from '../../builders/decisions';
import { NOW } from '../../builders/now';
import { REPLACEMENT } from '../../builders/replacements';

const begun = (more: Partial<OutboxEntry> = {}): OutboxEntry => ({
  id: `case-1/replace-begin/${REPLACEMENT.intentAt}`,
  at: REPLACEMENT.intentAt,
  severity: 'notify',
  subject: 's',
  body: '',
  ...more,
});
const out = (...outbox: OutboxEntry[]): Case => replacementCase(REPLACEMENT, { outbox });
const isQuiet = (incident: Case, step: ReplaceStep): boolean =>
  alert({ now: NOW, incident, decision: { ...decisionTo('keep'), action: 'replace', step, stopsAt: NOW }, round: undefined, remarks: [] })
    .quiet === true;

test('the stop that the first alert announced is told by its event alone', () => {
  expect(isQuiet(out(begun()), 'stop')).toBe(true);
});

test.each<[string, Case]>([
  ['the beginning was never told', out()],
  ['only an event told of it', out(begun({ quiet: true }))],
  ['it was told of another replacement, of before', out(begun({ at: REPLACEMENT.intentAt - 1 }))],
  ['a person was called since', out(begun(), begun({ id: 'case-1/page/1', severity: 'page' }))],
])('it is told when %s', (_why, incident) => {
  expect(isQuiet(incident, 'stop')).toBe(false);
});

test.each<ReplaceStep>(['begin', 'deregister', 'stopped', 'failed', 'call-off'])('the step %s is always told', (step) => {
  expect(isQuiet(out(begun()), step)).toBe(false);
});
