import { isLoopback, isOnThisHost } from '../../../core/diagnose/address';
import { appPids } from '../../../core/diagnose/identity';
import { parseInspection } from '../../../core/diagnose/parse';
import { madeHost, processRow } from './synthetic';

test.each([
  ['127.0.0.1', true],
  ['127.0.0.53', true],
  ['::1', true],
  ['[::1]', true],
  ['[0:0:0:0:0:0:0:1]', true],
  ['12.70.0.1', false],
  ['[0:0:0:0:0:0:0:12]', false],
  ['[::12]', false],
])('%s is loopback: %s', (address, expected) => {
  expect([isLoopback(address), isOnThisHost(address)]).toEqual([expected, expected]);
});

test('a Unix socket is of this host, and no loopback', () => {
  expect([isOnThisHost('unix'), isLoopback('unix')]).toEqual([true, false]);
});

test.each(['127.0.0.1', '[0:0:0:0:0:0:0:1]'])('what a proxy asks by %s is the application', (remote) => {
  const sockets = [`out\t${remote}:9000\tESTABLISHED\t10\t4\tnginx`, 'listen\t9000\t::\t20\t0\t511'];
  const inspection = parseInspection(madeHost({ host: 'a', rows: { sockets, processes: [processRow(20, '1:init', '/srv/app')] } }));
  expect(inspection === undefined ? [] : [...appPids(inspection)]).toContain(20);
});
