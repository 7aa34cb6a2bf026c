import type { VetoName } from '../model';

/**
 * What each veto means to somebody who asks why a target that looks slow was not convicted, and
 * what to look at. docs/judge.md has the exact rules, core/judge/vetoes.ts the code.
 */
export const VETO_MEANING: Readonly<Record<VetoName, string>> = {
  cold: 'It was registered, or refused a connection, so lately that it may still be warming up. It is judged after its grace period (graceS).',
  'never-reached':
    'No probe ever got an answer from it, so that the fault may lie between it and the prober: does its security group admit the prober?',
  'one-round': 'Only one round shows it. A pause for garbage collection or one lost round looks like this; a second such round counts.',
  'no-peers': 'No other target was in service and warm: there was nobody to compare it with.',
  'no-history': 'It has one peer and no past of its own: of two that differ, nobody can say which one is slow.',
  shared: 'The typical target of the group became slower too: a cause that all share, such as a database, is likelier than one sick host.',
  'too-many': 'More of the group look slow than can be sick each by itself: a release, a load or a dependency is likelier.',
  'everybody-alike': 'Its peers had slow or failed samples as well, as many as would explain its own.',
  zone: 'The other targets of its Availability Zone are slow as well: the zone is likelier than the host.',
};
