/** A world with Automation in it, and the checker that watches both. */
import type { Random } from '../chaos/random';
import { Automation } from './automation';
import { Checker } from './checker';
import { World } from './world';

export class Stage {
  readonly world: World;
  readonly checker: Checker;
  readonly automation: Automation;

  constructor(random: Random) {
    this.world = new World(random);
    this.checker = new Checker(this.world);
    this.automation = new Automation(this.world, this.checker, random);
    this.world.onFired = (schedule) => this.checker.fired(schedule);
  }

  minute(): void {
    this.world.minute();
    this.automation.tick();
    this.checker.sample();
  }
}
