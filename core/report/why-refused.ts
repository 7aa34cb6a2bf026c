/** Why a removal was refused, in no more words than there is room for. */
import type { Blocked } from '../model';
import { kubernetesAdvice } from './kubernetes';
import { refusalPhrases } from './phrases';
import type { AlertInput } from './telling';

/**
 * What comes of it where a controller registers the targets: nobody can say either that a pod is
 * still the one that was measured.
 */
const OF_KUBERNETES: readonly Blocked[] = ['owner-unsupported', 'target-unsupported', 'world-changed'];

/**
 * "its address is unknown, a deployment is under way": whole reasons, the rest counted; empty where
 * not even one has room in `most` characters.
 */
export function whyRefused({ incident, decision, round }: Pick<AlertInput, 'incident' | 'decision' | 'round'>, most = Infinity): string {
  const { blocked } = decision;
  const isKubernetes = blocked.some((reason) => OF_KUBERNETES.includes(reason)) && kubernetesAdvice(incident, round) !== undefined;
  const reasons = isKubernetes
    ? ['Kubernetes manages it', ...refusalPhrases(blocked.filter((reason) => !OF_KUBERNETES.includes(reason)))]
    : refusalPhrases(blocked);
  return fitting(reasons, most);
}

function fitting(reasons: readonly string[], most: number): string {
  for (let count = reasons.length; count > 0; count--) {
    const rest = reasons.length - count;
    const text = `${reasons.slice(0, count).join(', ')}${rest === 0 ? '' : `, and ${rest} more`}`;
    if (text.length <= most) return text;
  }
  return '';
}
