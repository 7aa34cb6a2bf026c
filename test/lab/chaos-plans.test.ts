/**
 * What becomes of each base plan when nothing fails: what the responder asks of the world, in
 * order, and the story of each case.
 */
import { BASE_PLANS } from '../../lab/chaos/base-plans';
import type { Plan } from '../../lab/chaos/happenings';
import { runChaos } from '../../lab/chaos/run';
import type { RespondPorts } from '../../lambda/ports';

interface Story {
  readonly calls: string;
  readonly cases: readonly string[];
}

const TOLD: Readonly<Record<string, Story>> = {
  recovers: {
    calls: 'arm, remove, rearm, restore, disarm, archive, drop',
    cases: [
      'target recovered: opened, diagnosed, removal-announced, removed, cause-checked, lease-renewed, cause-checked, restore-announced, restored, closed',
    ],
  },
  drained: {
    calls: 'arm, remove, rearm, restore, disarm, archive, drop',
    cases: [
      'target recovered: opened, diagnosed, removal-announced, removed, cause-checked, lease-renewed, cause-checked, restore-announced, restored, closed',
    ],
  },
  'stays-sick': {
    calls: 'arm, remove, rearm, restore, disarm, archive, drop',
    cases: [
      'target recovered: opened, diagnosed, removal-announced, removed, cause-checked, lease-renewed, cause-checked, restore-announced, restored, closed',
    ],
  },
  'two-sick': {
    calls: 'arm, remove, rearm, restore, disarm, archive, drop, disarm, archive, drop',
    cases: [
      'target not-acted: opened, diagnosed, not-removed, closed',
      'target recovered: opened, diagnosed, removal-announced, removed, cause-checked, lease-renewed, cause-checked, restore-announced, restored, closed',
    ],
  },
  'all-slow': {
    calls: 'archive, drop',
    cases: ['shared recovered: opened, diagnosed, closed'],
  },
  'operator-registers': {
    calls: 'arm, remove, rearm, disarm, archive, drop, archive, drop',
    cases: [
      'target operator: opened, diagnosed, removal-announced, removed, cause-checked, lease-renewed, closed',
      'target not-acted: opened, diagnosed, closed',
    ],
  },
  'operator-wants-back': {
    calls: 'arm, remove, rearm, restore, disarm, archive, drop, archive, drop',
    cases: [
      'target recovered: opened, diagnosed, removal-announced, removed, cause-checked, lease-renewed, restore-asked, restored, not-removed, closed',
      'hold operator: opened, held, closed',
    ],
  },
  'operator-deregisters': {
    calls: 'arm, remove, rearm, restore, disarm, archive, drop',
    cases: [
      'target recovered: opened, diagnosed, removal-announced, removed, cause-checked, lease-renewed, cause-checked, restore-announced, restored, closed',
    ],
  },
  'asg-recovers': {
    calls: 'arm, remove, rearm, restore, disarm, archive, drop',
    cases: [
      'target recovered: opened, diagnosed, removal-announced, removed, cause-checked, lease-renewed, cause-checked, restore-announced, restored, closed',
    ],
  },
  'asg-stays-sick': {
    calls: 'arm, remove, rearm, restore, disarm, archive, drop',
    cases: [
      'target recovered: opened, diagnosed, removal-announced, removed, cause-checked, lease-renewed, cause-checked, restore-announced, restored, closed',
    ],
  },
  'asg-operator-exits': {
    calls: 'arm, remove, rearm, disarm, archive, drop, archive, drop',
    cases: [
      'target operator: opened, diagnosed, removal-announced, removed, cause-checked, lease-renewed, closed',
      'target not-acted: opened, diagnosed, closed',
    ],
  },
  'asg-operator-exits-two-groups': {
    calls: 'arm, remove, archive, drop, rearm, disarm, archive, drop, archive, drop, archive, drop',
    cases: [
      'target not-acted: opened, diagnosed, not-removed, closed',
      'target operator: opened, diagnosed, removal-announced, removed, cause-checked, lease-renewed, closed',
      'target not-acted: opened, diagnosed, not-removed, closed',
      'target not-acted: opened, diagnosed, not-removed, closed',
    ],
  },
  'group-deleted': {
    calls: 'arm, remove, rearm, disarm, archive, drop, archive, drop',
    cases: [
      'target vanished: opened, diagnosed, removal-announced, removed, cause-checked, lease-renewed, closed',
      'missing operator: opened, closed',
    ],
  },
  'asg-terminated': {
    calls: 'arm, remove, rearm, restore, disarm, archive, drop',
    cases: ['target vanished: opened, diagnosed, removal-announced, removed, cause-checked, lease-renewed, restore-announced, closed'],
  },
};

type Asked = (what: string) => void;

/** The ports, with a word for each call that changes something. */
function heard(ports: RespondPorts, asked: Asked): RespondPorts {
  const { scheduledRestores, registrations, cases } = ports;
  const saying =
    <Arguments extends unknown[], Answer>(what: string, call: (...given: Arguments) => Answer) =>
    (...given: Arguments): Answer => {
      asked(what);
      return call(...given);
    };
  const registration = (owner: 'static' | 'asg'): RespondPorts['registrations']['asg'] => ({
    remove: saying('remove', (arn, removal) => registrations[owner].remove(arn, removal)),
    restore: saying('restore', (arn, removal) => registrations[owner].restore(arn, removal)),
  });
  return {
    ...ports,
    scheduledRestores: {
      ...scheduledRestores,
      create: saying('arm', (...given) => scheduledRestores.create(...given)),
      move: saying('rearm', (...given) => scheduledRestores.move(...given)),
      cancel: saying('disarm', (name) => scheduledRestores.cancel(name)),
    },
    registrations: { static: registration('static'), asg: registration('asg') },
    cases: {
      ...cases,
      archive: saying('archive', (incident) => cases.archive(incident)),
      drop: saying('drop', (incident) => cases.drop(incident)),
    },
  };
}

/** The same word twice in a row counts once: how often a lease is renewed is not the point. */
function once(words: readonly string[]): string {
  return words.filter((word, index) => word !== words[index - 1]).join(', ');
}

async function played(plan: Plan): Promise<Story> {
  const asked: string[] = [];
  const alter = (ports: RespondPorts, config: Parameters<NonNullable<Parameters<typeof runChaos>[1]['alter']>>[1]) => ({
    ports: heard(ports, (what) => void asked.push(what)),
    config,
  });
  const { stage, violations } = await runChaos(plan, { faultAt: () => undefined, alter }, { seed: 1 });
  expect(violations).toEqual([]);
  const cases = stage.records
    .closed()
    .map((incident) => `${incident.about} ${incident.because}: ${once(incident.events.map((event) => event.kind))}`);
  return { calls: once(asked), cases };
}

describe('a plan without faults', () => {
  it.each(Object.entries(TOLD))('%s', async (name, story) => {
    const plan = BASE_PLANS.find((one) => one.name === name);
    expect(plan === undefined ? undefined : await played(plan)).toEqual(story);
  });
});
