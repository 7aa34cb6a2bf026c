import { fail, ok, orOk, type Check } from '../check';

/**
 * Whether the log groups are there that real requests are counted in. Whether the load balancers
 * deliver to them is seen in the first case: the alert says how many requests there were.
 */
export const accessLogs: Check = {
  name: 'access logs',
  run: async ({ config, account, aws }) => {
    if (config.accessLogs === undefined) return [ok('none are configured: real requests are no second view (accessLogs)')];
    const { logGroups } = config.accessLogs;
    const known = await Promise.all(logGroups.map(async (name) => ({ name, isThere: await account.hasLogGroup(name) })));
    const missing = known.filter(({ isThere }) => !isThere);
    return orOk(
      missing.map(({ name }) => fail(`there is no log group ${name}`, aws(`logs create-log-group --log-group-name ${name}`))),
      `${logGroups.join(', ')}; asked only when a removal is due`,
    );
  },
};
