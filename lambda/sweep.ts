/**
 * The sweep, every minute and on an alarm: discover, probe, judge, remember the round, and wake the
 * responder when something is due. It changes nothing in the world and holds no state: a run that
 * dies is repeated by the next one. Its findings are the rounds; the wake-up carries none.
 */
import { configOf, type Config } from '../core/config';
import { due } from '../core/due';
import { spokenTo } from '../core/spoken';
import type { Case, ListedGroup, Round, Trigger } from '../core/model';
import { mapLimit } from './map-limit';
import { readable, throwAny } from './failures';
import { clientRequestOf } from './discover/probe-group';
import { beginRounds, worthMeasuring } from './discover/begin';
import { survey } from './discover/survey';
import { nextGroups } from './discover/batch';
import { sweepMetrics } from './metrics/sweep-metrics';
import type { ClientRequest, SweepPorts } from './ports';
import { judgedRound } from './sweep/judged-round';
import { measure, type Measurements, type Subject } from './sweep/measure';

export interface SweepSummary {
  readonly groups: number;
  readonly targets: number;
  readonly due: number;
  readonly skipped: number;
}

/**
 * Surveying stops here, for a round needs up to 25 s of probing and some more for the records
 * within the function's time-out (lib/sweeper.ts, 120 s). The groups left over have waited longest
 * by then, and are the next sweep's first.
 */
const SURVEY_MS = 75_000;

/** Groups that are surveyed, or written, at once. */
const AT_ONCE = 20;

/**
 * The client's view is sampled for so many groups, the most important first: 20 requests each from
 * the sweeper itself, which has a third of a processor.
 */
const CLIENT_GROUPS = 50;

/**
 * One round over every selected target group, or over those of them that an alarm is about. @throws
 * when ELB, the records or the wake-up fail: retries and alarms must see it.
 */
export async function sweep(
  ports: SweepPorts,
  config: Config,
  trigger: Trigger,
  isAbout: (group: ListedGroup) => boolean = () => true,
): Promise<SweepSummary> {
  const startedAt = ports.clock.now();
  const [selected, openCases] = await Promise.all([ports.loadBalancing.groups(config), ports.cases.open()]);
  const groups = selected.filter(isAbout);
  const gapMs = config.durations.minRoundGapS * 1000;
  const failures: unknown[] = [];
  const batch = await nextGroups(ports, await worthMeasuring(ports, trigger, gapMs, groups), openCases);
  const look = (group: ListedGroup) =>
    readable(ports.log, failures, { groupArn: group.arn }, () => surveySubject(ports, config, group, openCases));
  const surveyed = (await mapLimit(AT_ONCE, batch, look, () => ports.clock.now() < startedAt + SURVEY_MS)).flatMap((one) => one ?? []);
  const reach = await reachOf(ports, surveyed);
  const begun = await beginRounds(
    ports,
    trigger,
    gapMs,
    surveyed.map((subject) => subject.survey.group),
  );
  const subjects = surveyed.filter(({ survey: { group } }) => begun.arns.has(group.arn));
  const measured = await measure(ports, config, subjects, reach, begun.startedAt);
  const rounds = subjects.map((subject) => judgedRound(config, subject, measured, trigger));
  await mapLimit(AT_ONCE, rounds, (round) => ports.rounds.append(round));
  const isOut = outOf(subjects);
  sweepMetrics({ now: ports.clock.now(), startedAt, rounds, openCases, isOut }).forEach(ports.metrics);
  const work = due({
    now: ports.clock.now(),
    staleMs: config.durations.staleS * 1000,
    openCases,
    rounds: latestTwo(subjects, rounds),
    missing: missingIn(config, selected),
  });
  if (work.length > 0) await ports.responder.wake();
  const summary = {
    groups: rounds.length,
    targets: rounds.reduce((sum, round) => sum + round.verdicts.length, 0),
    due: work.length,
    skipped: groups.length - subjects.length,
  };
  ports.log('sweep', { trigger, ...summary, verdicts: rounds.map((round) => `${round.group.name}: ${round.fleet}`) });
  throwAny(failures, 'groups could not be read');
  return summary;
}

/** Where clients reach the groups whose client view is sampled. @throws when ELB cannot be read. */
async function reachOf(ports: SweepPorts, surveyed: readonly Subject[]): Promise<Measurements['reach']> {
  const sampled = surveyed.slice(0, CLIENT_GROUPS).map((subject) => subject.survey.group);
  const reached = await ports.loadBalancing.reach(sampled, (group) => clientRequestIn(surveyed, group));
  return new Map(sampled.map(({ arn }) => [arn, reached.get(arn) ?? []]));
}

/** Whether a target of a group is out by a removal of ours. */
function outOf(subjects: readonly Subject[]): (arn: string, key: string) => boolean {
  const out = new Set(subjects.flatMap(({ survey: { group, out: keys } }) => keys.map((key) => `${group.arn} ${key}`)));
  return (arn, key) => out.has(`${arn} ${key}`);
}

/** @throws when the group was not surveyed. */
function clientRequestIn(surveyed: readonly Subject[], group: ListedGroup): ClientRequest {
  const subject = surveyed.find(({ survey: { group: mine } }) => mine.arn === group.arn);
  if (subject === undefined) throw new Error(`target group ${group.arn} was not surveyed`);
  return clientRequestOf(group, subject.config, subject.spoken);
}

/**
 * Groups that are named and not there: the responder asks about each once more before it tells
 * anybody.
 */
function missingIn(config: Config, listed: readonly ListedGroup[]): string[] {
  const there = new Set(listed.map(({ arn }) => arn));
  return config.targetGroups.flatMap(({ arn }) => (arn === undefined || there.has(arn) ? [] : [arn]));
}

async function surveySubject(ports: SweepPorts, config: Config, group: ListedGroup, openCases: readonly Case[]): Promise<Subject> {
  const groupConfig = configOf(config, group);
  if (groupConfig === undefined) throw new Error(`target group ${group.arn} was selected and has no configuration`);
  return { survey: await survey(ports, group, openCases), config: groupConfig, spoken: spokenTo(group, groupConfig.probe) };
}

function latestTwo(subjects: readonly Subject[], rounds: readonly Round[]): Map<string, Round[]> {
  return new Map(
    rounds.map((round, index) => [
      round.groupArn,
      [round, ...(subjects[index]?.survey.before === undefined ? [] : [subjects[index].survey.before])],
    ]),
  );
}
