/** What the number of the cause `unknown` means: it is no probability (docs/diagnosis.md). */
import { percent } from './text';

/** `share` is of the sick host's sections: 0 to 1. */
export function unknownCause(share: number): string {
  if (share === 0) return 'no cause found: nothing of it could be inspected';
  return `no cause found; ${percent(share)} of its inspection could be read whole`;
}
