/** The parts of `npm run lab` that need no fleet. */
import http from 'node:http';
import { relay } from '../../lab/standing/relay';
import { faultLines, orderOf } from '../../lab/standing/menu';
import { listeningPort } from '../../lab/wire/listening-port';

describe('what is typed', () => {
  it("starts a fault by its name, and stops it by 'stop'", () => {
    expect(orderOf('pool-leak')).toEqual({ order: 'start', fault: 'pool-leak' });
    expect(orderOf('  start  dns ')).toEqual({ order: 'start', fault: 'dns' });
    expect(orderOf('stop dns')).toEqual({ order: 'stop', fault: 'dns' });
    expect(orderOf('quit')).toEqual({ order: 'quit' });
  });

  it('that is no fault is answered with what was typed and what is allowed; an empty line with nothing', () => {
    expect(orderOf('start toString')).toMatchObject({ order: 'none', because: expect.stringContaining('got "toString"; allowed: ') });
    expect(orderOf('coffee')).toMatchObject({ because: expect.stringContaining('pool-starvation') });
    expect(orderOf(' ')).toEqual({ order: 'none', because: '' });
  });

  it('is answered with every fault, those that are on marked', () => {
    const lines = faultLines(new Set(['dns']));
    expect(lines.filter((line) => line.startsWith('*'))).toEqual([expect.stringContaining('dns')]);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}pool-leak +the app forgets/));
  });
});

describe('a relay', () => {
  it('passes requests on', async () => {
    const server = http.createServer((request, response) => response.end(`you asked for ${request.url}`)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const door = await relay({ host: '127.0.0.1', port: 0 }, { host: '127.0.0.1', port: listeningPort(server) });
    const answer = await fetch(`http://127.0.0.1:${door.port}/cart`);
    expect(await answer.text()).toBe('you asked for /cart');
    await door.close();
    server.closeAllConnections();
    server.close();
  });

  it('ends a connection that leads nowhere', async () => {
    const nobody = http.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => nobody.once('listening', resolve));
    const port = listeningPort(nobody);
    await new Promise((resolve) => nobody.close(resolve));
    const door = await relay({ host: '127.0.0.1', port: 0 }, { host: '127.0.0.1', port });
    await expect(fetch(`http://127.0.0.1:${door.port}/`)).rejects.toThrow('fetch failed');
    await door.close();
  });
});
