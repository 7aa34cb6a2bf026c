/**
 * There is nothing to restore: the instance is terminated, its target group is deleted, or its
 * owner has dropped it.
 */
export class TargetVanished extends Error {
  override readonly name = 'TargetVanished';
}

/**
 * It cannot be restored now: its instance is stopped or changing state.
 */
export class TargetNotRunning extends Error {
  override readonly name = 'TargetNotRunning';
}
