/** Describe calls in flight at once. */
export const AT_ONCE = 20;

/** DescribeTags takes at most 20 ARNs, DescribeLoadBalancers as well (API references). */
const ARNS_PER_CALL = 20;

export function inChunks(arns: readonly string[], of = ARNS_PER_CALL): string[][] {
  return Array.from({ length: Math.ceil(arns.length / of) }, (_, index) => arns.slice(index * of, (index + 1) * of));
}
