/** What ECS tells of the slow task, beside what it tells of its peers. */
import type { HostCapture, TaskFacts } from '../model';
import { ageText } from './identity';
import type { Fact } from './fact';

/** Twelve digits, as `docker images --digests` is read by people. */
function short(digest: string): string {
  return digest.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1');
}

/** What is its release: images by their digests first, for a tag may have moved. */
export function releaseOfTask(task: TaskFacts | undefined): Fact[] {
  const images = (task?.images ?? []).map(({ container, digest }) => ({ name: `image digest of ${container}`, value: short(digest) }));
  return [...images, ...(task?.definition === undefined ? [] : [{ name: 'task definition', value: task.definition }])];
}

/** What it runs on. */
export function platformOf(task: TaskFacts | undefined): Fact[] {
  return task?.platformVersion === undefined ? [] : [{ name: 'platform version', value: task.platformVersion }];
}

/**
 * The task in one line, and one for each fact on which it stands alone among its peers: they are
 * told of a task of which nothing could be read, too.
 */
export function taskNotes(sick: HostCapture, peers: readonly HostCapture[], now: number): string[] {
  const { task } = sick;
  if (task === undefined) return [];
  const others = peers.flatMap((peer) => peer.task ?? []);
  return [taskLine(task, now), ...alone(task, others, facts)].slice(0, MOST);
}

const MOST = 8;

function facts(task: TaskFacts): Fact[] {
  return [...releaseOfTask(task), ...platformOf(task), ...(task.zone === undefined ? [] : [{ name: 'zone', value: task.zone }])];
}

function taskLine({ arn, definition, platformVersion, zone, startedAt }: TaskFacts, now: number): string {
  const parts = [
    definition,
    platformVersion === undefined ? undefined : `platform version ${platformVersion}`,
    zone,
    startedAt === undefined ? undefined : ageText(startedAt, now),
  ];
  return `task ${arn.split('/').at(-1) ?? arn}: ${parts.filter((part) => part !== undefined).join(', ')}`;
}

/** Another value than all its peers, which agree among themselves. */
function alone(task: TaskFacts, others: readonly TaskFacts[], of: (task: TaskFacts) => Fact[]): string[] {
  return of(task).flatMap(({ name, value }) => {
    const values = new Set(others.flatMap((other) => of(other).flatMap((fact) => (fact.name === name ? [fact.value] : []))));
    const [only, ...more] = values;
    return only === undefined || more.length > 0 || only === value ? [] : [`differs in ${name}: ${value}; peers ${only}`];
  });
}
