/**
 * The shop that the hosts run: an ordinary web application with an ordinary connection pool.
 * Bundled once per release; `RELEASE` is set then. /health is static, as in so many shops;
 * /api/cart is what users come for; /metrics is Prometheus.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import { collectDefaultMetrics, Gauge, Histogram, register } from 'prom-client';
import { serveCalls } from './calls';
import { cart, STALE } from './cart';
import { exportOrders, receipt } from './endpoints';
import { pool, POOL_MAX } from './pool';
import { writePriceList } from './price-list';
import { RELEASE } from './release';
import { search } from './search';

const PORT = 8080;
const BUCKETS_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

writePriceList();
serveCalls();
collectDefaultMetrics();
const duration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time to serve',
  labelNames: ['path', 'cache'],
  buckets: BUCKETS_S,
});
new Gauge({ name: 'build_info', help: 'What is running', labelNames: ['version'] }).set({ version: RELEASE }, 1);

function gauge(name: string, help: string, read: () => number): void {
  const made: Gauge = new Gauge({ name, help, collect: () => made.set(read()) });
}
gauge('connection_pool_active', 'Connections in use', () => pool.totalCount - pool.idleCount);
gauge('connection_pool_idle', 'Connections not in use', () => pool.idleCount);
gauge('connection_pool_max', 'Connections allowed', () => POOL_MAX);
gauge('connection_pool_wait', 'Requests that wait for a connection', () => pool.waitingCount);

// As the semantic conventions of OpenTelemetry have it: told when a connection is given back.
const useTime = new Histogram({ name: 'connection_pool_use_time_seconds', help: 'How long a connection was used', buckets: [0.1, 1] });
const borrowedAt = new WeakMap<object, number>();
pool
  .on('acquire', (client) => void borrowedAt.set(client, performance.now()))
  .on('release', (_, client) => useTime.observe((performance.now() - (borrowedAt.get(client) ?? NaN)) / 1000));

async function serveCart(url: URL, response: ServerResponse): Promise<void> {
  const began = performance.now();
  const page = await cart(Number(url.searchParams.get('user') ?? 0));
  const cache = page === STALE ? 'stale' : 'fresh';
  duration.observe({ path: '/api/cart', cache }, (performance.now() - began) / 1000);
  response.setHeader('content-type', 'application/json').setHeader('x-cache', cache).setHeader('x-node', hostname());
  response.end(JSON.stringify(page));
}

async function serveMetrics(_: URL, response: ServerResponse): Promise<void> {
  response.setHeader('content-type', register.contentType);
  response.end(await register.metrics());
}

const ROUTES: Readonly<Record<string, (url: URL, response: ServerResponse) => Promise<void> | void>> = {
  '/health': (_, response) => void response.end('ok'),
  '/api/cart': serveCart,
  '/api/export': exportOrders,
  '/api/receipt': receipt,
  '/api/search': search,
  '/metrics': serveMetrics,
};

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://shop');
  const route = ROUTES[url.pathname];
  if (route === undefined) response.writeHead(404).end();
  else await route(url, response);
}

createServer((request, response) => {
  serve(request, response).catch((cause: unknown) => {
    console.error(new Date().toISOString(), request.url, cause);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
})
  // longer than the load balancer's idle time-out, so that it is never the shop that closes a
  // connection in use
  .on('connection', (socket) => socket.setKeepAlive(true))
  .listen({ port: PORT, host: '0.0.0.0', backlog: 511 }, () => console.log(`shop ${RELEASE} on port ${PORT}`)).keepAliveTimeout = 75_000;
