import { mapLimit } from '../../lambda/map-limit';

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('never more than the limit are at work, and results keep the order of the items', async () => {
  let working = 0;
  let most = 0;
  const results = await mapLimit(3, [5, 1, 4, 1, 3, 1, 2], async (turns) => {
    most = Math.max(most, ++working);
    for (let turn = 0; turn < turns; turn++) await soon();
    working--;
    return turns;
  });
  expect(results).toEqual([5, 1, 4, 1, 3, 1, 2]);
  expect(most).toBe(3);
});

test('when the time is up what has begun is finished and nothing more is begun', async () => {
  const begun: number[] = [];
  const results = await mapLimit(
    2,
    [1, 2, 3, 4, 5, 6],
    async (item) => {
      begun.push(item);
      await soon();
      return item;
    },
    () => begun.length < 3,
  );
  expect(results).toEqual([1, 2, 3]);
});

test('a failure is thrown when the others at work are done, and nothing more is begun', async () => {
  const done: number[] = [];
  const work = async (item: number): Promise<void> => {
    if (item === 1) throw new Error('the first');
    await soon();
    done.push(item);
  };
  await expect(mapLimit(2, [1, 2, 3, 4], work)).rejects.toThrow('the first');
  expect(done).toEqual([2]);
});
