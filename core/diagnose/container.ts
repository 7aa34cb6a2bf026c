import type { Inspection } from './inspection';

/** The names that say most to a person, in this order; at most two of them are told. */
const NAMES = ['name', 'image', 'pod', 'env:POD_NAME', 'family', 'namespace', 'env:HOSTNAME'];
const LABELS: Readonly<Record<string, string>> = { 'env:POD_NAME': 'pod', 'env:HOSTNAME': 'host name' };
const MOST_NAMES = 3;

/**
 * The container of a process, for people: its id, what its runtime calls it, and its ECS task or
 * Kubernetes pod. Undefined for a process of the host itself, and for one of which nothing more is
 * known than that it is in a network of its own.
 */
export function containerText(pid: number, { containers, images }: Inspection): string | undefined {
  const found = containers.find((one) => one.pid === pid);
  if (found?.id === undefined) return undefined;
  const { id, runtime, task, pod } = found;
  const told = new Map(images.filter((one) => one.id === id).map(({ key, value }) => [key, value]));
  const names = NAMES.flatMap((key) => (told.has(key) ? [`${LABELS[key] ?? key} ${told.get(key)}`] : [])).slice(0, MOST_NAMES);
  const group = [...(task === undefined ? [] : [`task ${task}`]), ...(pod === undefined ? [] : [`pod ${pod}`])];
  return `${runtime} container ${id}${[...names, ...group].length === 0 ? '' : ` (${[...names, ...group].join(', ')})`}`;
}
