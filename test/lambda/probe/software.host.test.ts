/**
 * The probe against Debian's software, which nobody here wrote: nginx (HTTP/2, and gRPC through
 * it), nghttpd, and the C core of gRPC under Python. It is installed in a layer of its own.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { layerWith } from '../../../lab/stacks/layer';
import { exchange } from '../../../lambda/probe/exchange';
import { LoopGauge } from '../../../lambda/probe/loop-gauge';
import type { Outcome } from '../../../lambda/probe/probe-request';
import { requestsOf, type RequestShape } from '../../../lambda/probe/request';
import { unusedPort } from './loopback';

const PACKAGES = ['nginx', 'nghttp2-server', 'python3-grpcio'];
const TLS = join(__dirname, '../../fixtures/tls');
const INSTALLING_MS = 300_000;
/** On a busy machine a program of Python is long in coming up. */
const PLAYED_MS = 60_000;

/** Unary methods by raw bytes; Reset ends the process in the midst of a call. */
const PYTHON = `
import os, sys, time
from concurrent import futures
import grpc

def health(request, context):
    return b'\\x08\\x01' if request == b'' else b'\\x08\\x02'

def get(request, context):
    time.sleep(0.03)
    return b'page ' + request

def fail(request, context):
    context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, 'full')

def handler(name, methods):
    return grpc.method_handlers_generic_handler(name, {k: grpc.unary_unary_rpc_method_handler(f) for k, f in methods.items()})

server = grpc.server(futures.ThreadPoolExecutor(4), compression=grpc.Compression.Gzip)
server.add_generic_rpc_handlers((
    handler('grpc.health.v1.Health', {'Check': health}),
    handler('shop.v1.Cart', {'Get': get, 'Fail': fail, 'Reset': lambda request, context: os._exit(0)}),
))
server.add_insecure_port('127.0.0.1:' + sys.argv[1])
server.start()
server.wait_for_termination()
`;

let up = '';
let folder = '';
const children: ChildProcess[] = [];

beforeAll(async () => {
  up = await layerWith(PACKAGES, join(tmpdir(), 'sickbay-probe-software'));
  folder = mkdtempSync(join(tmpdir(), 'sickbay-software-'));
}, INSTALLING_MS);

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true });
});

async function started(command: string, args: readonly string[], port: number): Promise<void> {
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: join(up, 'usr/lib/x86_64-linux-gnu'),
    PYTHONPATH: join(up, 'usr/lib/python3/dist-packages'),
  };
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${words}`);
    await sleep(50);
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

function ask(port: number, shape: Partial<RequestShape> = {}): Promise<Outcome> {
  const common = { protocol: 'HTTP', version: 'HTTP2', method: 'GET', path: '/', matcher: '200', timeoutMs: 5000 } as const;
  return exchange(requestsOf({ ...common, ...shape })('127.0.0.1', port), new LoopGauge());
}

const call = (port: number, path: string, shape: Partial<RequestShape> = {}): Promise<Outcome> =>
  ask(port, { version: 'GRPC', path, matcher: '0', ...shape });

const HEALTH = '/grpc.health.v1.Health/Check';

async function python(): Promise<number> {
  const port = await unusedPort();
  const file = join(folder, 'server.py');
  writeFileSync(file, PYTHON);
  await started('/usr/bin/python3', [file, String(port)], port);
  return port;
}

interface Nginx {
  readonly clear: number;
  readonly secure: number;
  /** HTTP/1.1 alone. */
  readonly old: number;
}

async function nginx(backend: number): Promise<Nginx> {
  const [clear, secure, old] = [await unusedPort(), await unusedPort(), await unusedPort()];
  const file = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr error; events {}
    http { access_log off; ${temporary}
      server { listen 127.0.0.1:${old}; location / { return 200 "ok"; } }
      server {
        listen 127.0.0.1:${clear} http2;
        listen 127.0.0.1:${secure} ssl http2;
        ssl_certificate ${TLS}/server.crt; ssl_certificate_key ${TLS}/server.key;
        location / { return 200 "ok"; }
        location /busy { return 503; }
        location /shop.v1.Cart/ { grpc_pass grpc://127.0.0.1:${backend}; }
        location /gone/ { grpc_pass grpc://127.0.0.1:1; }
      }
    }`,
  );
  await started(join(up, 'usr/sbin/nginx'), ['-c', file, '-p', folder], clear);
  return { clear, secure, old };
}

it(
  'nginx: HTTP/2 with prior knowledge and over TLS, a status, HTTP/1.1 alone, and gRPC through it',
  async () => {
    const backend = await python();
    const { clear, secure, old } = await nginx(backend);
    expect(await ask(clear)).toHaveProperty('latencyMs');
    const overTls = await ask(secure, { protocol: 'HTTPS' });
    expect(overTls).toMatchObject({ latencyMs: expect.any(Number), phases: { tlsMs: expect.any(Number) } });
    expect(await ask(clear, { method: 'HEAD' })).toHaveProperty('latencyMs');
    expect(await ask(clear, { path: '/busy' })).toMatchObject({ error: { kind: 'status', status: 503 } });
    expect(await ask(old)).toMatchObject({ error: { phase: 'wait' } });
    expect(await call(clear, '/shop.v1.Cart/Get')).toHaveProperty('latencyMs');
    expect(await call(clear, '/shop.v1.Cart/Fail')).toMatchObject({ error: { kind: 'status', status: 8 } });
    expect(await call(secure, '/shop.v1.Cart/Get', { protocol: 'HTTPS' })).toHaveProperty('latencyMs');
    expect(await call(clear, '/gone/Get')).toMatchObject({ error: { kind: 'status', status: 502 } });
  },
  PLAYED_MS,
);

it(
  'the C core of gRPC: health, a call, statuses, no such method, and a server that dies',
  async () => {
    const port = await python();
    expect(await call(port, HEALTH)).toHaveProperty('latencyMs');
    expect(await call(port, HEALTH, { grpc: { service: 'shop' } })).toMatchObject({ error: { kind: 'status', status: 0 } });
    const slow = await call(port, '/shop.v1.Cart/Get', { grpc: { request: 'CCo=' } });
    if (!('latencyMs' in slow)) throw new Error(JSON.stringify(slow));
    expect(slow.latencyMs).toBeGreaterThan(25);
    expect(await call(port, '/shop.v1.Cart/Fail')).toMatchObject({ error: { kind: 'status', status: 8 } });
    expect(await call(port, '/AWS.ALB/healthcheck', { matcher: '12' })).toHaveProperty('latencyMs');
    const died = once(children.at(-1) as ChildProcess, 'exit');
    expect(await call(port, '/shop.v1.Cart/Reset')).toMatchObject({ error: { kind: 'reset', phase: 'wait' } });
    await died; // Its sockets are closed one by one.
    expect(await call(port, HEALTH)).toMatchObject({ error: { kind: 'refused', phase: 'connect' } });
  },
  PLAYED_MS,
);

it(
  'nghttpd: HTTP/2 in the clear and over TLS',
  async () => {
    const [clear, secure] = [await unusedPort(), await unusedPort()];
    writeFileSync(join(folder, 'index.html'), 'ok');
    const nghttpd = join(up, 'usr/sbin/nghttpd');
    await started(nghttpd, ['--no-tls', '-d', folder, String(clear)], clear);
    await started(nghttpd, ['-d', folder, String(secure), join(TLS, 'server.key'), join(TLS, 'server.crt')], secure);
    expect(await ask(clear)).toHaveProperty('latencyMs');
    expect(await ask(clear, { path: '/nothing' })).toMatchObject({ error: { kind: 'status', status: 404 } });
    expect(await ask(secure, { protocol: 'HTTPS' })).toHaveProperty('latencyMs');
  },
  PLAYED_MS,
);
