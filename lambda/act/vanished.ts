/**
 * There is nothing to bring back any more: the instance is terminated, its target group is deleted,
 * or its owner has given it up.
 */
export class TargetVanished extends Error {
  override readonly name = 'TargetVanished';
}

/**
 * It cannot be brought back now: its instance is stopped, or on its way from one state to another.
 */
export class TargetNotRunning extends Error {
  override readonly name = 'TargetNotRunning';
}
