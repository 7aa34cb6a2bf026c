import { onlyObserved, spokenTo, type ProbeSpeech } from '../../core/spoken';

const http = { protocol: 'HTTP', protocolVersion: 'HTTP1', targetType: 'instance' };
const h2 = { ...http, protocolVersion: 'HTTP2' };
const grpc = { ...http, protocolVersion: 'GRPC' };
const tcp = { protocol: 'TCP', targetType: 'instance' };

describe('what can be probed', () => {
  it.each<[string, typeof tcp, ProbeSpeech, object]>([
    ['HTTP', http, {}, { protocol: 'HTTP' }],
    ['HTTPS', { ...http, protocol: 'HTTPS' }, {}, { protocol: 'HTTPS' }],
    ['an IP group', { ...http, targetType: 'ip' }, {}, { protocol: 'HTTP' }],
    ['a group without protocol version', { protocol: 'HTTP', targetType: 'instance' }, {}, { protocol: 'HTTP' }],
    ['HTTP/2', h2, {}, { protocol: 'HTTP', version: 'HTTP2' }],
    ['HTTP/2 over TLS', { ...h2, protocol: 'HTTPS' }, { matcher: '200' }, { protocol: 'HTTPS', version: 'HTTP2' }],
    ['gRPC', grpc, {}, { protocol: 'HTTP', version: 'GRPC' }],
    ['a gRPC call', grpc, { path: '/shop.v1.Cart/Get', matcher: '0,5', grpc: {} }, { protocol: 'HTTP', version: 'GRPC' }],
    ['TCP that is said to carry HTTP', tcp, { protocol: 'HTTP' }, { protocol: 'HTTP' }],
    ['TLS that is said to carry HTTPS', { ...tcp, protocol: 'TLS' }, { protocol: 'HTTPS' }, { protocol: 'HTTPS' }],
    ['TCP that is said to carry gRPC', tcp, { protocol: 'HTTP', protocolVersion: 'GRPC' }, { protocol: 'HTTP', version: 'GRPC' }],
  ])('%s', (_, group, probe, spoken) => {
    expect(spokenTo(group, probe)).toEqual({ ok: true, ...spoken });
  });

  it.each<[string, typeof tcp, ProbeSpeech, string]>([
    ['TCP', tcp, {}, 'its protocol is TCP; "probe.protocol" says whether HTTP or HTTPS is spoken there'],
    ['UDP, whatever is said', { ...tcp, protocol: 'UDP' }, { protocol: 'HTTP' }, 'its protocol is UDP; the prober speaks HTTP and HTTPS'],
    ['TCP_UDP', { ...tcp, protocol: 'TCP_UDP' }, { protocol: 'HTTP' }, 'its protocol is TCP_UDP; the prober speaks HTTP and HTTPS'],
    ['QUIC', { ...tcp, protocol: 'QUIC' }, { protocol: 'HTTP' }, 'its protocol is QUIC; the prober speaks HTTP and HTTPS'],
    [
      'a load balancer',
      { ...tcp, targetType: 'alb' },
      { protocol: 'HTTP' },
      'its target is a load balancer, whose own target groups can be probed',
    ],
    ['a function', { ...http, targetType: 'lambda' }, {}, 'its target is a Lambda function, which has no address to probe'],
    [
      'a group in another version than its own',
      h2,
      { protocolVersion: 'HTTP1' },
      'its protocol version is HTTP2, and "probe.protocolVersion" says HTTP1',
    ],
    [
      'a version nobody knows',
      { ...http, protocolVersion: 'HTTP3' },
      {},
      'its protocol version is HTTP3; the prober speaks HTTP1, HTTP2 and GRPC',
    ],
    [
      'gRPC on a page',
      grpc,
      { path: '/cart' },
      'its protocol version is GRPC, and "probe.path" is /cart, which is no method such as /package.Service/Method',
    ],
    ['gRPC by HEAD', grpc, { method: 'HEAD' }, 'its protocol version is GRPC, and "probe.method" is HEAD; a call is always a POST'],
    [
      "gRPC by HTTP's statuses",
      grpc,
      { matcher: '200' },
      'its protocol version is GRPC, and "probe.matcher" is 200, which is no list of gRPC statuses from 0 to 99',
    ],
    ["HTTP by gRPC's statuses", http, { matcher: '0' }, 'its protocol version is HTTP1, and "probe.matcher" is 0, which are gRPC statuses'],
    ['HTTP by a call', h2, { grpc: {} }, 'its protocol version is HTTP2, and "probe.grpc" is configured'],
  ])('not %s, and it says why', (_, group, probe, why) => {
    expect(spokenTo(group, probe)).toEqual({ ok: false, why });
  });
});

describe('of a Network Load Balancer’s group is removed', () => {
  it.each<[string, typeof tcp, Parameters<typeof onlyObserved>[1], string | undefined]>([
    ['an instance, where that is declared', tcp, { nlb: 'act', owner: 'asg' }, undefined],
    ['no instance where it is not', { ...tcp, protocol: 'TLS' }, { owner: 'static' }, 'nothing is removed without "nlb": "act"'],
    ['no address', { ...tcp, targetType: 'ip' }, { nlb: 'act' }, 'an address is never removed there'],
    ['no task', tcp, { nlb: 'act', owner: 'ecs' }, 'a task is never replaced there'],
    ['what is of another one’s', http, {}, undefined],
  ])('%s', (_, group, config, why) => {
    expect(onlyObserved(group, config)).toBe(why);
  });
});
