import { accountOfConfig } from '../../../core/config';
import { fail, ok, type Check } from '../check';

/** Who asks, and whether that is where the target groups are. */
export const credentials: Check = {
  name: 'credentials',
  run: async ({ identity, config }) => {
    const { account, region, arn } = await identity();
    const wanted = accountOfConfig(config);
    const here = `${region}:${account}`;
    if (wanted !== undefined && wanted !== here)
      return [
        fail(
          `these are credentials for ${account} in ${region}, and the target groups are in ${wanted.split(':').reverse().join(' in ')}: use another --profile or --region`,
        ),
      ];
    return [ok(`${arn}, ${region}`)];
  },
};
