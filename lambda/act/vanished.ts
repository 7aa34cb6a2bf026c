/** There is nothing to bring back any more: the instance is gone, or its owner has given it up. */
export class TargetVanished extends Error {
  override readonly name = 'TargetVanished';
}
