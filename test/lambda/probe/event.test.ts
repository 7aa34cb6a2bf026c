import type { ProbePlan } from '../../../core/model';
import { parseProbePlan } from '../../../lambda/probe/event';
import { handler } from '../../../lambda/probe.handler';
import { SERVER_CERTIFICATE } from './loopback';

const PLAN: ProbePlan = {
  v: 1,
  startWindowMs: 15_000,
  groups: [
    {
      groupArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/checkout/0123456789abcdef',
      protocol: 'HTTPS',
      method: 'GET',
      path: '/api/cart?full=1',
      hostHeader: 'shop.example.com:8443',
      matcher: '200-299,304',
      timeoutMs: 5000,
      ca: SERVER_CERTIFICATE,
      targets: [
        { target: { id: 'i-1', port: 443, availabilityZone: 'eu-west-1a' }, address: '10.0.1.10', samples: 10 },
        { target: { id: 'fd00::1', port: 443 }, address: 'fd00::1', samples: 20 },
      ],
    },
  ],
  clients: [
    {
      groupArn: 'g',
      protocol: 'HTTP',
      host: 'internal-lb.elb.amazonaws.com',
      port: 80,
      path: '/',
      matcher: '200',
      timeoutMs: 5000,
      samples: 20,
    },
  ],
};

type Group = ProbePlan['groups'][number];

function withGroup(change: Partial<Record<keyof Group, unknown>>): unknown {
  return { ...PLAN, groups: [{ ...PLAN.groups[0], ...change }] };
}

function withAddress(address: unknown): unknown {
  return withGroup({ targets: [{ target: { id: 'i-1', port: 80 }, address, samples: 10 }] });
}

describe('the event of the prober', () => {
  it('is taken as it is', () => {
    expect(parseProbePlan(structuredClone(PLAN))).toEqual(PLAN);
  });

  it.each([
    [{ ...PLAN, v: 2 }, 'probe plan has v 2; allowed: 1'],
    [{ ...PLAN, v: '1' }, 'probe plan has v "1"; allowed: 1'],
    [{}, 'probe plan has v nothing; allowed: 1'],
    [null, 'probe plan has v nothing; allowed: 1'],
    [withAddress('app-1.internal'), 'got "app-1.internal"; allowed: an IP address: names are resolved before a round'],
    [withAddress('10.0.0.1:80'), 'got "10.0.0.1:80"; allowed: an IP address'],
    [withAddress(167_772_161), 'got 167772161; allowed: '],
    [withGroup({ method: 'POST' }), 'groups.0.method: got "POST"; allowed: "GET" or "HEAD"'],
    [withGroup({ protocol: 'GRPC' }), 'groups.0.protocol: got "GRPC"; allowed: "HTTP" or "HTTPS"'],
    [withGroup({ path: 'api' }), 'groups.0.path: got "api"; allowed: a path that starts with "/"'],
    [withGroup({ path: '/ HTTP/1.1\r\nX-Evil: 1' }), 'groups.0.path: got'],
    [withGroup({ hostHeader: 'a\r\nX-Evil: 1' }), 'groups.0.hostHeader: got'],
    [withGroup({ matcher: '2xx' }), 'groups.0.matcher: got "2xx"; allowed: status codes as ELB writes them'],
    [withGroup({ matcher: '0' }), 'groups.0.matcher: got "0"; allowed: status codes as ELB writes them'],
    [withGroup({ version: 'GRPC' }), 'groups.0.matcher: got "200-299,304"; allowed: status codes as ELB writes them'],
    [withGroup({ version: 'HTTP3' }), 'groups.0.version: got "HTTP3"; allowed: "HTTP2" or "GRPC"'],
    [withGroup({ version: 'GRPC', matcher: '0', grpc: { request: '!' } }), 'groups.0.grpc.request: got "!"; allowed: bytes in base64'],
    [withGroup({ ca: '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----' }), 'allowed: certificates in PEM'],
    [withGroup({ timeoutMs: 0 }), 'groups.0.timeoutMs: got 0; allowed: an integer from 1 to 60000'],
    [{ ...PLAN, startWindowMs: 15_001 }, 'startWindowMs: got 15001; allowed: an integer from 1 to 15000'],
    [{ ...PLAN, clients: [{ ...PLAN.clients?.[0], host: 'a b' }] }, 'clients.0.host: got "a b"; allowed: a host name'],
  ])('is refused, with what it got and what is allowed (%#)', async (event, message) => {
    expect(() => parseProbePlan(event)).toThrow(message);
    await expect(handler(event as ProbePlan)).rejects.toThrow(TypeError);
  });

  it('names every mistake at once', () => {
    expect(() => parseProbePlan(withGroup({ method: 'PUT', path: '' }))).toThrow(/groups\.0\.method.*; groups\.0\.path/);
  });
});
