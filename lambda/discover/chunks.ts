/** Describe calls in flight at once. */
export const AT_ONCE = 20;

/** DescribeTags takes at most 20 ARNs, DescribeLoadBalancers as well (API references). */
const ARNS_PER_CALL = 20;

export function inChunks(arns: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(arns.length / ARNS_PER_CALL) }, (_, index) =>
    arns.slice(index * ARNS_PER_CALL, (index + 1) * ARNS_PER_CALL),
  );
}
