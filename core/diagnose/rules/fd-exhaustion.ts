import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { contrast, contrastText, highHere } from '../contrast';
import { appDescriptors, appDescriptorsUsed, httpFailures, percent } from '../readings';
import { conclude, type View } from '../view';

const NEAR_FROM = 0.9;
/** From here on a burst of a few connections fails. */
const AT_LIMIT_FROM = 0.97;

/** The application has no file descriptors left for the next connection. */
export function fdExhaustion(view: View): Finding | undefined {
  const used = contrast(view, appDescriptorsUsed);
  const [worst] = appDescriptors(view.sick);
  if (worst === undefined || !highHere(used, NEAR_FROM, { absolute: 0.05, relative: 0.1 })) return undefined;
  const failures = httpFailures(view.sick, 'health') + httpFailures(view.sick, 'probe') + httpFailures(view.sick, 'metrics');
  const support: Evidence[] = [
    {
      weight: 'strong',
      says: `${worst.fds} of ${worst.limit} descriptors open in pid ${worst.pid}; ${contrastText('in use', used, percent)}`,
    },
    ...((used.here ?? 0) >= AT_LIMIT_FROM ? [{ weight: 'moderate', says: 'it is at its limit' } as const] : []),
    ...(failures > 0 ? [{ weight: 'moderate', says: `${failures} of the host's own requests to it failed` } as const] : []),
  ];
  return conclude({ cause: 'fd-exhaustion', support });
}
