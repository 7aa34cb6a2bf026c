/** The removals on record of a scenario's case. */
import type { Case, Ejection, Target } from '../../../core/model';
import { ejection } from '../ejections';
import { NOW } from '../now';
import { holderOf, isAddresses } from './group';
import type { Read } from './keys';

export function describedEjections(read: Read, subject: Target, state: Case['state']): Ejection[] {
  return [...itsEjections(read, subject, state), ...spared(read, subject)];
}

/**
 * A removal that was announced a minute before it was given up: as not made, or, `called off`,
 * before anything was asked for.
 */
function spared(read: Read, subject: Target): Ejection[] {
  const [ago = '', calledOff] = read('spared seconds ago', '').split(', ');
  if (ago === '') return [];
  const abandonedAt = NOW - Number(ago) * 1000;
  const cancelled = calledOff === 'called off' ? { wayBackCancelledAt: abandonedAt } : {};
  return [{ ...ejection(subject, abandonedAt - 60_000, abandonedAt + 840_000), abandonedAt, ...cancelled }];
}

function itsEjections(read: Read, subject: Target, state: Case['state']): Ejection[] {
  if (state === 'suspected' && read('confirmed', 'yes') === 'yes' && read('ejection before', 'no') === 'no') return [];
  const leaseEndsAt = NOW + Number(read('lease left', '600')) * 1000;
  const since = read('out since minutes', '');
  const base = {
    ...ejection(subject, since === '' ? leaseEndsAt - 900_000 : NOW - Number(since) * 60_000, leaseEndsAt),
    ...byOwner(read),
    ...ofAddress(read, subject),
  };
  const ago = (key: 'announced seconds ago' | 'confirmed seconds ago', otherwise: number) =>
    NOW - 1000 * Number(read(key, String(otherwise)));
  if (read('confirmed', 'yes') === 'no') return [{ ...base, intentAt: ago('announced seconds ago', 60) }];
  const confirmed = { ...base, confirmedAt: ago('confirmed seconds ago', (NOW - base.intentAt) / 1000 - 1) };
  if (state === 'watching' || state === 'suspected')
    return [{ ...confirmed, restoredAt: NOW - Number(read('restored seconds ago', '200')) * 1000 }];
  const asker = read('restore asked by', '');
  return [
    {
      ...confirmed,
      ...(read('restore announced', 'no') === 'yes' || asker !== '' ? { restoreIntentAt: NOW - 60_000 } : {}),
      ...(asker === '' ? {} : { restoreAskedBy: asker }),
      ...givenUp(read),
    },
  ];
}

/** Of an address: who had it, and how long it cannot be registered again. */
function ofAddress(read: Read, subject: Target): Partial<Ejection> {
  if (!isAddresses(read)) return {};
  const ref = holderOf(subject, read('holder of the case', 'host'));
  return { drainMs: 1000 * Number(read('drains for', '300')), ...(ref.kind === 'instance' ? { targetRef: ref } : {}) };
}

/** An ejection is what the observed owner is taken out by. */
export function byOwner(read: Read): Partial<Ejection> {
  return read('ejected by', read('observed owner', 'static')) === 'asg' ? { owner: 'asg', autoScalingGroup: 'web' } : {};
}

/** By Ann, a minute ago; its scheduled restore cancelled so many seconds ago, or not yet. */
function givenUp(read: Read): Partial<Ejection> {
  const cancelled = read('given up', 'no');
  if (cancelled === 'no') return {};
  const by = { givenUpAt: NOW - 60_000, givenUpBy: 'Ann: kept for forensics' };
  return cancelled === 'now' ? by : { ...by, wayBackCancelledAt: NOW - Number(cancelled) * 1000 };
}
