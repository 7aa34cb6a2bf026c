import type { World } from '../world/world';
import { queryProtocol } from './protocol-query';
import { read, service, type Caller, type Service } from './service';

/** client-sts is no dependency: this is the schema of the one operation that anybody asks for. */
const NAMESPACE = 'com.amazonaws.sts';
const REQUEST = [3, NAMESPACE, 'GetCallerIdentityRequest', 0, [], []];
const RESPONSE = [3, NAMESPACE, 'GetCallerIdentityResponse', 0, ['UserId', 'Account', 'Arn'], [0, 0, 0]];
const SHAPES = { GetCallerIdentity$: [9, NAMESPACE, 'GetCallerIdentity', 0, () => REQUEST, () => RESPONSE] };

export function stsService({ account }: World): Service {
  const identity = (_input: unknown, { roleArn }: Caller): object => {
    const role = roleArn.split('/').pop() ?? roleArn;
    return { UserId: `AROALAB:${role}`, Account: account.accountId, Arn: `arn:aws:sts::${account.accountId}:assumed-role/${role}/lab` };
  };
  return service({
    signingName: 'sts',
    iamPrefix: 'sts',
    sdkName: 'sts',
    client: SHAPES,
    protocol: queryProtocol('https://sts.amazonaws.com/doc/2011-06-15/'),
    operations: { GetCallerIdentity: read(identity) },
  });
}
