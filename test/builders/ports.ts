/** Ports of which a step uses a few: a use of any other fails. */
import type { RespondPorts, SweepPorts } from '../../lambda/ports';

/** So much of each port as the test gives; a function is given whole. */
type Some<Ports> = {
  readonly [Name in keyof Ports]?: Ports[Name] extends (...args: never) => unknown ? Ports[Name] : Partial<Ports[Name]>;
};

export const respondPorts = (used: Some<RespondPorts>): RespondPorts => used as RespondPorts;

export const sweepPorts = (used: Some<SweepPorts>): SweepPorts => used as SweepPorts;
