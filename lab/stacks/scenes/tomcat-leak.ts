import type { Scene } from '../scene';
import { TOMCAT_SHOP } from './shared';

/**
 * A branch of the code that only some requests take does not close its connection. Nothing tells of
 * the pool.
 */
export const tomcatLeak: Scene = {
  ...TOMCAT_SHOP,
  title: 'Tomcat, HikariCP without metrics, PostgreSQL: connections are not given back',
  strike: async (sick) => void (await sick.sh('touch /run/coupons')),
  truth: {
    causes: ['pool-leak'],
    story: 'a feature that is on here only leaves its connection open in a transaction: the pool of ten is used up, each idle',
  },
};
