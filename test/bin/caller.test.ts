import { LambdaClient } from '@aws-sdk/client-lambda';
import { callerArn, signed } from '../../bin/caller';
import { open, type Opened } from '../lab/wire-setup';

describe('who asks', () => {
  it('is the name that was given, and the identity that asked', async () => {
    expect(await signed('Ann', async () => 'arn:aws:sts::123456789012:assumed-role/oncall/ann')).toBe(
      'Ann (arn:aws:sts::123456789012:assumed-role/oncall/ann)',
    );
  });

  it('is said to be unknown where it cannot be told: the request goes out all the same', async () => {
    const by = await signed('Ann', () => Promise.reject(new Error('socket hang up')));
    expect(by).toBe('Ann (identity not known: socket hang up)');
  });
});

describe('the identity', () => {
  let opened: Opened;
  beforeEach(async () => void (opened = await open()));
  afterEach(() => opened.door.close());

  it('is what STS says of the credentials that the responder is asked with', async () => {
    const client = new LambdaClient(opened.client);
    expect(await callerArn(client, opened.client.endpoint)).toBe('arn:aws:sts::123456789012:assumed-role/responder/lab');
    expect(opened.calls.map(({ action }) => action)).toEqual(['sts:GetCallerIdentity']);
  });

  it('is an error with what STS answered for credentials that it does not know', async () => {
    const client = new LambdaClient({ ...opened.client, credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'none' } });
    await expect(callerArn(client, opened.client.endpoint)).rejects.toThrow(/^GetCallerIdentity: 403 /);
  });
});
