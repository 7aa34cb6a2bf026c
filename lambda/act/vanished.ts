/**
 * There is nothing to restore: the instance is terminated, its address is somebody else's, its
 * target group is deleted, or its owner has dropped it.
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

/**
 * ELB does not take its address yet: the deregistration delay is not over. It is asked again.
 */
export class AddressNotFree extends Error {
  override readonly name = 'AddressNotFree';
}
