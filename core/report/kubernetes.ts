/**
 * What a person does about a slow pod. Sickbay changes nothing where a Kubernetes controller
 * registers the targets: the lever is in the cluster, which Sickbay has no access to.
 *
 * The commands are for a POSIX shell and are read in chats, which part what looks like markup
 * (harmless.ts): none holds `@`, `<`, `>`, `&` or a backtick. What comes from outside is put into
 * one only where it matches a pattern that no shell reads as more than a word.
 */
import { kubernetesTagOf } from '../kubernetes';
import { isInstanceId, type Case, type Round } from '../model';
import { groupArnOf, placeOf } from './links';

export interface KubernetesStep {
  readonly what: string;
  readonly command: string;
}

export interface KubernetesAdvice {
  /** Why the load balancer is the wrong place. */
  readonly why: string;
  readonly steps: readonly KubernetesStep[];
}

/** Undefined: no controller of Kubernetes manages the group, or it is not about one target. */
export function kubernetesAdvice({ groupArn, target }: Case, round: Round | undefined): KubernetesAdvice | undefined {
  if (round === undefined || target === undefined || kubernetesTagOf(round.group.tags) === undefined) return undefined;
  const reached = clusterSteps(round);
  if (isInstanceId(target.id)) return { why: WHY_NOT_THE_NODE, steps: [...reached, ...nodeSteps(target.id)] };
  return { why: WHY_NOT_DEREGISTERED, steps: [...reached, ...podSteps(target.id, groupArn)] };
}

/** The same as lines: what it is for, and the command. */
export function kubernetesLines(advice: KubernetesAdvice): string[] {
  return [advice.why, ...advice.steps.map(({ what, command }) => `${what}: ${command}`)];
}

/**
 * The controller does nothing while the endpoints are unchanged, and comes by again after hours
 * (aws-load-balancer-controller, from 2.9.1 on; (I) by its releases).
 */
const WHY_NOT_DEREGISTERED =
  'Deregistering the pod helps nobody: no replacement starts, for to Kubernetes the pod is well, and the controller registers it again ' +
  'at a time that nobody can tell. Take it out of its Service, or evict it.';

const WHY_NOT_THE_NODE =
  'The target is a node, which answers for pods on every node unless the Service has externalTrafficPolicy: Local: the slow pod may run ' +
  'elsewhere, and without the node every pod on it is out. A node is never removed.';

/** Letters, digits, hyphens and underscores (CreateCluster, EKS API reference: `name`). */
const CLUSTER = /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/;

function clusterSteps({ group }: Round): KubernetesStep[] {
  const cluster = group.tags['elbv2.k8s.aws/cluster'] ?? '';
  const place = placeOf(group.arn);
  if (!CLUSTER.test(cluster) || place === undefined) return [];
  return [{ what: 'Reach the cluster', command: `aws eks update-kubeconfig --region ${place.region} --name ${cluster}` }];
}

/** An address as ELB has it: digits and dots, or hexadecimal digits, colons and dots. */
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f.]{0,15}){2,8})$/;

/** Pods on the host's network share its address: the second step shows whether it is one pod. */
function podSteps(address: string, groupArn: string | undefined): KubernetesStep[] {
  const arn = groupArn === undefined ? undefined : groupArnOf(groupArn);
  if (!ADDRESS.test(address) || arn === undefined) return [];
  const selected = `--field-selector=status.podIP=${address}`;
  return [
    { what: 'Find the pod', command: `kubectl get pods --all-namespaces ${selected} -o wide --show-labels` },
    {
      what: 'Keep its name (one pod must be named)',
      command: `set -- $(kubectl get pods --all-namespaces ${selected} --no-headers -o custom-columns=A:.metadata.namespace,B:.metadata.name); NS=$1 POD=$2; echo "$# words: $*"`,
    },
    {
      what: 'To isolate it, find the Service of this target group',
      command: `SVC=$(kubectl get targetgroupbindings -n "$NS" --no-headers -o custom-columns=A:.spec.serviceRef.name,B:.spec.targetGroupARN | awk '$2 == "${arn}" {print $1}'); echo "$SVC"`,
    },
    {
      what: 'Then take away the labels that the Service selects by: a replacement starts, the pod gets no more requests and stays to be looked into; delete it afterwards',
      command: `kubectl label pod -n "$NS" "$POD" $(kubectl get service -n "$NS" "$SVC" -o go-template='{{range $k, $v := .spec.selector}}{{$k}}- {{end}}')`,
    },
    {
      what: 'Or evict it within its disruption budget (429 means: not now)',
      command: `printf '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"%s","namespace":"%s"}}' "$POD" "$NS" | kubectl create --raw "/api/v1/namespaces/$NS/pods/$POD/eviction" -f -`,
    },
  ];
}

const INSTANCE = /^i-[0-9a-f]{1,17}$/;

function nodeSteps(id: string): KubernetesStep[] {
  if (!INSTANCE.test(id)) return [];
  return [
    {
      what: 'Find the node',
      command: `NODE=$(kubectl get nodes --no-headers -o custom-columns=A:.metadata.name,B:.spec.providerID | awk '$2 ~ "/${id}$" {print $1}'); echo "$NODE"`,
    },
    { what: 'See its pods', command: 'kubectl get pods --all-namespaces --field-selector=spec.nodeName="$NODE" -o wide' },
    { what: 'See what the node says of itself', command: 'kubectl describe node "$NODE"' },
  ];
}
