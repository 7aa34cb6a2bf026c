import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { ProberHealth } from '../../core/model';
import type { Outcome } from './probe-request';

/**
 * Half of the 10 ms below which the judge treats two latencies as equal: more would show in a
 * verdict.
 */
export const CONTROL_LIMIT_MS = 5;

/** From here on a target's median may itself be a sample that the prober delayed. */
export const BUSY_FRACTION_LIMIT = 0.5;

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';

/**
 * A server in this process that answers at once: whatever a probe of it takes is the prober's own
 * doing.
 */
export interface ControlServer {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** @throws when no port of the loopback address can be had. */
export async function startControl(): Promise<ControlServer> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end(ANSWER));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  return { address, port, close: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))) };
}

/**
 * The prober's judgement of itself over one round: `control` are the probes of its own server,
 * `probes` those of the targets.
 */
export function proberHealth(control: readonly Outcome[], probes: readonly Outcome[]): ProberHealth {
  const answered = control.flatMap((outcome) => ('latencyMs' in outcome ? [outcome.latencyMs] : [])).sort((a, b) => a - b);
  const controlMs = answered[answered.length >> 1] ?? 0;
  const measured = probes.filter((outcome) => !('own' in outcome));
  const busyFraction = measured.filter((outcome) => outcome.busy).length / Math.max(1, measured.length);
  const whys = [...controlFaults(control, answered.length, controlMs), ...busyFaults(busyFraction), ...ownFaults(probes)];
  return { ok: whys.length === 0, controlMs, busyFraction, ...(whys.length === 0 ? {} : { why: whys.join('; ') }) };
}

function controlFaults(control: readonly Outcome[], answered: number, controlMs: number): string[] {
  if (answered * 2 <= control.length) return [`${control.length - answered} of ${control.length} control probes failed`];
  if (controlMs > CONTROL_LIMIT_MS) return [`control probes took ${controlMs} ms, allowed ${CONTROL_LIMIT_MS} ms`];
  return [];
}

function busyFaults(busyFraction: number): string[] {
  if (busyFraction <= BUSY_FRACTION_LIMIT) return [];
  return [`the prober was busy in ${busyFraction.toFixed(2)} of its samples, allowed ${BUSY_FRACTION_LIMIT}`];
}

/**
 * One probe the machine itself failed is one too many: the same shortage may have delayed the
 * others.
 */
function ownFaults(probes: readonly Outcome[]): string[] {
  const own = probes.flatMap((outcome) => ('own' in outcome ? [outcome.own] : []));
  return own[0] === undefined ? [] : [`${own.length} of ${probes.length} probes failed on the prober's own machine: ${own[0]}`];
}
