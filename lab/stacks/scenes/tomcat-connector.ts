import type { Scene } from '../scene';
import { TOMCAT_SHOP } from './shared';

/** No option and no variable: a number in the XML that Tomcat reads. */
export const tomcatConnector: Scene = {
  ...TOMCAT_SHOP,
  title: 'Tomcat, HikariCP, PostgreSQL: the connector of one host was left with one thread',
  strike: async (sick) => {
    await sick.sh(
      `sed -i 's/maxThreads="60"/maxThreads="1"/' /srv/tomcat/conf/server.xml; pkill -KILL java; sleep 1; setsid sh /etc/lab/start.d/30-tomcat.sh > /var/log/lab-again.log 2>&1 < /dev/null &`,
    );
  },
  truth: {
    causes: ['config-drift', 'pool-starvation', 'accept-queue-overflow'],
    story: 'maxThreads is 1 in server.xml of app-3 and 60 on its peers: one page is served at a time',
  },
};
