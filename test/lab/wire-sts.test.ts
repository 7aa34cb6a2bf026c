import { ROLE, open, type Opened } from './wire-setup';

let opened: Opened;

beforeEach(async () => {
  opened = await open();
});

afterEach(() => opened.door.close());

test('the caller’s identity is the role of its key', async () => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=AKIARESPONDER/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0';
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(opened.client.endpoint, { method: 'POST', headers, body: 'Action=GetCallerIdentity&Version=2011-06-15' });
  expect(await answer.text()).toContain('<Arn>arn:aws:sts::123456789012:assumed-role/responder/lab</Arn>');
  expect(opened.calls.at(-1)).toMatchObject({ role: ROLE, action: 'sts:GetCallerIdentity' });
});
