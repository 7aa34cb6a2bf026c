import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { contrast, contrastText, highHere } from '../contrast';
import type { Inspection } from '../inspection';
import { appDescriptors, appDescriptorsUsed, httpFailures, percent } from '../readings';
import { conclude, type View } from '../view';

const NEAR_FROM = 0.9;
/** From here on a burst of a few connections fails. */
const AT_LIMIT_FROM = 0.97;

/** Share of the whole system's file table (fs.file-nr) in use, 0 to 1. */
function fileTableUsed({ facts }: Inspection): number | undefined {
  const [open, max] = [Number(facts.get('filesOpen')), Number(facts.get('filesMax'))];
  return open >= 0 && max > 0 ? open / max : undefined;
}

function ofSystem(view: View): Evidence[] {
  const used = contrast(view, fileTableUsed);
  if (!highHere(used, NEAR_FROM, { absolute: 0.05, relative: 0.1 })) return [];
  return [{ weight: 'strong', summary: contrastText("in use of the whole system's file table", used, percent) }];
}

function ofApplication(view: View): Evidence[] {
  const used = contrast(view, appDescriptorsUsed);
  const [worst] = appDescriptors(view.sick);
  if (worst === undefined || !highHere(used, NEAR_FROM, { absolute: 0.05, relative: 0.1 })) return [];
  const summary = `${worst.fds} of ${worst.limit} descriptors open in pid ${worst.pid}; ${contrastText('in use', used, percent)}`;
  const atLimit = (used.here ?? 0) >= AT_LIMIT_FROM;
  return [{ weight: 'strong', summary }, ...(atLimit ? [{ weight: 'moderate', summary: 'it is at its limit' } as const] : [])];
}

/** The application, or the whole host, has no file descriptors left for the next connection. */
export function fdExhaustion(view: View): Finding | undefined {
  const used = [...ofApplication(view), ...ofSystem(view)];
  if (used.length === 0) return undefined;
  const failures = httpFailures(view.sick, 'health') + httpFailures(view.sick, 'probe') + httpFailures(view.sick, 'metrics');
  const support: Evidence[] = [
    ...used,
    ...(failures > 0 ? [{ weight: 'moderate', summary: `${failures} of the host's own requests to it failed` } as const] : []),
  ];
  return conclude({ cause: 'fd-exhaustion', support });
}
