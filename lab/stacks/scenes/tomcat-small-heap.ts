import type { Scene } from '../scene';
import { TOMCAT_SHOP } from './shared';

/** The heap was set smaller on one host: the collector runs without end. */
export const tomcatSmallHeap: Scene = {
  ...TOMCAT_SHOP,
  title: 'Tomcat with a heap too small: the collector takes the time',
  ownCore: true,
  strike: async (sick) => {
    await sick.sh(
      `pkill -KILL java; sleep 1; HEAP=46m setsid sh /etc/lab/start.d/30-tomcat.sh > /var/log/lab-again.log 2>&1 < /dev/null &`,
    );
  },
  truth: {
    causes: ['config-drift', 'memory-pressure'],
    story: 'app-3 was started with -Xmx46m and its peers with -Xmx160m; it collects garbage all the time',
  },
};
