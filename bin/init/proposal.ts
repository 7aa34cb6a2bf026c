/** What is proposed, each with its reason. */
import type { ConfigInput } from '../../core/config';

/** One value of the configuration, or that there is none, and why. */
export interface Proposed {
  /** The key in the configuration: `network.subnetIds`, `probe.path`. */
  readonly key: string;
  /** The target group's name, where it is about one. */
  readonly group?: string;
  /** As a person reads it; undefined: left out. */
  readonly value?: string;
  readonly why: string;
  /** Whether somebody has to do something about it. */
  readonly attention?: true;
}

/** The values, and what was thought about each. */
export interface Proposal {
  readonly config: ConfigInput;
  readonly proposed: readonly Proposed[];
}

/** `a`, `a and b`, `a, b and c`; at most `most`, and how many more. */
export function listed(items: readonly string[], most = 6): string {
  const shown = items.length > most ? [...items.slice(0, most), `${items.length - most} more`] : [...items];
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
