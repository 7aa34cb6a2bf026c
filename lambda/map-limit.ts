/**
 * Works on the items in their order, `limit` at a time, and begins no further one as soon as
 * `mayBegin` says no. The results are in the order of the items; items that were not begun have
 * none. @throws the first error, when what had begun is done. (p-map rejects while other work goes
 * on, and cannot stop beginning without an error: what is still running would outlive the step that
 * started it.)
 */
export async function mapLimit<Item, Result>(
  limit: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  mayBegin: () => boolean = () => true,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && failures.length === 0 && mayBegin()) {
      const index = next++;
      try {
        results[index] = await work(items[index] as Item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
