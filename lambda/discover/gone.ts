/**
 * AWS's word that something does not exist. Every other error says nothing about whether it does.
 */

/**
 * Whether an error of the SDK is `TargetGroupNotFound` (API references of DescribeTargetGroups,
 * DescribeTags, DescribeTargetGroupAttributes and DescribeTargetHealth). By its name: the class is
 * not the same one in every bundle.
 */
export function isGroupNotFound(error: unknown): boolean {
  return isNamed(error, 'TargetGroupNotFound');
}

/**
 * Whether an error of the SDK is `LoadBalancerNotFound` or `ListenerNotFound`: what stood before
 * the group is gone.
 */
export function isBalancerNotFound(error: unknown): boolean {
  return isNamed(error, 'LoadBalancerNotFound') || isNamed(error, 'ListenerNotFound');
}

/** Whether an error of the SDK says that a DynamoDB table does not exist (API reference, Query). */
export function isTableNotFound(error: unknown): boolean {
  return isNamed(error, 'ResourceNotFound');
}

/**
 * Whether an error of the SDK says that ECS has no such cluster (API reference, DescribeServices).
 */
export function isClusterNotFound(error: unknown): boolean {
  return isNamed(error, 'ClusterNotFound');
}

function isNamed(error: unknown, code: string): boolean {
  return error instanceof Error && (error.name === code || error.name === `${code}Exception`);
}

/**
 * Asks about all at once, and about each by itself where one that does not exist fails the call for
 * all of them. What is gone is left out.
 * @throws every error but those that `isGone` knows.
 */
export async function withoutGone<Item, Answer>(
  items: readonly Item[],
  ask: (items: readonly Item[]) => Promise<Answer>,
  isGone: (error: unknown) => boolean,
): Promise<Answer[]> {
  try {
    return [await ask(items)];
  } catch (error) {
    if (!isGone(error)) throw error;
    if (items.length === 1) return [];
    const answers = await Promise.all(items.map((item) => withoutGone([item], ask, isGone)));
    return answers.flat();
  }
}
