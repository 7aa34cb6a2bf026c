import type { Scene } from '../scene';
import { TOMCAT_SHOP } from './shared';

/** A flag of the JVM that somebody left in the options of one host. */
export const tomcatInterpreted: Scene = {
  ...TOMCAT_SHOP,
  title: 'Tomcat: the JVM of one host compiles nothing (-Xint)',
  trees: ['tomcat', 'tomcat-prices'],
  ownCore: true,
  users: 8,
  strike: async (sick) => {
    await sick.sh(
      "sed -i 's/-Djava.awt/-Xint -Djava.awt/' /etc/lab/start.d/30-tomcat.sh; pkill java; sleep 2; setsid sh /etc/lab/start.d/30-tomcat.sh > /var/log/lab-again.log 2>&1 < /dev/null & sleep 20",
    );
  },
  truth: {
    causes: ['config-drift'],
    story: 'the JVM of app-3 was started with -Xint, those of its peers were not: its pages take ten times the CPU',
  },
};
