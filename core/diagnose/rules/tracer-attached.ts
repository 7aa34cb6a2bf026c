import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { exclusiveProcesses } from '../contrast';
import { ageText, culpritOf, shortName } from '../identity';
import { appProcesses } from '../readings';
import { conclude, type View } from '../view';

/** A debugger or tracer stops the application at every system call. */
export function tracerAttached(view: View): Finding | undefined {
  const traced = appProcesses(view.sick).find(({ tracer }) => tracer > 0);
  if (traced === undefined || view.peers.some((peer) => appProcesses(peer).some(({ tracer }) => tracer > 0))) return undefined;
  const tracer = exclusiveProcesses(view).find(({ pid }) => pid === traced.tracer);
  const named: Evidence[] =
    tracer === undefined
      ? []
      : [
          {
            weight: 'strong',
            summary: `the tracer is ${shortName(tracer)}, ${ageText(tracer.startedAt, view.now)}; only this host runs it`,
          },
        ];
  return conclude({
    cause: 'tracer-attached',
    support: [
      { weight: 'strong', summary: `pid ${traced.pid} of the application is traced by pid ${traced.tracer}; no peer's is` },
      ...named,
    ],
    culprit: tracer === undefined ? undefined : culpritOf(tracer, view.sick),
  });
}
