/** What a scene about a stop must end with. */
import type { Stop } from '../../core/model';
import { DEVELOPER_ARN, OPERATOR_ARN } from './config';
import type { Mark, StopPlayed } from './stop-played';
import type { Stage } from './stage';
import type { Expectation } from './expectation';

/** The moments of the story, in seconds since the report began. */
export function timesOf({ marks }: StopPlayed): string[] {
  const onset = marks[0]?.at ?? NaN;
  return marks.map(({ what, at }: Mark) => `${((at - onset) / 1000).toFixed(1).padStart(7)} s  ${what}`);
}

/** In every scene with a stop. */
function always({ cloud, sick }: Stage, { crontab, shopPid, stops }: StopPlayed): Expectation[] {
  const { calls, world } = cloud;
  const sent = calls.filter(({ action, error }) => action === 'ssm:SendCommand' && error === undefined);
  const stopping = sent.filter(({ resource }) => /document\/.*-Stopping-Stop-/.test(resource));
  const signals = calls.filter(({ action, error }) => action === 'ssm:SendAutomationSignal' && error === undefined);
  return [
    { name: 'the shop was not touched', ok: shopPid.before === shopPid.after && shopPid.before !== '' },
    { name: 'only the operator approved anything', ok: signals.length > 0 && signals.every(({ role }) => role === OPERATOR_ARN) },
    {
      name: 'only the runbook’s role ran the document that stops, on the slow host alone, once for each approval',
      ok:
        stopping.length === signals.length &&
        stopping.every(
          ({ role, moreResources = [] }) => role.includes('RunbookRole') && moreResources.every((arn) => arn.endsWith(sick.instanceId)),
        ),
    },
    {
      name: 'the undo was scheduled before each',
      ok: stopping.every((call, index) => {
        const made = calls.filter(({ action, role }) => action === 'scheduler:CreateSchedule' && role.includes('RunbookRole'));
        return made[index] !== undefined && calls.indexOf(made[index]) < calls.indexOf(call);
      }),
    },
    {
      name: 'each proposal came after the removal, or capacity forbade that',
      ok: stops.every(({ proposedAt, inService }) => inService === true || removedAt(cloud.calls) < proposedAt),
    },
    { name: 'people were told of each proposal', ok: stops.every((stop) => isTold(world, stop)) },
    { name: 'there was a line to hold', ok: crontab.before.includes('generate_monthly_report') },
  ];
}

function removedAt(calls: Stage['cloud']['calls']): number {
  return calls.find(({ action }) => action === 'elasticloadbalancing:DeregisterTargets')?.at ?? Infinity;
}

function isTold(world: Stage['cloud']['world'], { plan }: Stop): boolean {
  return world.sns.published.some(({ message }) => message.includes(`--approve ${plan.digest}`));
}

/** Without our prefix. */
function given(table: string): string {
  return table.replaceAll(/^#sickbay:\S+ /gm, '');
}

const HELD = /^#sickbay:\S+ \* \* \* \* \* .*generate_monthly_report/m;

export function stoppedExpectations(stage: Stage, played: StopPlayed): Expectation[] {
  const [stop] = played.stops;
  const { answers, crontab, ran } = played;
  const undos = undosOf(stage);
  return [
    ...always(stage, played),
    {
      name: 'one stop was proposed, approved by the operator, and verified',
      ok: stop?.state === 'holding' && stop.approvedBy === OPERATOR_ARN,
    },
    { name: 'the report ran until it was approved, and not after', ok: ran.before && !ran.after },
    {
      name: 'its line is held and every other byte of the crontab is as it was',
      ok: HELD.test(crontab.stopped ?? '') && given(crontab.stopped ?? '') === crontab.before && crontab.after === crontab.stopped,
    },
    { name: 'the undo is scheduled', ok: undos.length === 1 && undos[0] === stop?.undoSchedule },
    { name: 'the command showed the dry run', ok: answers['shown']?.status === 0 && answers['shown'].stdout.includes('Dry run') },
    {
      name: 'another digest was refused, naming both',
      ok:
        answers['wrong']?.status === 2 &&
        [stop?.plan.digest ?? '-', 'f'.repeat(64)].every((digest) => answers['wrong']?.stderr.includes(digest)),
    },
    {
      name: 'who is no approver was refused, and told so',
      ok: answers['nobody']?.status === 3 && answers['nobody'].stderr.includes('approvers') && refusedSignals(stage) > 0,
    },
    { name: 'the command followed it to its end', ok: answers['approved']?.status === 0 },
  ];
}

function refusedSignals({ cloud }: Stage): number {
  return cloud.calls.filter(
    ({ action, role, error }) => action === 'ssm:SendAutomationSignal' && role === DEVELOPER_ARN && error !== undefined,
  ).length;
}

function undosOf({ cloud }: Stage): string[] {
  return (cloud.world.scheduler.listSchedules({ NamePrefix: 'sickbay-stop-' }).Schedules ?? []).flatMap(({ Name }) => Name ?? []);
}

/** What the host says of a digest that it does not find. */
function isRefusedByHost({ state, because = '' }: Stop): boolean {
  return state === 'refused' && because.includes('not what was approved');
}

export function refusedExpectations(stage: Stage, played: StopPlayed): Expectation[] {
  const { stops, crontab, ran, answers } = played;
  return [
    ...always(stage, played),
    {
      name: 'the host itself refused all three: it found another crontab, another boot, another process',
      ok: stops.length === 3 && stops.every(isRefusedByHost),
    },
    { name: 'each approval was taken', ok: Object.values(answers).every(({ status }) => status === 0) },
    { name: 'each proposal was another one', ok: new Set(stops.map(({ plan }) => plan.digest)).size === 3 },
    { name: 'nothing was signalled: the stranger with its pid lives', ok: ran.before && ran.after },
    { name: 'no line of the crontab was held', ok: !crontab.after.includes('#sickbay:') && !(crontab.stopped ?? '').includes('#sickbay:') },
    { name: 'no undo is left over', ok: undosOf(stage).length === 0 },
  ];
}

export function failedExpectations(stage: Stage, played: StopPlayed): Expectation[] {
  const [stop] = played.stops;
  const { crontab, ran, answers } = played;
  const pages = stage.cloud.world.sns.published.filter(({ topicArn }) => topicArn.includes('Page'));
  return [
    ...always(stage, played),
    { name: 'it was stopped, and its line held', ok: ran.before && !ran.after && HELD.test(crontab.stopped ?? '') },
    {
      name: 'the stop was undone, because it came back by another path',
      ok: stop?.state === 'undone' && /another path/.test(stop.because ?? ''),
    },
    { name: 'the crontab is byte by byte what it was', ok: crontab.after === crontab.before },
    { name: 'a person was paged', ok: pages.some(({ subject = '' }) => /failed/.test(subject)) },
    { name: 'the command says that it failed', ok: answers['approved']?.status === 1 },
    { name: 'the group was blocked until somebody had looked', ok: answers['lookedAt']?.status === 0 && stop?.blocksGroup === undefined },
    { name: 'no undo is left over', ok: undosOf(stage).length === 0 },
  ];
}

export function undoneExpectations(stage: Stage, played: StopPlayed): Expectation[] {
  const [stop] = played.stops;
  const { crontab, ran, answers } = played;
  return [
    ...always(stage, played),
    { name: 'it was stopped, and its line held', ok: ran.before && !ran.after && HELD.test(crontab.stopped ?? '') },
    { name: 'the operator’s undo was taken', ok: answers['undo']?.status === 0 && stop?.state === 'undone' },
    { name: 'who asked is on record, as AWS says it', ok: /assumed-role\/operator/.test(stop?.undoAskedBy ?? '') },
    { name: 'the crontab is byte by byte what it was', ok: crontab.after === crontab.before },
    { name: 'no undo is left over', ok: undosOf(stage).length === 0 },
  ];
}
