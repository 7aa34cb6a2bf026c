import { fail, ok, type Check } from '../check';

/** Written by `cdk bootstrap` (CDK developer guide, "Bootstrapping"). */
const PARAMETER = '/cdk-bootstrap/hnb659fds/version';
/** Templates of the default synthesizer refuse an older one (their rule CheckBootstrapVersion). */
const LEAST = 6;

export const bootstrap: Check = {
  name: 'bootstrap',
  run: async ({ account, identity, place }) => {
    const { account: number, region } = await identity();
    const version = await account.parameter(PARAMETER);
    const command = `npx --no-install cdk bootstrap aws://${number}/${region}${place.profile === undefined ? '' : ` --profile ${place.profile}`}`;
    if (version === undefined) return [fail(`CDK was never bootstrapped in ${number}, ${region}: nothing can be deployed`, command)];
    if (!(Number(version) >= LEAST)) return [fail(`version ${version} of CDK's bootstrap stack: ${LEAST} or newer is needed`, command)];
    return [ok(`version ${version}`)];
  },
};
