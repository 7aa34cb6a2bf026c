/** The rounds of a scenario: what our probes and the clients measured, and what the judge said. */
import { targetKey, type FleetVerdict, type PackedPhases, type Round, type Target, type TargetVerdict } from '../../../core/model';
import { GROUP } from '../groups';
import { NOW } from '../now';
import { roundOf, verdict } from '../rounds';
import { describedGroup, holders, isAddresses, instances, lbView } from './group';
import { oneOf, type Read } from './keys';

const VERDICTS = ['clean', 'suspect', 'convicted', 'unjudged'] as const satisfies readonly TargetVerdict['verdict'][];
const FLEET_VERDICTS = ['none', 'suspect', 'convicted', 'shared', 'shared-zone', 'blind'] as const satisfies readonly FleetVerdict[];
const WHY = ['level', 'tail', 'errors'] as const satisfies readonly TargetVerdict['why'][];

/** Rounds from before the evidence, in which nothing was wrong. */
const USUAL_ROUNDS = 3;

/**
 * Newest first, a minute apart: as many clean rounds of the sick target as the scenario says, sick
 * ones before them, and usual ones before those.
 */
export function describedRounds(read: Read, targets: readonly Target[], sick: Target): Round[] {
  const clean = Number(read('clean rounds', '0'));
  const endedAt = NOW - Number(read('round ended', '10')) * 1000;
  const told = Math.max(2, clean + 1, Math.floor(Number(read('evidence spans', '90')) / 60) + 1);
  return Array.from({ length: told + (clean === 0 ? USUAL_ROUNDS : 0) }, (_, index) => {
    const usual = index >= told && clean === 0;
    const made = round(read, targets, sick, endedAt - index * 60_000, index < clean || usual, usual);
    return usual
      ? { ...made, ...clientView(read('client before', '0').replace('all', '1e9'), '0', 20 * targets.length) }
      : { ...made, ...clientsNow(read, targets, index < told / 2) };
  });
}

/**
 * As the scenario says; where it says nothing, clients meet no errors, and of a slow target its
 * share: twenty requests for each target in service.
 */
function clientsNow(read: Read, targets: readonly Target[], lately: boolean): Pick<Round, 'clientView'> {
  const throughout = read('client slow', '');
  const [errors, slow] = [read('client errors', ''), lately ? read('client slow lately', throughout) : throughout];
  if (errors !== '' || slow !== '') return clientView(errors || '0', slow || '0');
  if (read('why', 'level') === 'errors') return {};
  const serving = lbView(read, targets).filter(({ state }) => state === 'healthy').length;
  return clientView('0', read('second sick', '0') === '0' ? '20' : '40', 20 * serving);
}

/** Of so many requests these fail and these are slow; nothing where the scenario says `none`. */
function clientView(errors: string, slow: string, of = 20): Pick<Round, 'clientView'> {
  if (errors === 'none' || slow === 'none') return {};
  const samples = Array.from({ length: of }, (_, index) =>
    index < Number(errors) ? { error: { kind: 'reset' as const } } : { latencyMs: index < Number(errors) + Number(slow) ? 2600 : 100 },
  );
  return { clientView: { groupArn: GROUP, samples } };
}

function round(read: Read, targets: readonly Target[], sick: Target, endedAt: number, clean: boolean, usual: boolean): Round {
  const seconds = Number(read('evidence spans', '90'));
  const said = oneOf(read('verdict', 'convicted'), [...VERDICTS, 'unmeasured']);
  const sickVerdict = verdict(targetKey(sick), {
    verdict: said === 'unmeasured' ? 'unjudged' : said,
    evidenceNats: 19.2,
    bad: { k: 10, n: 10 },
    why: oneOf(read('why', 'level'), WHY),
    cold: read('cold', 'no') === 'yes',
    everReached: read('reached', 'yes') === 'yes',
    evidenceSince: endedAt - seconds * 1000,
    says: '19.2 nats of evidence, 14.6 needed; 71x its peers; 10 of 10 samples bad',
  });
  const wellVerdict = verdict(targetKey(sick), {
    healthNats: Number(read('health nats', '9')),
    cleanRounds: Number(read('rounds well', '5')),
  });
  const second = targets[Number(read('second sick', '0')) - 1];
  const suspected = read('also suspected', '')
    .split(' ')
    .map((index) => targets[Number(index) - 1]);
  const others = targets
    .filter((entry) => entry !== sick)
    .map((entry) => {
      const key = targetKey(entry);
      if (entry === targets[Number(read('new task', '0')) - 1]) return newTaskVerdict(read, key, sickVerdict);
      if (entry === second && !usual) return { ...sickVerdict, key, evidenceNats: 17 };
      if (entry === targets[Number(read('unjudged', '0')) - 1]) return verdict(key, { verdict: 'unjudged' });
      return verdict(key, suspected.includes(entry) ? { verdict: 'suspect', evidenceNats: 7 } : {});
    });
  return roundOf({
    ...(isAddresses(read) ? { targetRefs: holders(read, targets, 'holder in the round') } : {}),
    groupArn: GROUP,
    startedAt: endedAt - 5000,
    endedAt,
    group: describedGroup(read),
    lbView: lbView(read, targets, read('states in rounds', read('registered states', ''))).filter(
      (entry) => read('left meanwhile', 'no') === 'no' || entry.target !== sick,
    ),
    instances: instances(read, targets),
    ...(read('access log', '') === ''
      ? {}
      : { addresses: Object.fromEntries(targets.map((entry, index) => [targetKey(entry), `10.0.0.${index + 1}`])) }),
    samples: {
      ...Object.fromEntries(targets.map((entry) => [targetKey(entry), entry === second ? [] : PEER_MS])),
      ...(usual
        ? {}
        : Object.fromEntries(targets.slice(1, 1 + Number(read('peers slow', '0'))).map((entry) => [targetKey(entry), SICK_MS]))),
      [targetKey(sick)]: clean ? PEER_MS : sickSamples(read),
      ...(second === undefined || clean || read('case', '') === 'out' ? {} : { [targetKey(second)]: sickSamples(read) }),
    },
    ...(clean
      ? {}
      : { phases: { [targetKey(sick)]: phases(read), ...(second === undefined ? {} : { [targetKey(second)]: phases(read) }) } }),
    ...(clean ? {} : secondLook(read, targets, sick)),
    fleet: clean ? 'none' : oneOf(read('fleet', 'convicted'), FLEET_VERDICTS),
    says: 'as the scenario says',
    verdicts: [...(said === 'unmeasured' ? [] : [clean ? wellVerdict : sickVerdict]), ...others],
    record: '',
  });
}

/** Of the task that took the place of the one that was stopped. */
function newTaskVerdict(read: Read, key: string, sick: TargetVerdict): TargetVerdict {
  const is = oneOf(read('new task is', 'clean'), ['clean', 'cold', 'convicted', 'unmeasured']);
  if (is === 'convicted') return { ...sick, key };
  if (is === 'unmeasured') return verdict('none', {});
  return verdict(key, { medianMs: Number(read('new task ms', '40')), ...(is === 'cold' ? { cold: true } : {}) });
}

const PEER_MS = [38, 39, 40, 40, 40, 40, 41, 41, 42, 43];
const SICK_MS = [2440, 2450, 2460, 2470, 2480, 2490, 2500, 2510, 2520, 2530];

function sickSamples(read: Read): (number | string)[] {
  if (read('answers', 'yes') === 'no') return ['timeout'];
  return read('why', 'level') === 'errors' ? SICK_MS.map(() => 'reset') : SICK_MS;
}

/**
 * Where the time goes: into the wait, as from a slow application, or into the connect, as from a
 * slow path.
 */
function phases(read: Read): (PackedPhases | null)[] {
  if (read('phases', 'wait') === 'none') return [];
  if (read('why', 'level') === 'errors') return SICK_MS.map(() => (read('phases', 'wait') === 'connect' ? 'connect' : 'wait'));
  return SICK_MS.map((ms) => (read('phases', 'wait') === 'connect' ? [ms - 40, 0, 39, 1] : [1, 0, ms - 2, 1]));
}

/** From the second subnet: `slow`, `fast`, `failing`, `all slow` with the peers, or `failed`. */
function secondLook(read: Read, targets: readonly Target[], sick: Target): Pick<Round, 'secondLook'> {
  const summary = read('second look', '');
  if (summary === '' || summary === 'none') return {};
  if (summary === 'failed') return { secondLook: { samples: {}, why: 'the prober could not be asked: timed out' } };
  const peers = targets.slice(1, 3).map((entry) => [targetKey(entry), summary === 'all slow' ? SICK_MS : PEER_MS]);
  return {
    secondLook: {
      samples: {
        ...Object.fromEntries(peers),
        [targetKey(sick)]: summary === 'fast' ? PEER_MS : summary === 'failing' ? SICK_MS.map(() => 'reset') : SICK_MS,
      },
    },
  };
}
