import type { Finding } from '../../model';
import { seen, type Evidence } from '../confidence';
import { contrast, contrastText, gradedHigh, type Levels } from '../contrast';
import type { Inspection } from '../inspection';
import { pageDescriptors } from '../page-readings';
import { appDescriptors, appDescriptorsUsed, httpFailures, percent } from '../readings';
import { conclude, type View } from '../view';

const NEAR: Levels = { limit: 0.9, felt: 0.6, scale: { absolute: 0.05, relative: 0.1 } };
/** From here on a burst of a few connections fails. */
const AT_LIMIT_FROM = 0.97;

/** Share of the whole system's file table (fs.file-nr) in use, 0 to 1. */
function fileTableUsed({ facts }: Inspection): number | undefined {
  const [open, max] = [Number(facts.get('filesOpen')), Number(facts.get('filesMax'))];
  return open >= 0 && max > 0 ? open / max : undefined;
}

function ofSystem(view: View): Evidence[] {
  const used = contrast(view, fileTableUsed);
  return gradedHigh(used, NEAR, 'strong', contrastText("in use of the whole system's file table", used, percent));
}

function openText(sick: Inspection): string | undefined {
  const page = sick.overNetwork === undefined ? undefined : pageDescriptors(sick);
  if (page !== undefined) return `${page.open} of ${page.limit} descriptors open`;
  const [worst] = appDescriptors(sick);
  return worst === undefined ? undefined : `${worst.fds} of ${worst.limit} descriptors open in pid ${worst.pid}`;
}

function ofApplication(view: View): Evidence[] {
  const used = contrast(view, appDescriptorsUsed);
  const open = openText(view.sick);
  if (open === undefined) return [];
  const text = `${open}; ${contrastText('in use', used, percent)}`;
  const atLimit = (used.here ?? 0) >= AT_LIMIT_FROM;
  const found = gradedHigh(used, NEAR, 'strong', text);
  return [...found, ...(atLimit && found.length > 0 ? [seen('moderate', 'it is at its limit')] : [])];
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
