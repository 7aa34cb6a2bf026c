/**
 * Takes the place of the SDK's credential chain in the bundles (scripts/build.ts). Lambda hands
 * credentials over in the environment and renews them by renewing the environment; profiles, single
 * sign-on, processes, containers and instance metadata have no business in a handler, and cost it a
 * fifth of its bytes. The command line keeps the whole chain.
 */
import type { AwsCredentialIdentityProvider } from '@smithy/types';

/**
 * As `defaultProvider` of @aws-sdk/credential-provider-node. @throws at the first call of AWS when
 * the environment holds no credentials.
 */
export function defaultProvider(): AwsCredentialIdentityProvider {
  return async () => {
    const {
      AWS_ACCESS_KEY_ID: accessKeyId = '',
      AWS_SECRET_ACCESS_KEY: secretAccessKey = '',
      AWS_SESSION_TOKEN: sessionToken = '',
    } = process.env;
    if (accessKeyId === '' || secretAccessKey === '')
      throw new Error(
        'no credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set; the bundled handlers know no other place',
      );
    return { accessKeyId, secretAccessKey, ...(sessionToken === '' ? {} : { sessionToken }) };
  };
}
