/**
 * Scenes in which the culprit is stopped, or is not (docs/decisions/0030-stopping-a-culprit.md):
 * the function proposes, the lab's operator approves by the real command line, the deployed runbook
 * stops by the real program on the host.
 */
import { currentEjection } from '../../core/case';
import type { Case, Stop, StopState } from '../../core/model';
import { FAULTS, type FaultName } from '../fleet/faults';
import type { Host } from '../fleet/hosts';
import { REPORT } from '../fleet/image';
import { sickbay, type Ended } from './operator';
import { caseIn, conviction, harm, healthy, showEvents, showRound, toldRemoval, type Played, type Script } from './play';
import { baseline, caseOf, type Stage } from './stage';
import type { Mark, StopPlayed } from './stop-played';

interface Beginning {
  readonly played: Pick<Played, 'onsetAt' | 'convictedRound' | 'toldCase'>;
  readonly marks: Mark[];
  readonly before: string;
  readonly shopBefore: string;
}

/** Out, diagnosed, and told. */
async function untilOut(stage: Stage, fault: FaultName): Promise<Beginning> {
  showRound(stage, 'Before: the ALB health checks, and what was measured', await baseline(stage));
  const [before, shopBefore] = [await crontabOf(stage.sick), await shopOf(stage.sick)];
  const onsetAt = await harm(stage, fault);
  const convictedRound = await conviction(stage, onsetAt);
  const out = await toldRemoval(stage, convictedRound);
  const marks = [
    { what: 'the report begins', at: onsetAt },
    { what: 'convicted', at: convictedRound.endedAt },
    { what: 'out of service', at: currentEjection(out)?.confirmedAt ?? Date.now() },
  ];
  return { played: { onsetAt, convictedRound, toldCase: out }, marks, before, shopBefore };
}

// ---------------------------------------------------------------- stopped, verified, restored

export const stopped: Script = async (stage, fault) => {
  const { phases, cloud, sick } = stage;
  const begun = await untilOut(stage, fault);
  const { caseId, digest, proposal } = await proposed(stage, begun.marks, 1);
  const shown = await asOperator(stage, ['stop', caseId]);
  phases.show(`$ sickbay stop ${caseId}`, shown.stdout.trimEnd().split('\n'));
  const ranBefore = await runs(sick);
  const wrong = await asOperator(stage, ['stop', caseId, '--approve', 'f'.repeat(64)]);
  phases.show('$ sickbay stop … --approve (another digest)', wrong.stderr.trimEnd().split('\n'));
  const nobody = await sickbay(cloud, cloud.developerKey, ['stop', caseId, '--approve', digest]);
  phases.show('$ sickbay stop … --approve (somebody who is no approver)', nobody.stderr.trimEnd().split('\n'));
  const approving = approve(stage, caseId, digest);
  const acted = await stopIn(stage, proposal.id, ['verifying', 'holding'], 'the host to stop it');
  begun.marks.push({ what: 'approved', at: acted.approvedAt ?? NaN }, { what: 'stopped on the host', at: acted.actedAt ?? NaN });
  const [stoppedTable, ranAfter] = [await crontabOf(sick), await runs(sick)];
  phases.show(`The crontab on ${sick.name} now`, stoppedTable.trimEnd().split('\n'));
  await stage.fleet.fireCron(sick);
  phases.phase('the minute of the report comes once more; its line is held');
  const closed = await restoredAndClosed(stage, begun.marks);
  const approved = await approving;
  const held = await stopIn(stage, proposal.id, ['holding'], 'the stop to be verified');
  begun.marks.push({ what: 'verified', at: held.verifiedAt ?? NaN });
  return ended(stage, begun, closed, {
    answers: { shown, wrong, nobody, approved },
    stopped: stoppedTable,
    ran: { before: ranBefore, after: ranAfter || (await runs(sick)) },
  });
};

// ---------------------------------------------------------------- what was approved is not what is
// there

export const refused: Script = async (stage, fault) => {
  const { phases, sick } = stage;
  const begun = await untilOut(stage, fault);
  const answers: Record<string, Ended> = {};
  const ranBefore = await runs(sick);

  const first = await proposed(stage, begun.marks, 1);
  answers['crontab edited'] = await approveAfter(stage, first, 'somebody edits the crontab', () => edit(sick));
  begun.marks.push({ what: 'refused: crontab edited', at: Date.now() });

  const second = await proposed(stage, begun.marks, 2);
  answers['another boot'] = await approveAfter(
    stage,
    second,
    'the host says another boot',
    () => otherBoot(sick, true),
    async () => {
      await otherBoot(sick, false);
      await edit(sick);
    },
  );
  begun.marks.push({ what: 'refused: another boot', at: Date.now() });

  const third = await proposed(stage, begun.marks, 3);
  const table = await crontabOf(sick);
  answers['pid reused'] = await approveAfter(stage, third, 'the report ends, and its pid is given to something else', () =>
    reusePid(sick, third.proposal.plan.process.pid),
  );
  begun.marks.push({ what: 'refused: pid reused', at: Date.now() });
  const stranger = await isSleeping(sick, third.proposal.plan.process.pid);
  phases.phase(`pid ${third.proposal.plan.process.pid} is ${stranger ? 'still the stranger that got it' : 'gone'}`);
  await FAULTS[fault].stop(stage.fleet, sick);
  const closed = await restoredAndClosed(stage, begun.marks);
  return ended(stage, begun, closed, { answers, stopped: table, ran: { before: ranBefore, after: stranger } });
};

/**
 * The function does not run between the change and the host's answer: it would withdraw the
 * proposal, and the host would not be asked. What `back` does is done before the function runs
 * again, or it would propose what is about to change.
 */
async function approveAfter(
  stage: Stage,
  { caseId, digest, proposal }: Proposed,
  what: string,
  change: () => Promise<void>,
  back?: () => Promise<void>,
): Promise<Ended> {
  const { phases, cloud } = stage;
  const stopper = cloud.functionNames.find((name) => name.includes('Stopping'));
  if (stopper === undefined) throw new Error('no function stops anything');
  cloud.functions.disable(stopper);
  await phases.until('the run of the function to end', 200, async () =>
    cloud.functions.isBusy(stopper) ? { seen: 'a run is under way' } : { done: true },
  );
  await change();
  phases.phase(`${what}; the operator approves what the dry run showed before`);
  const answer = await asOperator(stage, ['stop', caseId, '--approve', digest, '--no-wait']);
  await phases.until('the execution to end', 60, async () => {
    const { AutomationExecution: execution } = cloud.world.automation.getAutomationExecution({
      AutomationExecutionId: proposal.executionId,
    });
    const status = execution?.AutomationExecutionStatus ?? '';
    return ['Success', 'Failed', 'TimedOut', 'Cancelled'].includes(status) ? { done: status } : { seen: status };
  });
  await back?.();
  cloud.functions.enable(stopper);
  const { state, because } = await stopIn(stage, proposal.id, ['refused', 'withdrawn'], 'the refusal to be on record');
  phases.phase(`${state}: ${because}`);
  return answer;
}

// ---------------------------------------------------------------- the job comes back by another
// path

export const fails: Script = async (stage, fault) => {
  const { phases, fleet, sick } = stage;
  const begun = await untilOut(stage, fault);
  const { caseId, digest, proposal } = await proposed(stage, begun.marks, 1);
  const ranBefore = await runs(sick);
  const approving = approve(stage, caseId, digest);
  const acted = await stopIn(stage, proposal.id, ['verifying'], 'the host to stop it');
  begun.marks.push({ what: 'approved', at: acted.approvedAt ?? NaN }, { what: 'stopped on the host', at: acted.actedAt ?? NaN });
  const [stoppedTable, ranAfter] = [await crontabOf(sick), await runs(sick)];
  await byAnotherPath(sick);
  phases.phase('somebody’s own script starts the report again');
  begun.marks.push({ what: 'back by another path', at: Date.now() });
  const undone = await stopIn(stage, proposal.id, ['undone'], 'the stop to be undone');
  begun.marks.push({ what: 'undone', at: undone.endedAt ?? NaN });
  const approved = await approving;
  const lookedAt = await asOperator(stage, ['stop', caseId, '--looked-at', '--reason', 'it was a script of mine']);
  phases.show('$ sickbay stop … --looked-at', lookedAt.stdout.trimEnd().split('\n'));
  const after = await crontabOf(sick);
  await FAULTS[fault].stop(fleet, sick);
  const closed = await restoredAndClosed(stage, begun.marks);
  return ended(stage, begun, closed, {
    answers: { approved, lookedAt },
    stopped: stoppedTable,
    ran: { before: ranBefore, after: ranAfter },
    after,
  });
};

// ---------------------------------------------------------------- a person takes it back

export const takenBack: Script = async (stage, fault) => {
  const { phases, fleet, sick } = stage;
  const begun = await untilOut(stage, fault);
  const { caseId, digest, proposal } = await proposed(stage, begun.marks, 1);
  const ranBefore = await runs(sick);
  const approved = await asOperator(stage, ['stop', caseId, '--approve', digest, '--no-wait']);
  const acted = await stopIn(stage, proposal.id, ['verifying'], 'the host to stop it');
  begun.marks.push({ what: 'approved', at: acted.approvedAt ?? NaN }, { what: 'stopped on the host', at: acted.actedAt ?? NaN });
  const [stoppedTable, ranAfter] = [await crontabOf(sick), await runs(sick)];
  const undo = await asOperator(stage, ['undo', caseId, '--reason', 'the report is needed after all']);
  phases.show(`$ sickbay undo ${caseId}`, [...undo.stdout.trimEnd().split('\n'), ...undo.stderr.trimEnd().split('\n')]);
  const undone = await stopIn(stage, proposal.id, ['undone'], 'the stop to be undone');
  begun.marks.push({ what: 'undone', at: undone.endedAt ?? NaN });
  const after = await crontabOf(sick);
  const closed = await restoredAndClosed(stage, begun.marks);
  await FAULTS[fault].stop(fleet, sick);
  return ended(stage, begun, closed, {
    answers: { approved, undo },
    stopped: stoppedTable,
    ran: { before: ranBefore, after: ranAfter },
    after,
  });
};

// ---------------------------------------------------------------- steps

interface Proposed {
  readonly caseId: string;
  readonly digest: string;
  readonly proposal: Stop;
}

/** Waits for the proposal of this number, of which people were told. */
async function proposed({ phases, cloud }: Stage, marks: Mark[], number: number): Promise<Proposed> {
  const proposal = await phases.until(`proposal ${number}`, 120, async () => {
    const all = await cloud.stops();
    const stop = all[number - 1];
    if (stop?.toldAt !== undefined && stop.state === 'proposed') return { done: stop };
    const log = cloud.functionNames.filter((name) => name.includes('Stopping')).flatMap((name) => cloud.functions.logs(name));
    return { seen: `${all.map(({ state, because }) => `${state} ${because ?? ''}`).join(', ')}; ${log.at(-1)?.line ?? 'no log'}` };
  });
  marks.push({ what: `proposed${number === 1 ? '' : ` (${number})`}`, at: proposal.toldAt ?? proposal.proposedAt });
  return { caseId: proposal.caseId, digest: proposal.plan.digest, proposal };
}

function asOperator({ cloud }: Stage, words: readonly string[]): Promise<Ended> {
  return sickbay(cloud, cloud.operatorKey, words);
}

/** Follows the stop to its end, and tells what it says. */
function approve({ phases, cloud }: Stage, caseId: string, digest: string): Promise<Ended> {
  phases.phase('the operator has read the dry run, and approves');
  return sickbay(cloud, cloud.operatorKey, ['stop', caseId, '--approve', digest, '--reason', 'moved to the report server'], (line) =>
    phases.phase(`  sickbay: ${line}`),
  );
}

function stopIn({ phases, cloud }: Stage, id: string, states: readonly StopState[], what: string): Promise<Stop> {
  return phases.until(what, 260, async () => {
    const stop = (await cloud.stops()).find((one) => one.id === id);
    if (stop !== undefined && states.includes(stop.state)) return { done: stop };
    return { seen: `${stop?.state}: ${stop?.because ?? stop?.events.at(-1)?.says ?? 'nothing'}` };
  });
}

async function restoredAndClosed(stage: Stage, marks: Mark[]): Promise<Case> {
  await stage.phases.until('Sickbay to put the target back', 180, () => caseIn(stage, ['watching', 'closed']));
  const restored = await caseOf(stage);
  marks.push({ what: 'back in service', at: restored?.ejections.at(-1)?.restoredAt ?? Date.now() });
  const closed = await stage.phases.until('the watch window to pass', 90, () => caseIn(stage, ['closed']));
  await stage.phases.until('the load balancer to call the target healthy', 30, () => healthy(stage));
  showEvents(stage, closed);
  return closed;
}

async function ended(
  stage: Stage,
  { played, marks, before, shopBefore }: Beginning,
  closed: Case,
  seen: Pick<StopPlayed, 'answers' | 'ran'> & { readonly stopped: string; readonly after?: string },
): Promise<Played> {
  const stops = await stage.cloud.stops();
  stage.phases.show(
    'What happened to the stop',
    stops.flatMap(({ id, events }) => [id, ...events.map(({ at, says }) => `  ${new Date(at).toISOString().slice(11, 19)}  ${says}`)]),
  );
  const stop: StopPlayed = {
    stops,
    crontab: { before, stopped: seen.stopped, after: seen.after ?? (await crontabOf(stage.sick)) },
    ran: seen.ran,
    shopPid: { before: shopBefore, after: await shopOf(stage.sick) },
    answers: seen.answers,
    marks: marks.sort((a, b) => a.at - b.at),
  };
  return { ...played, case: closed, rounds: await stage.cloud.rounds(), stop };
}

// ---------------------------------------------------------------- on the host

function crontabOf(host: Host): Promise<string> {
  return host.sh('cat /var/spool/cron/crontabs/root');
}

function shopOf(host: Host): Promise<string> {
  return host.sh('cat "$SHOP/run/server.pid"');
}

/** Whether a process of the report runs. */
async function runs(host: Host): Promise<boolean> {
  const script = `
for process in /proc/[0-9]*; do
  case "$(tr '\\0' ' ' < "$process/cmdline")" in *"$WORDS"*) echo yes; break ;; esac
done 2>/dev/null || true`;
  return (await host.sh(script, { WORDS: `${REPORT.program} --month` })).includes('yes');
}

/** Another line in the crontab: what was approved names the file by its content. */
async function edit(host: Host): Promise<void> {
  await host.sh('{ crontab -l; echo "# $(date +%s) note to self: ask about the report"; } | crontab -');
}

/** The kernel's id of the boot cannot be changed; what programs read of it can. */
async function otherBoot(host: Host, isOther: boolean): Promise<void> {
  const file = '/proc/sys/kernel/random/boot_id';
  if (isOther) await host.sh(`echo 0f0f0f0f-1111-4222-8333-444455556666 > "$SHOP/run/boot_id"; mount --bind "$SHOP/run/boot_id" ${file}`);
  else await host.sh(`umount ${file}`);
}

/** The kernel gives out the pid after the last one (proc(5), ns_last_pid). */
async function reusePid(host: Host, pid: number): Promise<void> {
  const script = `
kill "$PID"
while [ -d "/proc/$PID" ]; do sleep 0.1; done
tries=0
while [ ! -d "/proc/$PID" ] && [ $tries -lt 50 ]; do
  tries=$((tries + 1))
  echo $((PID - 1)) > /proc/sys/kernel/ns_last_pid
  setsid sleep 1000 >/dev/null 2>&1 &
done
[ -d "/proc/$PID" ]`;
  await host.sh(script, { PID: String(pid) });
}

async function isSleeping(host: Host, pid: number): Promise<boolean> {
  return (await host.sh('tr "\\0" " " < "/proc/$PID/cmdline" || true', { PID: String(pid) })).startsWith('sleep');
}

/** Nothing of cron: a script that somebody left behind. */
async function byAnotherPath(host: Host): Promise<void> {
  await host.sh('setsid "$SHOP/bin/$PROGRAM" --month previous >/dev/null 2>&1 </dev/null &', { PROGRAM: REPORT.program });
}
