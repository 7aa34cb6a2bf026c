import type { Finding } from '../../model';
import { askedBy } from '../asker';
import type { Evidence } from '../confidence';
import { contrast, contrastText, gradedHigh, type Levels } from '../contrast';
import type { Inspection } from '../inspection';
import { appBusiestThread, appCpuWait, appDescriptorsUsed, eventLoopDelayMs, milliseconds, percent } from '../readings';
import { conclude, foundBy, type View } from '../view';
import { isToldOtherwise } from './config-drift';
import { CPU_WAITS_FROM, isShortOfCpu } from './cpu-saturation';
import { releaseDrift } from './release-drift';

/** Nielsen's tenth of a second: a loop that stands this long is felt by every request. */
const DELAY_MS: Levels = { limit: 100, felt: 50, scale: { absolute: 15, relative: 1 } };
/** One thread that uses most of a core does little else than run its own code. */
const PEGGED: Levels = { limit: 0.6, felt: 0.4, scale: { absolute: 0.1, relative: 0.25 } };
const HEALTH_MS: Levels = { limit: 100, felt: 100, scale: { absolute: 30, relative: 1 } };

/** The slowest of the host's own health checks: one that falls between two blocks says nothing. */
function slowestHealthMs({ http }: Inspection): number | undefined {
  const own = http.filter(({ kind, status }) => kind === 'health' && status !== undefined).map(({ ms }) => ms);
  return own.length === 0 ? undefined : Math.max(...own);
}

function health(view: View): Evidence[] {
  const own = contrast(view, slowestHealthMs);
  const weight = (own.here ?? 0) >= 1000 ? 'strong' : 'moderate';
  return gradedHigh(own, HEALTH_MS, weight, contrastText('even its own health check takes up to', own, milliseconds));
}

/** A health check that is answered at once, each time, is no sign of a loop that stands still. */
const AT_ONCE_MS = 50;

function answersAtOnce({ sick }: View): boolean {
  return (slowestHealthMs(sick) ?? AT_ONCE_MS) < AT_ONCE_MS;
}

/**
 * A loop that stands still for want of a CPU shows the same delays as one that is busy with itself;
 * it waits for longer than it runs.
 */
function starved({ sick }: View): Evidence[] {
  const [waits, runs] = [appCpuWait(sick) ?? 0, appBusiestThread(sick) ?? 0];
  if (waits < CPU_WAITS_FROM || waits < runs) return [];
  return [{ weight: 'strong', summary: `the application waited for a CPU ${percent(waits)} of the time and ran ${percent(runs)}` }];
}

/** The application's one thread is busy with itself, so that nothing else gets a turn. */
export function eventLoopBlock(view: View): Finding | undefined {
  const delay = contrast(view, eventLoopDelayMs);
  const thread = contrast(view, appBusiestThread);
  const share = contrastText("the application's busiest thread uses", thread, (used) => `${percent(used)} of a core`);
  const delayed = gradedHigh(delay, DELAY_MS, 'strong', contrastText('event loop delay', delay, milliseconds));
  const pegged = gradedHigh(thread, PEGGED, 'strong', share);
  if (pegged.length === 0 && isShortOfCpu(view)) return undefined; // it stands still because another process has its CPU
  // A health check queues behind workers that wait, too: without a busy thread, or a loop that
  // tells of its delay, it is no evidence.
  if (delayed.length + pegged.length === 0) return undefined;
  const standsStill = [...delayed, ...pegged].some(({ weight }) => weight === 'strong');
  const asked = askedBy(view);
  const support = [...delayed, ...pegged, ...(standsStill ? health(view) : []), ...asked.told];
  const others: Evidence[] = [
    ...(pegged.length === 0 ? starved(view) : []),
    ...(answersAtOnce(view) ? [{ weight: 'moderate', summary: 'its own health check is answered at once' } as const] : []),
    ...((appDescriptorsUsed(view.sick) ?? 0) >= 0.9
      ? [{ weight: 'strong', summary: 'the application has no file descriptors left' } as const]
      : []),
    ...(isToldOtherwise(view)
      ? [{ weight: 'strong', summary: 'what runs the application is told otherwise than on every peer' } as const]
      : []),
    ...(foundBy(releaseDrift, view) === undefined ? [] : [{ weight: 'moderate', summary: 'this host runs another release' } as const]),
  ];
  return conclude({ cause: 'event-loop-block', support, against: others, culprit: asked.culprit });
}
