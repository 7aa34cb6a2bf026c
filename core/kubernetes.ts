/** What a Kubernetes controller leaves on a target group. */

/**
 * Tags that the AWS Load Balancer Controller puts on the target groups it manages (its guide,
 * annotations, "Resource Tags"), and that of Kubernetes's own service controller.
 */
const TAGS = [/^elbv2\.k8s\.aws\//, /^ingress\.k8s\.aws\//, /^service\.k8s\.aws\//, /^kubernetes\.io\/cluster\//];

/** The tag by which a Kubernetes controller manages a target group; undefined: none. */
export function kubernetesTagOf(tags: Readonly<Record<string, string>>): string | undefined {
  return Object.keys(tags).find((key) => TAGS.some((pattern) => pattern.test(key)));
}
