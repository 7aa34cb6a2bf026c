/** The report's one call against the lab's S3, as the function makes it. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { reportBucket } from '../../lambda/aws/report-bucket';
import { open, ROLE, type Opened } from './wire-setup';

let opened: Opened;
let dynamo: DynamoDBClient;

beforeEach(async () => {
  opened = await open();
  // Whichever client it is: it knows how calls are signed.
  dynamo = new DynamoDBClient(opened.client);
  opened.world.s3.addBucket('reports');
});

afterEach(async () => {
  dynamo.destroy();
  await opened.door.close();
});

const bucketAt = (bucket: string, endpoint = opened.client.endpoint) =>
  reportBucket(dynamo.config, { bucket, host: `${bucket}.s3.us-east-1.amazonaws.com` }, endpoint);

const PAGE = '<!doctype html><p>größer &amp; <b>"so"</b></p>\n';

test('a page arrives as it was written, signed, as HTML, and a second one takes its place', async () => {
  const bucket = bucketAt('reports');
  await bucket.put('cases/2026-01-01T12-00-00.000Z-abc.html', 'the first');
  await bucket.put('cases/2026-01-01T12-00-00.000Z-abc.html', PAGE);
  expect(opened.world.s3.keys('reports')).toEqual(['cases/2026-01-01T12-00-00.000Z-abc.html']);
  const stored = opened.world.s3.object('reports', 'cases/2026-01-01T12-00-00.000Z-abc.html');
  expect(stored?.body.toString()).toBe(PAGE);
  expect(stored?.contentType).toBe('text/html; charset=utf-8');
  expect(opened.calls.at(-1)).toMatchObject({
    role: ROLE,
    action: 's3:PutObject',
    resource: 'arn:aws:s3:::reports/cases/2026-01-01T12-00-00.000Z-abc.html',
    mutating: true,
  });
});

test('what S3 refuses is thrown with its code, and nothing is stored', async () => {
  await expect(bucketAt('no-such-bucket').put('cases/a.html', PAGE)).rejects.toThrow(
    'PutObject cases/a.html: status 404 NoSuchBucket The specified bucket does not exist',
  );
  opened.world.s3.failing = 1;
  await expect(bucketAt('reports').put('cases/a.html', PAGE)).rejects.toThrow('status 503 SlowDown');
  expect(opened.world.s3.keys('reports')).toEqual([]);
});

test('a caller that S3 does not know is refused', async () => {
  const stranger = new DynamoDBClient({ ...opened.client, credentials: { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' } });
  const bucket = reportBucket(stranger.config, { bucket: 'reports', host: 'x' }, opened.client.endpoint);
  await expect(bucket.put('cases/a.html', PAGE)).rejects.toThrow('status 403 InvalidAccessKeyId');
  stranger.destroy();
});

test('without an endpoint of its own it is the bucket’s own name, by TLS', async () => {
  const asked: string[] = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (url) => {
    asked.push(String(url instanceof Request ? url.url : url));
    return new Response('');
  };
  try {
    await reportBucket(dynamo.config, { bucket: 'reports', host: 'reports.s3.eu-west-1.amazonaws.com' }, undefined).put(
      'cases/a.html',
      PAGE,
    );
  } finally {
    globalThis.fetch = real;
  }
  expect(asked).toEqual(['https://reports.s3.eu-west-1.amazonaws.com/cases/a.html']);
});
