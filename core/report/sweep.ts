/**
 * One sweep for people: each target as the load balancer sees it and as it was measured, what could
 * not be reached and why, and what the judge makes of so many rounds.
 */
import { statusText } from '../grpc';
import { targetKey, type ProbeReport, type Round, type Sample, type SampleError } from '../model';
import { clientLine, roundTable } from './round';
import { duration, named, section, utc } from './text';

/** What a target did that gave no answer to any probe, or to some. */
export interface Unreached {
  readonly groupArn: string;
  readonly target: string;
  readonly address?: string;
  readonly failed: number;
  readonly of: number;
  /** Closed list: what a script may tell apart. */
  readonly kind: UnreachedKind;
  readonly why: string;
}

export type UnreachedKind = 'no-address' | 'not-probed' | 'no-reply' | 'refused' | 'closed' | 'tls' | 'no-answer' | 'status' | 'not-http';

const WORDS: Readonly<Record<UnreachedKind, (error: SampleError, timeoutMs: number) => string>> = {
  'no-address': () => 'EC2 knows no address of it',
  'not-probed': () => 'it was not probed',
  'no-reply': (_, timeoutMs) =>
    `no reply to the connection within ${duration(timeoutMs)}: a security group or network ACL does not admit where this is probed from, or there is no route`,
  refused: () => 'connection refused: nothing listens on that port, or there is no route to the host',
  closed: () => 'it closed the connection without an answer',
  tls: () => 'the TLS handshake failed',
  'no-answer': (_, timeoutMs) => `it took the connection and gave no full answer within ${duration(timeoutMs)}`,
  status: ({ status }) =>
    status === 0
      ? 'its call succeeded (gRPC status 0), and its health service does not serve, or the matcher does not accept it'
      : `it answered with ${status === undefined ? 'an unknown status' : statusText(status)}, which the matcher does not accept`,
  'not-http': () => 'what it answered is not the protocol that the probe speaks',
};

function kindOf({ kind, phase }: SampleError): UnreachedKind {
  if (kind === 'timeout') return phase === 'connect' ? 'no-reply' : 'no-answer';
  if (kind === 'reset') return 'closed';
  return kind === 'protocol' ? 'not-http' : kind;
}

/**
 * Targets with at least one probe that failed, by the most frequent failure of each, and targets
 * that were in service and not probed at all.
 */
export function unreached(round: Round, reports: readonly ProbeReport[], timeoutMs: number): Unreached[] {
  const samples = reports.flatMap(({ groups }) =>
    groups.filter(({ groupArn }) => groupArn === round.groupArn).flatMap((group) => group.samples),
  );
  return round.verdicts.flatMap(({ key }) => {
    const mine = samples.filter(({ target }) => targetKey(target) === key);
    const address = round.addresses[key];
    const errors = mine.flatMap((sample: Sample) => ('error' in sample ? [sample.error] : []));
    if (mine.length > 0 && errors.length === 0) return [];
    const error = mostFrequent(errors);
    const kind: UnreachedKind = address === undefined ? 'no-address' : error === undefined ? 'not-probed' : kindOf(error);
    return [
      {
        groupArn: round.groupArn,
        target: key,
        ...(address === undefined ? {} : { address }),
        failed: errors.length,
        of: mine.length,
        kind,
        why: WORDS[kind](error ?? { kind: 'timeout' }, timeoutMs),
      },
    ];
  });
}

function mostFrequent(errors: readonly SampleError[]): SampleError | undefined {
  const name = (error: SampleError) => `${kindOf(error)} ${error.status ?? ''}`;
  const count = (error: SampleError) => errors.filter((other) => name(other) === name(error)).length;
  return [...errors].sort((a, b) => count(b) - count(a))[0];
}

/** Evidence is over time: one round is none (core/judge/vetoes.ts, `one-round`). */
const ENOUGH_ROUNDS = 2;

export interface SweptGroup {
  readonly round: Round;
  /** Rounds of this group so far, this one among them. */
  readonly rounds: number;
  readonly unreached: readonly Unreached[];
}

/** What the judge says, or that so few rounds say nothing yet. */
export function judgement({ round, rounds }: SweptGroup): string {
  if (round.fleet === 'blind')
    return `Nothing is judged: ${round.says.replace(/^.*: nobody is judged: /, '')}. The fault may be where this is measured from.`;
  if (round.verdicts.length === 0) return `Nothing was measured: ${statesText(round)}.`;
  if (rounds >= ENOUGH_ROUNDS) return `After ${rounds} rounds: ${round.says}.`;
  const slow = round.verdicts.filter(({ verdict }) => verdict === 'suspect' || verdict === 'convicted').map(({ key }) => key);
  const seen =
    slow.length === 0
      ? 'Nothing stands out in this round.'
      : `${slow.join(', ')} ${slow.length === 1 ? 'stands' : 'stand'} out in this round.`;
  return `${seen} One round cannot convict: measure on with --watch.`;
}

/** States of the targets that are not in service, and how many are in each. */
function statesText({ lbView }: Round): string {
  if (lbView.length === 0) return 'no target is registered';
  const states = [...new Set(lbView.map(({ state }) => state))];
  return `of ${lbView.length} targets none is in service (${states.map((state) => `${lbView.filter((one) => one.state === state).length} ${state}`).join(', ')})`;
}

export function sweepText({ round, rounds, unreached: lost }: SweptGroup): string[] {
  return [
    `${round.group.name}  ${utc(round.startedAt)}  round ${rounds}`,
    ...(round.clientView === undefined ? [] : [`client's view: ${clientLine(round, round.clientView)}`]),
    ...(round.verdicts.length === 0 ? [] : roundTable(round)),
    ...section(
      'Failed probes',
      lost.map(({ target, address, failed, of, why }) => `${named(target, address)}: ${of === 0 ? '' : `${failed} of ${of}: `}${why}`),
    ),
    ...section('Notes', round.notes),
    '',
    judgement({ round, rounds, unreached: lost }),
  ];
}
