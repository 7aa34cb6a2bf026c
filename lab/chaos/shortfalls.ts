/**
 * Whether too few serve while targets are out by our hand, asked after every step of the world as
 * it is. Others may fail at any moment; what must not be is that we go on holding a target out
 * although run after run of the responder could have seen it.
 */
import { currentEjection } from '../../core/case';
import { targetKey, type Case } from '../../core/model';
import type { Checker } from './roles';
import type { Out } from './out';
import { floors } from './floors';
import { SLACK_MS } from './read-log';
import { hasRoom } from './standby';

/**
 * One run notices, the next one has it confirmed and restores; the clocks of runs may be apart, and
 * one may still be under way.
 */
const RUNS_TO_MEND = 4;

export class Shortfalls {
  /**
   * For each target that is out while too few serve: the rounds that undisturbed runs of the
   * responder have ended on since.
   */
  private readonly seen = new Map<string, Set<number>>();

  constructor(private readonly checker: Checker) {}

  observe(): void {
    for (const name of this.seen.keys()) if (!this.checker.out.has(name)) this.seen.delete(name);
    for (const [name, out] of this.checker.out) {
      if (!this.isOurs(out) || this.shortWithout(out) === undefined) this.seen.delete(name);
      else if (!this.seen.has(name)) this.seen.set(name, new Set());
    }
  }

  /** A run of the responder is over. */
  ended(): void {
    for (const [name, rounds] of this.seen) {
      const out = this.checker.out.get(name);
      const round = out === undefined ? undefined : this.checker.stage.records.latestRounds(out.groupArn, 1)[0];
      if (out === undefined || round === undefined) continue;
      rounds.add(round.startedAt);
      const mended = rounds.size < RUNS_TO_MEND;
      this.checker.must(mended, 'floor', `${out.key} is held out by ${rounds.size} runs in a row: ${this.shortWithout(out)}`);
    }
  }

  /** What a run could not see, or could not do, is not held against it. */
  disturbed(): void {
    this.seen.clear();
  }

  /**
   * On record, in a group that is still configured, and with room to come back: others come back at
   * the end of their lease.
   */
  private isOurs(out: Out): boolean {
    const { records, deployed } = this.checker.stage;
    const configured = deployed.targetGroups.some(({ arn }) => arn === out.groupArn);
    if (!configured || !this.checker.exists(out) || this.checker.stage.wasStopped(out.host)) return false;
    // ELB does not take its address yet.
    const { clock, world } = this.checker.stage;
    if (out.host !== out.id && clock.now() < world.elb.drainedAt(out.groupArn, [out.id]) + SLACK_MS) return false;
    // Its Auto Scaling group lets nobody back in: it is tried in each round, and told
    // (`alert-told`).
    if (out.onStandby && !hasRoom(this.checker.stage)) return false;
    return records.open().some((incident) => incident.target?.id === out.id && incident.state === 'out' && this.isSettled(incident));
  }

  /**
   * Long enough out that every run, whatever its clock, takes what it reads for the truth
   * (core/decide/settling.ts).
   */
  private isSettled(incident: Case): boolean {
    const { confirmedAt = Infinity } = currentEjection(incident) ?? {};
    return this.checker.stage.clock.now() >= confirmedAt + SLACK_MS;
  }

  /**
   * The first floor that does not hold in a group that it was taken out of: of the whole group, or
   * of its own zone.
   */
  private shortWithout(out: Out): string | undefined {
    const { stage } = this.checker;
    for (const place of out.places.filter((arn) => stage.hasGroup(arn))) {
      const registered = stage.registered(place).filter((key) => key !== out.key);
      const ours = [...this.checker.out.values()].filter((other) => other.places.includes(place) && this.checker.exists(other));
      const served = { well: this.serving(place, out), registered, all: [...new Set([...registered, ...ours.map(({ key }) => key)])] };
      const short = floors(stage, place, served).find(({ where, count, floor }) => count < floor && this.isHelped(where, out));
      if (short !== undefined) return `${short.count} serve in ${short.where} of ${place}, the floor is ${short.floor}`;
    }
    return undefined;
  }

  private isHelped(where: string, { host }: Out): boolean {
    return where === 'the group' || where === `zone ${this.checker.stage.world.instances.find(host)?.zone}`;
  }

  /**
   * Healthy to the load balancer, and not found ill by the newest round of the group that the
   * target is out of.
   */
  private serving(place: string, { groupArn, key }: Out): string[] {
    const { records, world } = this.checker.stage;
    const round = records.latestRounds(groupArn, 1)[0];
    const ill = (round?.verdicts ?? []).filter(({ verdict }) => verdict === 'suspect' || verdict === 'convicted').map((one) => one.key);
    return (world.elb.describeTargetHealth({ TargetGroupArn: place }).TargetHealthDescriptions ?? [])
      .filter(({ TargetHealth }) => TargetHealth?.State === 'healthy')
      .map(({ Target }) => targetKey({ id: Target?.Id ?? '', port: Target?.Port ?? 0 }))
      .filter((name) => name !== key && !ill.includes(name));
  }
}
