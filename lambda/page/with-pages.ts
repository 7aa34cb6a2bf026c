/**
 * The metrics page over the network, where a host cannot be inspected: on Fargate there is no Run
 * Command, and none for addresses outside EC2.
 */
import { isIP } from 'node:net';
import type { GroupConfig } from '../../core/config';
import { targetKey, type HostCapture, type MetricsPage, type PageReport, type Round, type Target } from '../../core/model';
import { errorFields } from '../aws/log';
import type { RespondPorts } from '../ports';

type Unseen = Extract<HostCapture, { notInspectable: string }>;
type Ports = Pick<RespondPorts, 'pages' | 'clock' | 'log'>;

/** A group as it is configured. */
interface Configured {
  readonly config: GroupConfig;
}

/**
 * The captures, with the declared page in place of each that saw nothing; what could not be read
 * either keeps saying why, for both. `targets` and `captures` are in the same order.
 */
export async function withPages(
  ports: Ports,
  about: Configured,
  round: Round,
  targets: readonly Target[],
  captures: readonly HostCapture[],
): Promise<HostCapture[]> {
  if (captures.every((capture) => !('notInspectable' in capture))) return [...captures];
  const wanted = captures.flatMap((capture, index) => {
    const target = targets[index];
    const page =
      target === undefined || !('notInspectable' in capture) || isNewer(capture, round) ? undefined : pageOf(about.config, round, target);
    return page === undefined ? [] : [{ index, page }];
  });
  if (ports.pages === undefined || wanted.length === 0) return [...captures];
  const capturedAt = ports.clock.now();
  const answer = await read(
    ports,
    ports.pages,
    wanted.map(({ page }) => page),
    about.config,
  );
  return captures.map((capture, index) => {
    const place = wanted.findIndex((one) => one.index === index);
    return place < 0 || !('notInspectable' in capture)
      ? capture
      : replaced(capture, answer?.pages[place], wanted[place]?.page.port, capturedAt);
  });
}

/** A task that began since it was measured is another one, at the same address. */
function isNewer({ task }: HostCapture, { startedAt }: Round): boolean {
  return task?.startedAt !== undefined && task.startedAt > startedAt;
}

/** Undefined where the prober cannot be asked, which is told as such. */
async function read(
  { log }: Pick<Ports, 'log'>,
  reader: NonNullable<Ports['pages']>,
  pages: readonly MetricsPage[],
  { inspection }: GroupConfig,
): Promise<PageReport | undefined> {
  const { active, max, waiting } = inspection?.pool ?? {};
  const metricNames = [active, max, waiting].filter((name) => name !== undefined);
  try {
    return await reader.read({ v: 1, pages, metricNames });
  } catch (error) {
    log('pages-unread', errorFields(error));
    return undefined;
  }
}

function replaced(unseen: Unseen, page: HostCapture | undefined, port: number | undefined, capturedAt: number): HostCapture {
  const { notInspectable: why, ...about } = unseen;
  if (page !== undefined && 'stdout' in page) return { ...about, stdout: page.stdout, capturedAt, overNetwork: why };
  const failed = page === undefined ? 'the prober could not be asked' : page.notInspectable;
  return { ...unseen, notInspectable: `${why}; its page on port ${port} was not read: ${failed}` };
}

/** Where the round's prober reached the target; undefined where no page is declared. */
function pageOf({ inspection, probe }: GroupConfig, { addresses }: Round, target: Target): MetricsPage | undefined {
  const declared = inspection?.page;
  const address = addresses[targetKey(target)] ?? (isIP(target.id) === 0 ? undefined : target.id);
  if (declared === undefined || address === undefined) return undefined;
  return { host: target.id, address, ...declared, ...(probe?.host === undefined ? {} : { hostHeader: probe.host }) };
}
