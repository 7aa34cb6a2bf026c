import { table } from '../../core/report/text';
import type { Accuracy, BaselineAccuracy, Figures } from './measure';

const HEAD = ['', 'delay ms', 'sample error ms p50 / p95 / p99', 'target median error ms p50 / p99', 'starts/s', 'CPU us each', 'wall s'];

/** The figures as people read them, with the goals below. */
export function describeFigures({ http, tls, http2, http2Tls, grpc, rssMb, stolen, baselines }: Figures): string {
  return [
    ...table([
      HEAD,
      ...http.map((row) => ['prober, HTTP', ...proberCells(row)]),
      ['prober, TLS', ...proberCells(tls)],
      ['prober, HTTP/2', ...proberCells(http2)],
      ['prober, HTTP/2 over TLS', ...proberCells(http2Tls)],
      ['prober, gRPC', ...proberCells(grpc)],
      ['curl, one by one', ...('notRun' in baselines.curlLoop ? [baselines.curlLoop.notRun] : baselineCells(baselines.curlLoop))],
      ['fetch, 200 at once', ...baselineCells(baselines.closedLoopFetch)],
    ]),
    `TLS handshake p50 ${tls.handshakeMs.p50} ms, p99 ${tls.handshakeMs.p99} ms (not in the error). Prober's peak memory ${rssMb.toFixed(0)} MB.`,
    `The hypervisor took ${(100 * stolen).toFixed(1)} % of the machine's processor time meanwhile: each such pause counts against the prober.`,
    'Goals on one core, HTTP: target median error p99 <= 0.5 ms, sample error p99 <= 4 ms, >= 700 starts/s, <= 120 MB.',
  ].join('\n');
}

function proberCells(row: Accuracy): string[] {
  const { sampleErrorMs: sample, targetMedianErrorMs: target } = row;
  return [
    String(row.delayMs),
    `${sample.p50} / ${sample.p95} / ${sample.p99}`,
    `${target.p50} / ${target.p99}`,
    row.startsPerSecond.toFixed(0),
    row.cpuUsPerRequest.toFixed(0),
    row.wallS.toFixed(1),
  ];
}

function baselineCells(row: BaselineAccuracy): string[] {
  const { sampleErrorMs: sample } = row;
  return [
    String(row.delayMs),
    `${sample.p50} / ${sample.p95} / ${sample.p99}`,
    '',
    row.startsPerSecond.toFixed(0),
    row.cpuUsPerRequest?.toFixed(0) ?? '',
    row.wallS.toFixed(1),
  ];
}
