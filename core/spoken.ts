/**
 * What is spoken to the targets of a group, and whether they can be measured at all: in the
 * protocol that the load balancer speaks to them, for a probe in another one would measure
 * something else. The prober, the guardrail `target-unsupported` and `init` ask here.
 */
import type { ProbeVersion, TargetGroup } from './model';

export type Spoken =
  | { readonly ok: true; readonly protocol: 'HTTP' | 'HTTPS'; readonly version?: ProbeVersion }
  | { readonly ok: false; readonly why: string };

type Group = Pick<TargetGroup, 'protocol' | 'protocolVersion' | 'targetType'>;
/** The part of a configured probe that bears on it (`GroupConfig`). */
export interface ProbeSpeech {
  readonly protocol?: 'HTTP' | 'HTTPS' | undefined;
  readonly protocolVersion?: 'HTTP1' | ProbeVersion | undefined;
  readonly grpc?: object | undefined;
  readonly method?: string;
  readonly matcher?: string | undefined;
  readonly path?: string;
}

/** Protocols of a Network Load Balancer's groups that may carry HTTP. */
const OF_NETWORK = ['TCP', 'TLS'];

/** Whether a Network Load Balancer forwards to the group, in a protocol that may carry HTTP. */
export function isOfNetwork({ protocol }: Pick<TargetGroup, 'protocol'>): boolean {
  return OF_NETWORK.includes(protocol);
}

/**
 * Why no target of a Network Load Balancer's group is removed; undefined: it may be, or the group
 * is of another one. Only an instance is removed there, and only where that is declared.
 */
export function onlyObserved(
  group: Pick<TargetGroup, 'protocol' | 'targetType'>,
  { nlb, owner }: { readonly nlb?: 'act' | undefined; readonly owner?: string | undefined },
): string | undefined {
  if (!isOfNetwork(group)) return undefined;
  if (group.targetType !== 'instance') return 'an address is never removed there';
  if (owner === 'ecs') return 'a task is never replaced there';
  return nlb === 'act' ? undefined : 'nothing is removed without "nlb": "act"';
}

/** A gRPC method (grpc/grpc, doc/PROTOCOL-HTTP2.md, Path). */
export const GRPC_METHOD = /^\/[A-Za-z0-9_.]{1,200}\/[A-Za-z0-9_]{1,200}$/;

/** Values of `grpc-status` in ELB's matcher syntax. */
export const GRPC_MATCHER = /^[0-9]{1,2}(-[0-9]{1,2})?(,[0-9]{1,2}(-[0-9]{1,2})?)*$/;

/**
 * @param probe what the operator configured; absent: the group is measured on its health check.
 */
export function spokenTo(group: Group, probe: ProbeSpeech = {}): Spoken {
  if (group.targetType === 'lambda') return refused('its target is a Lambda function, which has no address to probe');
  if (group.targetType === 'alb') return refused('its target is a load balancer, whose own target groups can be probed');
  return isOfNetwork(group) ? overNetwork(group, probe) : overApplication(group, probe);
}

/** Behind a Network Load Balancer the operator alone knows what is spoken. */
function overNetwork({ protocol }: Group, probe: ProbeSpeech): Spoken {
  if (probe.protocol === undefined)
    return refused(`its protocol is ${protocol}; "probe.protocol" says whether HTTP or HTTPS is spoken there`);
  return speech(probe.protocol, probe.protocolVersion ?? 'HTTP1', probe);
}

function overApplication({ protocol, protocolVersion = 'HTTP1' }: Group, probe: ProbeSpeech): Spoken {
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') return refused(`its protocol is ${protocol}; the prober speaks HTTP and HTTPS`);
  if (probe.protocolVersion !== undefined && probe.protocolVersion !== protocolVersion)
    return refused(`its protocol version is ${protocolVersion}, and "probe.protocolVersion" says ${probe.protocolVersion}`);
  return speech(probe.protocol ?? protocol, protocolVersion, probe);
}

function speech(protocol: 'HTTP' | 'HTTPS', version: string, probe: ProbeSpeech): Spoken {
  const mismatch = version === 'GRPC' ? notGrpc(probe) : notHttp(probe);
  if (mismatch !== undefined) return refused(`its protocol version is ${version}, and ${mismatch}`);
  if (version === 'HTTP1') return { ok: true, protocol };
  if (version === 'HTTP2' || version === 'GRPC') return { ok: true, protocol, version };
  return refused(`its protocol version is ${version}; the prober speaks HTTP1, HTTP2 and GRPC`);
}

function notGrpc({ path, method, matcher }: ProbeSpeech): string | undefined {
  if (path !== undefined && !GRPC_METHOD.test(path)) return `"probe.path" is ${path}, which is no method such as /package.Service/Method`;
  if (method === 'HEAD') return '"probe.method" is HEAD; a call is always a POST';
  if (matcher !== undefined && !GRPC_MATCHER.test(matcher))
    return `"probe.matcher" is ${matcher}, which is no list of gRPC statuses from 0 to 99`;
  return undefined;
}

function notHttp({ grpc, matcher }: ProbeSpeech): string | undefined {
  if (grpc !== undefined) return '"probe.grpc" is configured';
  if (matcher !== undefined && GRPC_MATCHER.test(matcher)) return `"probe.matcher" is ${matcher}, which are gRPC statuses`;
  return undefined;
}

function refused(why: string): Spoken {
  return { ok: false, why };
}
