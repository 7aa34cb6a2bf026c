/**
 * Which hosts to look at, and what comes of it: the sick host beside two or three peers, while its
 * removal is possible and before a restore.
 */
import type { Config } from '../../core/config';
import { cleanSpell, currentEjection, isServing, isTargetCase, verdictOf, zoneOf } from '../../core/case';
import { diagnosed, noted } from '../../core/case-transitions';
import { causeStatus } from '../../core/diagnose/cause-status';
import { diagnose } from '../../core/diagnose/diagnose';
import { hostLoads } from '../../core/diagnose/host-load';
import type { PoolMetricNames } from '../../core/diagnose/pools';
import { targetKey, type Case, type HostCapture, type LbTarget, type Round, type Target, type TargetCase } from '../../core/model';
import { isOutForReplacement, isReplacing } from '../../core/replacement';
import { isRenewalDue } from '../../core/decide/renewal';
import type { GroupSituation } from '../../core/decide/situation';
import type { RespondPorts } from '../ports';
import { withTaskFacts } from '../page/task-facts';
import { withPages } from '../page/with-pages';
import { readService } from '../respond/read-service';
import { documentParameters } from './document';
import { apart, hostOf, strayed, taskPlace, type Place } from './places';

const PEERS = 3;

type InspectedGroup = Pick<GroupSituation, 'group' | 'config' | 'rounds'>;

/**
 * The case with what an inspection says now, when one is due; otherwise as it was. A failed
 * inspection is a diagnosis too ("not inspectable"), and never authorises anything.
 */
export async function inspectCase(ports: RespondPorts, config: Config, group: InspectedGroup, incident: Case): Promise<Case> {
  const round = group.rounds[0];
  if (round === undefined) return incident;
  if (!isTargetCase(incident))
    return incident.about === 'shared' && incident.diagnosis === undefined
      ? diagnoseNow(ports, config, group, round, incident, worstTarget(round))
      : incident;
  if (incident.state !== 'out')
    return wantsDiagnosis(config, incident, round, ports.clock.now())
      ? diagnoseNow(ports, config, group, round, incident, incident.target)
      : incident;
  const now = ports.clock.now();
  const wanted = wantsCauseCheck(config, group, incident, now) || wantsLoads(config, incident, round, now);
  return wanted ? checkCause(ports, config, group, round, incident) : incident;
}

/**
 * As long as the target is convicted and in service: what its removal rests on must not be old when
 * nothing else forbids it any more. Of a task that was stopped nothing can be read any more, and
 * what was found before stays.
 */
function wantsDiagnosis(config: Config, incident: TargetCase, round: Round, now: number): boolean {
  if (isReplacing(incident) && !isOutForReplacement(incident)) return false;
  if (verdictOf(round, incident.target)?.verdict !== 'convicted') return false;
  return incident.inspectedAt === undefined || now - incident.inspectedAt >= readingKeptMs(config);
}

/**
 * Before its lease is renewed: whether the others carry the load is asked again, of those who carry
 * it now.
 */
function wantsLoads(config: Config, incident: TargetCase, round: Round, now: number): boolean {
  const ejection = currentEjection(incident);
  if (ejection === undefined || !isRenewalDue(ejection, now)) return false;
  const verdict = verdictOf(round, incident.target)?.verdict;
  if (verdict !== 'convicted' && verdict !== 'suspect' && incident.causeStatus !== 'present') return false;
  return (incident.loads ?? []).every(({ capturedAt }) => now - capturedAt >= readingKeptMs(config));
}

/**
 * Half the time that a reading counts for: what is kept in this run still counts in its last look,
 * after others have been inspected.
 */
function readingKeptMs({ durations }: Config): number {
  return (durations.staleS * 1000) / 2;
}

/**
 * Before a restore: once the clean spell is long enough, and again when what was found then can no
 * longer be acted on.
 */
function wantsCauseCheck(config: Config, group: InspectedGroup, incident: TargetCase, now: number): boolean {
  const spell = cleanSpell(group.rounds, incident.target, config.durations.minRoundGapS * 1000);
  if (spell.rounds < config.limits.cleanRounds || spell.sinceAt === undefined) return false;
  if (now - spell.sinceAt < config.durations.dwellS * 1000) return false;
  const { causeCheckedAt } = incident;
  return causeCheckedAt === undefined || causeCheckedAt < spell.sinceAt || now - causeCheckedAt >= checkKeptMs(config, incident);
}

/** Checks within one lease: often enough to renew it on what they find. */
const CHECKS_A_LEASE = 4;

/**
 * How long a check of the cause holds. Nothing comes back while the cause is present, so that there
 * is no hurry: one dwell, the time that a restore takes anyway. A cause that was gone or unknown
 * lets the target back in the same run; where that did not happen, it has to be as fresh as every
 * other evidence.
 */
function checkKeptMs({ durations }: Config, incident: TargetCase): number {
  const presentS = Math.min(durations.dwellS, durations.leaseS / CHECKS_A_LEASE);
  return (incident.causeStatus === 'present' ? presentS : durations.staleS) * 1000;
}

async function diagnoseNow(
  ports: RespondPorts,
  config: Config,
  group: InspectedGroup,
  round: Round,
  incident: Case,
  target: Target | undefined,
): Promise<Case> {
  if (target === undefined) return incident;
  const { sick, peers } = await capture(ports, config, group, round, target);
  const poolMetrics = poolOf(group);
  const diagnosis = diagnose({ sick, peers, now: ports.clock.now(), ...(poolMetrics === undefined ? {} : { poolMetrics }) });
  return { ...diagnosed(incident, diagnosis, ports.clock.now()), loads: hostLoads([sick, ...peers], poolMetrics) };
}

async function checkCause(ports: RespondPorts, config: Config, group: InspectedGroup, round: Round, incident: TargetCase): Promise<Case> {
  const { sick, peers } = await capture(ports, config, group, round, incident.target);
  const looked = { ...incident, loads: hostLoads([sick, ...peers], poolOf(group)) };
  const finding = incident.diagnosis?.findings[0];
  if (finding === undefined) return looked;
  const status = causeStatus(finding, sick, peers, poolOf(group));
  const now = ports.clock.now();
  const checked = { ...looked, causeStatus: status, causeCheckedAt: now };
  // Told when it is news: a cause that stays for hours is one event, not hundreds.
  return status === incident.causeStatus
    ? checked
    : noted(checked, { at: now, kind: 'cause-checked', says: `${finding.cause} is ${status}` });
}

async function capture(
  ports: RespondPorts,
  config: Config,
  group: InspectedGroup,
  round: Round,
  target: Target,
): Promise<{ sick: HostCapture; peers: HostCapture[] }> {
  const service = await readService(ports, group.group.arn, group.config, []);
  const placeOf = (one: Target): Place => (service === undefined ? hostOf(round, one) : taskPlace(service, round, one));
  const targets = [target, ...apart(peersOf(round, target), placeOf(target), placeOf).slice(0, PEERS)];
  const asked = targets.map((one) => ({ target: one, place: placeOf(one) }));
  const captures = await (service === undefined ? ofHosts : ofTasks)(ports, group, asked, config.durations.inspectionWaitS * 1000);
  const told = captures.map((seen, index) => {
    const of = targets[index];
    return service === undefined || of === undefined ? seen : withTaskFacts(service, group.group.arn, of, seen);
  });
  const [sick, ...peers] = await withPages(ports, group, round, targets, told);
  if (sick === undefined) throw new Error(`nobody was asked about ${target.id}`);
  return { sick, peers };
}

interface Asked {
  readonly target: Target;
  readonly place: Place;
}

/** One command for all hosts, which look for the port of the first target. */
async function ofHosts(ports: RespondPorts, group: InspectedGroup, asked: readonly Asked[], waitMs: number): Promise<HostCapture[]> {
  const hosts = asked.flatMap(({ place }) => ('instanceId' in place ? [place.instanceId] : []));
  const [first] = asked;
  const captures =
    first === undefined || hosts.length === 0
      ? []
      : await ports.hosts.inspect(hosts, documentParameters(group.group, group.config, first.target, poolOf(group)), waitMs);
  return asked.map(({ target: { id }, place }) => {
    if ('why' in place) return nothing(ports, id, place.why);
    const found = captures.find(({ host }) => host === place.instanceId);
    return found === undefined ? nothing(ports, id, 'no answer') : { ...found, host: id };
  });
}

/** One command for each task: each has its own id and port, and several may be on one host. */
async function ofTasks(ports: RespondPorts, group: InspectedGroup, asked: readonly Asked[], waitMs: number): Promise<HostCapture[]> {
  const looks = asked.flatMap(({ target, place }) => {
    if ('why' in place) return [];
    const parameters = documentParameters(group.group, group.config, target, poolOf(group), place.taskId);
    return [{ target, instanceId: place.instanceId, parameters }];
  });
  const captures = looks.length === 0 ? [] : await ports.taskHosts.inspect(looks, waitMs);
  return asked.map(({ target, place }) => {
    if ('why' in place) return nothing(ports, target.id, place.why);
    const found = captures[looks.findIndex((look) => look.target === target)];
    const why = found === undefined ? 'no answer' : strayed(found);
    return found === undefined || why !== undefined ? nothing(ports, target.id, why ?? '') : { ...found, host: target.id };
  });
}

function nothing({ clock }: RespondPorts, host: string, why: string): HostCapture {
  return { host, notInspectable: why, capturedAt: clock.now() };
}

/**
 * Peers that are not convicted. Those that serve come first, since the load of others says nothing;
 * then those that are clean, of the same instance type, of the same zone.
 */
function peersOf(round: Round, target: Target): Target[] {
  const { instances, verdicts } = round;
  const verdictNamed = new Map(verdicts.map((verdict) => [verdict.key, verdict.verdict]));
  const others = round.lbView.filter((entry) => {
    const verdict = verdictNamed.get(targetKey(entry.target));
    return entry.target.id !== target.id && verdict !== undefined && verdict !== 'convicted';
  });
  const type = (candidate: Target) => instances?.[candidate.id]?.type;
  const rank = (entry: LbTarget): number[] => [
    Number(isServing(entry)),
    Number(verdictNamed.get(targetKey(entry.target)) === 'clean'),
    Number(type(entry.target) === type(target)),
    Number(zoneOf(instances, entry.target) === zoneOf(instances, target)),
  ];
  const before = (a: LbTarget, b: LbTarget): number =>
    rank(b)
      .map((value, index) => value - (rank(a)[index] ?? 0))
      .find((difference) => difference !== 0) ?? a.target.id.localeCompare(b.target.id);
  const ranked = others.sort(before).map((entry) => entry.target);
  return ranked.filter(({ id }, index) => ranked.findIndex((other) => other.id === id) === index);
}

/** Where a shared cause shows best: the slowest target that is registered. */
function worstTarget(round: Round): Target | undefined {
  const slowest = [...round.verdicts].sort((a, b) => (b.medianMs ?? 0) - (a.medianMs ?? 0)).map((verdict) => verdict.key);
  return slowest.flatMap((key) => round.lbView.find((entry) => targetKey(entry.target) === key)?.target ?? [])[0];
}

/** The operator's own names of the pool's metrics. */
function poolOf({ config }: InspectedGroup): PoolMetricNames | undefined {
  const pool = config.inspection?.pool;
  if (pool === undefined) return undefined;
  const { active, max, waiting } = pool;
  return { active, max, ...(waiting === undefined ? {} : { waiting }) };
}
