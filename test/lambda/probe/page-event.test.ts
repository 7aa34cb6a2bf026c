import type { PageRequest } from '../../../core/model';
import { isPageRequest, parsePageRequest } from '../../../lambda/probe/page-event';
import { handler } from '../../../lambda/probe.handler';

const REQUEST: PageRequest = {
  v: 1,
  pages: [
    { host: '10.0.1.30', address: '10.0.1.30', port: 9090, protocol: 'HTTP', path: '/metrics', hostHeader: 'shop.example.com' },
    { host: 'fd00::1', address: 'fd00::1', port: 8443, protocol: 'HTTPS', path: '/internal/metrics?all=1' },
  ],
  metricNames: ['shop_pool_active'],
};

function withPage(change: object): unknown {
  return { ...REQUEST, pages: [{ ...REQUEST.pages[0], ...change }] };
}

describe('a request for pages', () => {
  it('is taken as it is', () => {
    expect(isPageRequest(REQUEST)).toBe(true);
    expect(parsePageRequest(structuredClone(REQUEST))).toEqual(REQUEST);
  });

  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '169.254.169.254',
    '169.254.170.2',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    'fe80::1',
    'fd00:ec2::254',
  ])('never reads what is at %s: this function itself, or a service of its machine', (address) => {
    expect(() => parsePageRequest(withPage({ address }))).toThrow(
      'allowed: the IP address of a target: not of this machine, and not link-local',
    );
  });

  it.each([
    [{ ...REQUEST, v: 2 }, 'page request has v 2; allowed: 1'],
    [withPage({ address: 'app-1.internal' }), 'pages.0.address: got "app-1.internal"; allowed: the IP address of a target'],
    [withPage({ path: '/metrics HTTP/1.1\r\nX: y' }), 'allowed: a path that starts with "/"'],
    [withPage({ hostHeader: 'a\r\nX: y' }), 'allowed: a host name, with or without a port'],
    [withPage({ port: 0 }), 'pages.0.port: got 0; allowed: an integer from 1 to 65535'],
    [{ ...REQUEST, pages: Array.from({ length: 33 }, () => REQUEST.pages[0]) }, 'allowed: 32 pages at most'],
    [{ ...REQUEST, metricNames: ['a b'] }, 'allowed: the name of a metric'],
  ])('%# is refused', (event, message) => {
    expect(() => parsePageRequest(event)).toThrow(message);
  });

  it('reaches the handler beside plans', async () => {
    await expect(handler(withPage({ address: '127.0.0.1' }) as PageRequest)).rejects.toThrow('page request');
    expect(await handler({ ...REQUEST, pages: [] })).toEqual({ v: 1, pages: [] });
  });
});
