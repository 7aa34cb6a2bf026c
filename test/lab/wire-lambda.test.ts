import {
  InvalidRequestContentException,
  InvokeCommand,
  LambdaClient,
  RequestTooLargeException,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import type { InvokePort } from '../../lab/wire/service-lambda';
import { AwsError } from '../../lab/world/aws-error';
import { open, type Opened } from './wire-setup';

let opened: Opened;
let client: LambdaClient;
let invoked: Parameters<InvokePort>[];

beforeEach(async () => {
  invoked = [];
  opened = await open({
    invoke: async (...call) => {
      invoked.push(call);
      const [name, payload] = call;
      if (name === 'broken') return { functionError: 'Unhandled', payload: { errorType: 'Error', errorMessage: 'kaputt – ü' } };
      if (name === 'nobody') throw new AwsError('ResourceNotFoundException', 'Function not found');
      return { payload: { echo: payload } };
    },
  });
  client = new LambdaClient(opened.client);
});

afterEach(async () => {
  client.destroy();
  await opened.door.close();
});

const text = (payload: Uint8Array | undefined): unknown => JSON.parse(Buffer.from(payload ?? []).toString());

test('a synchronous invoke brings the answer back', async () => {
  const answer = await client.send(new InvokeCommand({ FunctionName: 'prober', Payload: Buffer.from('{"path":"/ü?<&>"}') }));
  expect(answer.StatusCode).toBe(200);
  expect(answer.FunctionError).toBeUndefined();
  expect(text(answer.Payload)).toEqual({ echo: { path: '/ü?<&>' } });
});

test('an event is accepted with 202 and no payload', async () => {
  const FunctionName = 'arn:aws:lambda:us-east-1:123456789012:function:responder';
  const answer = await client.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: Buffer.from('{}') }));
  expect(answer.StatusCode).toBe(202);
  expect(answer.Payload ?? []).toHaveLength(0);
  expect(invoked).toEqual([['responder', {}, 'Event']]);
  expect(opened.calls.at(-1)).toMatchObject({ action: 'lambda:InvokeFunction', resource: FunctionName });
});

test('an alias reaches the function apart from its name, and IAM sees it in the ARN', async () => {
  const FunctionName = 'arn:aws:lambda:us-east-1:123456789012:function:responder';
  await client.send(new InvokeCommand({ FunctionName: 'responder', Qualifier: 'operator' }));
  await client.send(new InvokeCommand({ FunctionName: `${FunctionName}:operator` }));
  await client.send(new InvokeCommand({ FunctionName: 'responder:operator' }));
  expect(invoked).toEqual(Array.from({ length: 3 }, () => ['responder', {}, 'RequestResponse', 'operator']));
  expect(opened.calls.map(({ resource }) => resource)).toEqual(Array.from({ length: 3 }, () => `${FunctionName}:operator`));
});

test('a function that threw is an answer with FunctionError, not an SDK error', async () => {
  const answer = await client.send(new InvokeCommand({ FunctionName: 'broken' }));
  expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  expect(text(answer.Payload)).toEqual({ errorType: 'Error', errorMessage: 'kaputt – ü' });
});

test('a function that does not exist, a payload that is no JSON and one that is too large are typed errors', async () => {
  await expect(client.send(new InvokeCommand({ FunctionName: 'nobody' }))).rejects.toBeInstanceOf(ResourceNotFoundException);
  const garbled = client.send(new InvokeCommand({ FunctionName: 'prober', Payload: Buffer.from('{') }));
  await expect(garbled).rejects.toBeInstanceOf(InvalidRequestContentException);
  const large = Buffer.from(JSON.stringify('x'.repeat(1024 * 1024)));
  const tooLarge = client.send(new InvokeCommand({ FunctionName: 'prober', InvocationType: 'Event', Payload: large }));
  await expect(tooLarge).rejects.toBeInstanceOf(RequestTooLargeException);
});
