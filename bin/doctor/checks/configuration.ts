import { ok, type Check } from '../check';

/** Which configuration everything below is about: it was checked when it was read. */
export const configuration: Check = {
  name: 'configuration',
  run: async ({ config, configFrom }) => [ok(`${configFrom}; mode ${config.mode}`)],
};
