/** Metrics pages of targets, read over the network and redacted before they leave this process. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pageInspection } from '../../core/diagnose/metrics-page';
import type { HostCapture, MetricsPage, PageReport, PageRequest } from '../../core/model';
import { getPage } from './page-get';

/**
 * As on a host: the page is asked for twice, for some gauges (the event loop's percentiles) cover
 * the time since it was asked for last, whenever that was.
 */
const FIRST_MS = 3_000;
const BETWEEN_MS = 1_000;
const SECOND_MS = 4_000;

/** Every page, side by side; in the order of the request. Takes 8 s at most. */
export async function readPages({ pages, metricNames }: PageRequest, pause: Pause = sleep): Promise<PageReport> {
  return { v: 1, pages: await Promise.all(pages.map((page) => readPage(page, metricNames, pause))) };
}

type Pause = (ms: number) => Promise<unknown>;

async function readPage(page: MetricsPage, metricNames: readonly string[], pause: Pause): Promise<HostCapture> {
  const { host } = page;
  const first = await getPage(page, FIRST_MS);
  if ('failed' in first) return { host, notInspectable: first.failed, capturedAt: Date.now() };
  await pause(BETWEEN_MS);
  const capturedAt = Date.now();
  const look = await getPage(page, SECOND_MS);
  if ('failed' in look) return { host, notInspectable: look.failed, capturedAt };
  if (look.status !== 200) return { host, notInspectable: `status ${look.status}`, capturedAt };
  return { host, stdout: pageInspection(look, first, metricNames), capturedAt };
}
