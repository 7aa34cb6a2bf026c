import type { Finding } from '../../model';
import { attachedHere } from '../attached';
import { seen, type Evidence } from '../confidence';
import { exclusiveProcesses } from '../contrast';
import { ageText, culpritOf, shortName } from '../identity';
import type { HostProcess } from '../inspection';
import type { Job } from '../jobs';
import { appProcesses } from '../readings';
import { applicationStopped, whoStopsApplication } from '../stopped';
import { requestsWait } from '../symptom';
import { conclude, type View } from '../view';

/** What a tracer is seen by: the kernel tells which process it is. */
function traced(view: View): { readonly support: readonly Evidence[]; readonly tracer?: HostProcess } {
  const own = appProcesses(view.sick).find(({ tracer }) => tracer > 0);
  if (own === undefined || view.peers.some((peer) => appProcesses(peer).some(({ tracer }) => tracer > 0))) return { support: [] };
  const found = seen('strong', `pid ${own.pid} of the application is traced by pid ${own.tracer}; no peer's is`);
  const tracer = exclusiveProcesses(view).find(({ pid }) => pid === own.tracer);
  if (tracer === undefined) return { support: [found] };
  const named = `the tracer is ${shortName(tracer)}, ${ageText(tracer.startedAt, view.now)}; only this host runs it`;
  return { support: [found, seen('strong', named)], tracer };
}

/** The application is stopped by signals, and the one job that may have sent them. */
function haltedHere(view: View): { readonly support: readonly Evidence[]; readonly job?: Job } | undefined {
  const stopped = applicationStopped(view);
  if (stopped.length === 0) return undefined;
  const job = whoStopsApplication(view);
  if (job === undefined) return { support: stopped };
  const who = `pid ${job.root.pid} ${shortName(job.root)} is the one job that only this host runs and that may, ${ageText(job.root.startedAt, view.now)}`;
  return { support: [...stopped, seen('moderate', who)], job };
}

/**
 * A debugger or tracer stops the application at every system call, a tool has its JVM stand still,
 * or somebody has it stopped and continued by signals.
 */
export function tracerAttached(view: View): Finding | undefined {
  const { support, tracer } = traced(view);
  const attached = support.length > 0 ? undefined : attachedHere(view);
  const halted = support.length > 0 || attached !== undefined ? undefined : haltedHere(view);
  const culprit = tracer ?? attached?.job.root ?? halted?.job?.root;
  const waits = (attached ?? halted) === undefined ? [] : requestsWait(view).slice(0, 1);
  return conclude({
    cause: 'tracer-attached',
    support: [...support, ...(attached?.support ?? []), ...(halted?.support ?? []), ...waits],
    culprit: culprit === undefined ? undefined : culpritOf(culprit, view.sick),
  });
}
