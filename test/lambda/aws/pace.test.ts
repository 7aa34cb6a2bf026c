import { ElasticLoadBalancingV2Client, DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { pace, tokenBucket } from '../../../lambda/aws/pace';

/** Sleeps at once and remembers how long it would have been. */
function fakeClock() {
  const sleeps: number[] = [];
  const clock = { at: 0, now: () => clock.at, sleep: async (ms: number) => void sleeps.push(ms) };
  return { clock, sleeps };
}

describe('the token bucket', () => {
  test('lets a burst through and then paces, whoever asks', async () => {
    const { clock, sleeps } = fakeClock();
    const turn = tokenBucket(clock, 10, 3);
    await Promise.all(Array.from({ length: 6 }, turn));
    expect(sleeps).toEqual([100, 200, 300]);
  });

  test('fills again with time, and not above its size', async () => {
    const { clock, sleeps } = fakeClock();
    const turn = tokenBucket(clock, 10, 3);
    for (let call = 0; call < 3; call++) await turn();
    clock.at = 60_000;
    for (let call = 0; call < 4; call++) await turn();
    expect(sleeps).toEqual([100]);
  });

  test('allows 600 calls in a minute and a burst', async () => {
    const { clock, sleeps } = fakeClock();
    const turn = tokenBucket(clock);
    for (let call = 0; call < 620; call++) await turn();
    expect(Math.max(...sleeps)).toBeCloseTo(60_000);
  });
});

test('every attempt of a client takes its turn, the retries as well', async () => {
  let turns = 0;
  const client = new ElasticLoadBalancingV2Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 3,
    requestHandler: { handle: async () => Promise.reject(Object.assign(new Error('slow down'), { name: 'ThrottlingException' })) },
  });
  client.middlewareStack.use(pace(async () => void turns++));
  await expect(client.send(new DescribeTargetGroupsCommand({}))).rejects.toThrow('slow down');
  expect(turns).toBe(3);
});
