import { isTargetCase } from '../../../core/case';
import { diagnosed } from '../../../core/case-transitions';
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Case, HostCapture } from '../../../core/model';
import type { RespondPorts } from '../../../lambda/ports';
import { inspectCase } from '../../../lambda/inspect/inspect-cases';
import { captures, sceneInput } from '../../core/diagnose/captures';
import { NOW } from '../../builders/now';
import { situation } from '../../builders/scenario/situation';
import { respondPorts } from '../../builders/ports';

/** Which of the captured hosts stands for each target: the sick one is the target with id i-1. */
const HOSTS: Readonly<Record<string, string>> = { 'i-1': 'app-3', 'i-2': 'app-1', 'i-3': 'app-2', 'i-4': 'app-4' };

const FOUND = diagnose(sceneInput('pool-starvation', 'app-3'));

/**
 * A target that is out and clean for long enough, whose cause was found to be the report; and what
 * its hosts say now.
 */
class Bench {
  now = NOW;
  asked: string[][] = [];
  fails = false;
  scene: string;
  incident: Case;
  private readonly built;

  constructor(scene: string, description: readonly (readonly [string, string])[] = []) {
    this.scene = scene;
    this.built = situation(
      new Map<string, string>([['case', 'out'], ['verdict', 'clean'], ['fleet', 'none'], ['clean rounds', '6'], ...description]),
    );
    const [first] = this.built.openCases;
    if (first === undefined) throw new Error('the situation has no case');
    this.incident = diagnosed(first, FOUND, NOW - 900_000);
  }

  /**
   * One wake-up of the responder, this long after the one before. The rounds go on as they were.
   */
  async wakeUp(afterMs = 0): Promise<void> {
    this.now += afterMs;
    const [group] = this.built.groups;
    if (group === undefined) throw new Error('the situation has no group');
    this.incident = await inspectCase(this.ports(), this.built.config, group, this.incident);
  }

  get checks(): number {
    return this.incident.events.filter(({ kind }) => kind === 'cause-checked').length;
  }

  private ports(): RespondPorts {
    const all = captures(this.scene);
    const inspect = async (ids: readonly string[]): Promise<HostCapture[]> => {
      if (this.fails) throw new Error('AccessDenied');
      this.asked.push([...ids]);
      return ids.map((id) => {
        const capture = all.get(HOSTS[id] ?? '');
        return capture === undefined
          ? { host: id, notInspectable: 'no answer', capturedAt: this.now }
          : { ...capture, host: id, capturedAt: this.now };
      });
    };
    return respondPorts({ clock: { now: () => this.now, sleep: async () => undefined }, hosts: { inspect } });
  }
}

const MINUTE = 60_000;

describe('looking again before a restore', () => {
  test('nobody is asked before the clean spell is long enough', async () => {
    const bench = new Bench('healthy', [['clean rounds', '1']]);
    await bench.wakeUp();
    expect(bench.asked).toEqual([]);
  });

  test('a cause that is gone is told, and the check is fresh when the restore is decided', async () => {
    const bench = new Bench('healthy');
    await bench.wakeUp();
    expect(bench.incident).toMatchObject({ causeStatus: 'gone', causeCheckedAt: NOW });
    expect(bench.asked).toHaveLength(1);
  });

  test('a cause that stays for hours is looked for every three minutes, and told once', async () => {
    const bench = new Bench('pool-starvation', [['lease left', '7200']]);
    for (let minute = 0; minute <= 60; minute += 1) await bench.wakeUp(minute === 0 ? 0 : MINUTE);
    expect(bench.incident.causeStatus).toBe('present');
    expect(bench.asked.length).toBe(21);
    expect(bench.checks).toBe(1);
  });

  test('a cause that is there holds until it is looked for again, and its end is seen then', async () => {
    const bench = new Bench('pool-starvation');
    await bench.wakeUp();
    bench.scene = 'healthy';
    await bench.wakeUp(MINUTE);
    expect(bench.incident.causeStatus).toBe('present');
    await bench.wakeUp(2 * MINUTE);
    expect(bench.incident).toMatchObject({ causeStatus: 'gone', causeCheckedAt: bench.now });
    expect(bench.checks).toBe(2);
  });

  test('a restore that did not happen is not made on an old check', async () => {
    const bench = new Bench('healthy');
    await bench.wakeUp();
    await bench.wakeUp(MINUTE);
    expect(bench.asked).toHaveLength(1);
    bench.scene = 'pool-starvation';
    await bench.wakeUp(MINUTE);
    expect(bench.incident.causeStatus).toBe('present');
  });

  test('a check of an earlier clean spell says nothing about this one', async () => {
    const bench = new Bench('healthy');
    if (!isTargetCase(bench.incident)) throw new Error('the case is about a target');
    bench.incident = { ...bench.incident, causeStatus: 'present', causeCheckedAt: NOW - 3_600_000 };
    await bench.wakeUp();
    expect(bench.incident.causeStatus).toBe('gone');
  });

  test('a lease can be renewed on what a check finds: it is looked at several times in each', async () => {
    const bench = new Bench('pool-starvation');
    const leaseMs = 900_000;
    for (let at = 0; at < leaseMs; at += MINUTE) await bench.wakeUp(MINUTE);
    expect(bench.asked.length).toBeGreaterThanOrEqual(4);
  });
});

describe('looking again before a lease is renewed', () => {
  const SICK = [
    ['verdict', 'convicted'],
    ['clean rounds', '0'],
  ] as const;

  test('the load of the others is read when the renewal is due, and the finding stays what it was', async () => {
    const bench = new Bench('healthy', [...SICK, ['lease left', '450'], ['inspected', '60']]);
    const { diagnosis } = bench.incident;
    await bench.wakeUp();
    expect(bench.asked).toHaveLength(1);
    expect(bench.incident.loads?.map(({ host, capturedAt }) => [host, capturedAt])).toContainEqual(['i-2', NOW]);
    expect(bench.incident.diagnosis).toEqual(diagnosis);
  });

  test('nobody is asked in the first half of the lease, nor for a target that is well', async () => {
    const early = new Bench('healthy', [...SICK, ['lease left', '451'], ['inspected', '60']]);
    const well = new Bench('healthy', [
      ['lease left', '300'],
      ['inspected', '60'],
      ['clean rounds', '1'],
    ]);
    await early.wakeUp();
    await well.wakeUp();
    expect([early.asked, well.asked]).toEqual([[], []]);
  });
});

const CONVICTED = [
  ['case', 'suspected'],
  ['verdict', 'convicted'],
  ['clean rounds', '0'],
] as const;

describe('looking again while a removal waits', () => {
  test('what was read on the hosts is read again before it is too old to act on', async () => {
    const bench = new Bench('pool-starvation', CONVICTED);
    const ages: number[] = [];
    for (let minute = 0; minute < 10; minute += 1) {
      await bench.wakeUp(MINUTE);
      ages.push(...(bench.incident.loads ?? []).map(({ capturedAt }) => bench.now - capturedAt));
    }
    expect(bench.incident.loads).toHaveLength(4);
    expect(Math.max(...ages)).toBeLessThan(120_000);
  });

  test('one wake-up right after another asks nobody', async () => {
    const bench = new Bench('pool-starvation', CONVICTED);
    await bench.wakeUp();
    await bench.wakeUp(30_000);
    expect(bench.asked).toHaveLength(1);
  });

  test('an inspection that fails leaves what was read before as old as it is, and is tried again', async () => {
    const bench = new Bench('pool-starvation', CONVICTED);
    await bench.wakeUp();
    const { loads } = bench.incident;
    bench.fails = true;
    await expect(bench.wakeUp(10 * MINUTE)).rejects.toThrow('AccessDenied');
    expect(bench.incident.loads).toEqual(loads);
    bench.fails = false;
    await bench.wakeUp(MINUTE);
    expect(bench.incident.loads?.map(({ capturedAt }) => capturedAt)).toEqual(Array.from({ length: 4 }, () => bench.now));
  });

  test('what is found again and again is one event', async () => {
    const bench = new Bench('pool-starvation', CONVICTED);
    for (let minute = 0; minute < 20; minute += 1) await bench.wakeUp(MINUTE);
    expect(bench.asked.length).toBeGreaterThan(8);
    expect(bench.incident.events.filter(({ kind }) => kind === 'diagnosed')).toHaveLength(1);
  });
});

test('what was found on a task stays when its replacement has stopped it', async () => {
  const replaced = (stopped: readonly (readonly [string, string])[]) =>
    new Bench('pool-starvation', [...CONVICTED, ['deregistered seconds ago', '400'], ...stopped]);
  const [running, gone] = [replaced([]), replaced([['stopped seconds ago', '60']])];
  await running.wakeUp();
  await gone.wakeUp();
  expect(running.asked).not.toEqual([]);
  expect(gone.asked).toEqual([]);
  expect(gone.incident.diagnosis?.findings[0]?.cause).toBe('pool-starvation');
});

describe('whom to ask', () => {
  test('the sick host comes first, beside three peers that are well', async () => {
    const bench = new Bench('healthy');
    await bench.wakeUp();
    expect(bench.asked).toEqual([['i-1', 'i-2', 'i-3', 'i-4']]);
  });

  test('of addresses the instances that have them, and what they said is known by the address', async () => {
    const bench = new Bench('pool-starvation', [['target type', 'ip'], ...CONVICTED]);
    const ofInstances = new Bench('pool-starvation', CONVICTED);
    await bench.wakeUp();
    await ofInstances.wakeUp();
    expect(bench.asked).toEqual([['i-1', 'i-2', 'i-3', 'i-4']]);
    expect(bench.incident.diagnosis?.findings).toEqual(ofInstances.incident.diagnosis?.findings);
    expect(bench.incident.loads?.map(({ host }) => host)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4']);
  });

  test.each([
    ['pod', 'a pod: Run Command reaches its node, and not the pod'],
    ['task', 'an ECS task: only those of a declared service are looked into'],
    ['unknown', 'as the scenario says'],
  ])('not whoever is near an address that is that of: %s', async (holder, why) => {
    const bench = new Bench('pool-starvation', [['target type', 'ip'], ['holder in the round', holder], ...CONVICTED]);
    await bench.wakeUp();
    expect(bench.asked).toEqual([['i-2', 'i-3', 'i-4']]);
    expect(bench.incident.diagnosis).toMatchObject({ findings: [{ cause: 'unknown' }] });
    expect(JSON.stringify(bench.incident.diagnosis)).toContain(why);
  });
});
