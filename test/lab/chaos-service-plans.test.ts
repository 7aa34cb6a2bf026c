/** What becomes of each base plan with a service when nothing fails, and when one call does. */
import { SERVICE_PLANS } from '../../lab/chaos/base-plans-service';
import { crashPoints } from '../../lab/chaos/crash-points';
import { crashRunNamed, crashRuns } from '../../lab/chaos/report';
import { MUTATIONS, UNCOVERED } from '../../lab/chaos/mutations';
import { runChaos } from '../../lab/chaos/run';
import { BLOCKED } from '../../core/model';

jest.setTimeout(240_000);

/** A prime, so that every kind of point and every part of a run is met. */
const CRASH_STEP = 307;

const BEGUN = 'opened, diagnosed, replacement-announced, removed';
const STOPPED = 'stop-announced, task-stopped, scheduled-stop-cancelled';
const CALLED_OFF = 'replacement-called-off, scheduled-stop-cancelled';
const REPLACED = `target recovered: ${BEGUN}, ${STOPPED}, replacement-verified, closed`;
const LEFT_ALONE = `target operator: ${BEGUN}, removal-repeated, ${CALLED_OFF}, closed`;
const NOT_AGAIN = 'target not-acted: opened, diagnosed, not-removed, closed';

const TOLD: Readonly<Record<string, readonly string[]>> = {
  'service-replaced': [REPLACED],
  'service-replaced-at-a-port': [REPLACED],
  'service-called-off': [`target not-acted: ${BEGUN}, ${CALLED_OFF}, restore-announced, closed`, NOT_AGAIN],
  // The deployment ends the task, after we would not: its successor is looked at all the same.
  'service-deployed-meanwhile': [`target recovered: ${BEGUN}, ${CALLED_OFF}, task-stopped, replacement-verified, closed`],
  'service-registers-again': [LEFT_ALONE, NOT_AGAIN],
  'service-registers-again-late': [REPLACED],
  'service-replacement-sick': [
    `target operator: ${BEGUN}, ${STOPPED}, replacement-failed, closed`,
    'breaker operator: opened, closed',
    'target not-acted: opened, diagnosed, not-removed, diagnosed, not-removed, closed',
  ],
  'service-replacement-fails-to-start': [`target operator: ${BEGUN}, ${STOPPED}, replacement-failed, closed`],
  'service-task-stopped-by-somebody': [`target recovered: ${BEGUN}, ${CALLED_OFF}, task-stopped, replacement-verified, closed`],
  'service-operator-wants-back': [
    `target operator: ${BEGUN}, restore-asked, ${CALLED_OFF}, restore-announced, closed`,
    'hold operator: opened, held, closed',
  ],
  'service-operator-gives-up': [`target operator: ${BEGUN}, given-up, scheduled-stop-cancelled, closed`],
  'service-group-deleted': [`target vanished: ${BEGUN}, scheduled-stop-cancelled, closed`, 'missing operator: opened, closed'],
  'service-stack-deleted': [`target out: ${BEGUN}, ${CALLED_OFF}, restore-announced`],
  'service-controller-lost': [`target out: ${BEGUN}`],
};

/** The same word twice in a row counts once: how often it waits is not the point. */
function once(words: readonly string[]): string {
  return words.filter((word, index) => word !== words[index - 1]).join(', ');
}

describe('a plan with a service, without faults', () => {
  it.each(SERVICE_PLANS.map((plan) => [plan.name, plan] as const))('%s', async (name, plan) => {
    const { stage, violations } = await runChaos(plan, { faultAt: () => undefined }, { seed: 1 });
    expect(violations).toEqual([]);
    const cases = [...stage.records.closed(), ...stage.records.open()];
    expect(
      cases.map(({ about, because, state, events }) => `${about} ${because ?? state}: ${once(events.map(({ kind }) => kind))}`),
    ).toEqual(TOLD[name]);
  });
});

describe('a plan with a service, and one call that goes wrong', () => {
  it('nothing is violated by a crash before or after a call, nor by an old or an empty answer', async () => {
    const report = await crashRuns(CRASH_STEP, undefined, 0, SERVICE_PLANS);
    expect(report.violations).toEqual([]);
    expect(report.removals).toBeGreaterThan(report.runs / 2);
  });

  it('a crash point is played again by its name', async () => {
    const [plan] = SERVICE_PLANS;
    const [point] = plan === undefined ? [] : await crashPoints(plan);
    expect(await crashRunNamed(point?.name ?? '')).toMatchObject({ runs: 1, crashPoints: 1, violations: [] });
    await expect(crashRunNamed('service-replaced:crash-before:0')).rejects.toThrow('crash point: got "service-replaced:crash-before:0"');
  });
});

it.each(BLOCKED.slice(BLOCKED.indexOf('service-differs'), BLOCKED.indexOf('replacement-repeats') + 1))(
  'the guardrail %s is taken away by a mutation, or has a scenario of its own',
  (reason) => expect([...MUTATIONS, ...UNCOVERED].map(({ guardrail }) => guardrail)).toContain(reason),
);
