/** The cases of a scenario: the one that is decided, and those beside and before it. */
import type { Case, CauseStatus, Diagnosis, HostLoad, LoggedMinute, Target } from '../../../core/model';
import { unreadableCase } from '../../../core/unreadable';
import { breakerCase, groupCase, holdCase, outCase, targetCase } from '../cases';
import { confirmed } from '../ejections';
import { GROUP, INTERNAL } from '../groups';
import { holderOf, isAddresses } from './group';
import { NOW } from '../now';
import { oneOf, type Read } from './keys';
import { byOwner, describedEjections } from './removals';
import { replacementOf } from './service';

const ABOUT = ['target', 'shared', 'blind', 'missing', 'breaker', 'hold'] as const satisfies readonly Case['about'][];
const CAUSE_STATUSES = ['gone', 'present', 'unknown'] as const satisfies readonly CauseStatus[];
const CASE_STATES = ['suspected', 'out', 'watching', 'closed'] as const satisfies readonly Case['state'][];

export function casesOf(read: Read, sick: Target, targets: readonly Target[]): Case[] {
  const about = oneOf(read('about', 'target'), ABOUT);
  if (about === 'shared' || about === 'blind' || about === 'missing') return [groupCase(about)];
  if (about === 'breaker') return [breakerCase(GROUP)];
  if (about !== 'target') throw new Error(`about: got "${about}"; allowed: target, shared, blind, missing, breaker`);
  const second = targets[Number(read('second sick', '0')) - 1];
  return [describedCase(read, sick, targets, 'case-1'), ...(second === undefined ? [] : [describedCase(read, second, targets, 'case-2')])];
}

function describedCase(read: Read, target: Target, targets: readonly Target[], id: string): Case {
  const state = oneOf(read('case', 'suspected'), CASE_STATES);
  const checked = read('cause checked', '');
  return targetCase({
    id,
    target,
    ...(isAddresses(read) ? { targetRef: holderOf(target, read('holder of the case', 'host')) } : {}),
    rev: 1,
    state,
    diagnosis: diagnosis(read, targets),
    loads: loads(read, targets),
    ...(read('short seconds ago', '') === '' ? {} : { shortSinceAt: NOW - 1000 * Number(read('short seconds ago', '')) }),
    ...balancer(read),
    ...accessLog(read),
    ejections: read('declared owner', 'static') === 'ecs' ? [] : describedEjections(read, target, state),
    ...capturedAt(read),
    ...replacementOf(read, target),
    ...(state === 'watching' ? { watchUntilAt: NOW + Number(read('watch left', '300')) * 1000 } : {}),
    ...(checked === ''
      ? {}
      : { causeCheckedAt: NOW - Number(checked) * 1000, causeStatus: oneOf(read('cause', 'unknown'), CAUSE_STATUSES) }),
  });
}

/** When the hosts were inspected, of a task that may be replaced. */
function capturedAt(read: Read): Pick<Case, 'inspectedAt'> {
  const ago = read('captured', '20');
  return read('declared owner', 'static') !== 'ecs' || ago === 'never' ? {} : { inspectedAt: NOW - 1000 * Number(ago) };
}

/**
 * What CloudWatch said `balancer read` seconds ago: `failed/requests` of each minute up to now,
 * `nothing`, or `unread`.
 */
function balancer(read: Read): Pick<Case, 'balancer'> {
  const said = read('balancer', '');
  const readAt = NOW - 1000 * Number(read('balancer read', '20'));
  if (said === '') return {};
  if (said === 'unread') return { balancer: { readAt, minutes: [], unread: 'AccessDenied: no' } };
  const counts = said === 'nothing' ? [] : said.split(' ').map((minute) => minute.split('/').map(Number));
  const p99s = read('p99', '2600').split(' ');
  const minutes = counts.map(([failed = 0, requests = 0], index) => ({
    startsAt: NOW - (counts.length - index) * 60_000,
    requests,
    serverErrors: failed,
    connectionErrors: 0,
    p99Ms: Number(p99s[index] ?? p99s.at(-1)),
  }));
  return { balancer: { readAt, minutes } };
}

/**
 * `slow/requests` to the target in each minute that `balancer` has, `-` where none were delivered;
 * all other requests of the group went to its peers, and were fast.
 */
function accessLog(read: Read): Pick<Case, 'accessLog'> {
  const said = read('access log', '');
  if (said === '') return {};
  const told = balancer(read).balancer?.minutes ?? [];
  const minutes = said.split(' ').flatMap((text, index): LoggedMinute[] => {
    const [slow, requests] = text.split('/').map(Number);
    const minute = told[index];
    if (text === '-' || minute === undefined || slow === undefined || requests === undefined) return [];
    const count = (of: number, late: number) => ({ requests: of, slow: late, failed: 0, aborted: 0 });
    const { startsAt, requests: logged } = minute;
    return [{ startsAt, own: count(requests, slow), peers: count(logged - requests, 0), logged }];
  });
  return { accessLog: { readAt: NOW - 20_000, fromMs: 320, endpoint: '10.0.0.1:8080', minutes } };
}

function diagnosis(read: Read, targets: readonly Target[]): Diagnosis {
  const pools = read('peer pools', '8/20 6/20 7/20')
    .split(' ')
    .filter((text) => text.includes('/'));
  const cpu = read('peer cpu', '').split(' ').filter(Boolean);
  return {
    findings: [{ cause: 'pool-starvation', confidence: 0.9, evidence: ['pool 20/20, 45 waiting'], against: [] }],
    differences: [],
    notInspectable: [],
    pools: pools.map((text, index) => ({
      host: targets[index + 1]?.id ?? `peer-${index}`,
      active: Number(text.split('/')[0]),
      max: Number(text.split('/')[1]),
    })),
    cpu: cpu.map((text, index) => ({ host: targets[index + 1]?.id ?? `peer-${index}`, busyFraction: Number(text) })),
    notes: [],
  };
}

/** One reading of each peer, in their order: a pool, a CPU, or both; `-` is none. */
function loads(read: Read, targets: readonly Target[]): HostLoad[] {
  const pools = read('peer pools', '8/20 6/20 7/20').split(' ');
  const cpu = read('peer cpu', '').split(' ').filter(Boolean);
  return targets.slice(1).flatMap(({ id: host }, index): HostLoad[] => {
    const [active, max] = (pools[index] ?? '').split('/').map(Number);
    const busy = Number(cpu[index] ?? NaN);
    const pool = active === undefined || max === undefined ? {} : { pool: { active, max } };
    const cpuBusy = Number.isNaN(busy) ? {} : { cpuBusy: busy };
    const capturedAt = NOW - 1000 * Number(read('inspected', '20'));
    return Object.keys({ ...pool, ...cpuBusy }).length === 0 ? [] : [{ host, capturedAt, ...pool, ...cpuBusy }];
  });
}

/** The same instance in another target group, on another port. */
export function elsewhere({ id }: Target): [Target, string] {
  return [{ id, port: 9090 }, INTERNAL];
}

/** A case of the same instance in the other target group, which holds it out just now. */
export function outElsewhere(read: Read, sick: Target): Case[] {
  if (read('out elsewhere', 'no') === 'no') return [];
  const [target, groupArn] = elsewhere(sick);
  return [outCase(confirmed(target, NOW - 60_000, NOW + 840_000, byOwner(read)), { groupArn, id: 'case-elsewhere' })];
}

export function laterVersion(read: Read, where: 'open' | 'closed'): Case[] {
  if (read('later version', 'none') !== where) return [];
  return [unreadableCase({ id: 'later', groupArn: GROUP, version: '2', ...(where === 'closed' ? { closedAt: NOW - 3_600_000 } : {}) })];
}

export function breakers(read: Read): Case[] {
  const place = read('breaker', 'none');
  if (place === 'none') return [];
  const groupArn = place === 'stack' ? undefined : place === 'group' ? GROUP : `${GROUP}-other`;
  return [breakerCase(groupArn, { id: 'case-breaker' })];
}

/**
 * `group`, a target by its number, `elsewhere`: the first one in another group, or `over`: one
 * whose time is over.
 */
export function holds(read: Read, targets: readonly Target[]): Case[] {
  const what = read('hold', 'none');
  if (what === 'none') return [];
  const id = 'case-hold';
  if (what === 'elsewhere') return [holdCase({ target: { id: 'i-1', port: 9090 } }, { id, groupArn: INTERNAL })];
  if (what === 'over') return [holdCase({ untilAt: NOW - 1 }, { id })];
  const target = targets[Number(what) - 1];
  return [holdCase(target === undefined ? {} : { target }, { id })];
}

/** A case of an hour ago that ended because an operator put the target back. */
export function contestedBefore(read: Read, key: 'contested' | 'contested elsewhere', target: Target, groupArn: string): Case[] {
  if (read(key, 'no') === 'no') return [];
  return earlier(read, '70', target, groupArn).map((incident) => ({
    ...incident,
    id: 'contested-before',
    because: 'operator',
    decision: {
      action: 'close',
      because: 'operator',
      caseId: incident.id,
      groupArn,
      reason: 're-registered by someone else; Sickbay leaves it alone',
      blocked: ['contested'],
      guardrails: [],
      lookAgainAt: 0,
    },
  }));
}

export function earlier(read: Read, minutes: string, target: Target, groupArn: string): Case[] {
  return minutes
    .split(' ')
    .filter(Boolean)
    .map((text, index) => {
      const at = NOW - Number(text) * 60_000;
      const done = confirmed(target, at, at + 900_000, { ...byOwner(read), restoredAt: at + 600_000 });
      return outCase(done, { id: `closed-${index}`, groupArn, openedAt: at, state: 'closed', closedAt: at + 700_000 });
    });
}
