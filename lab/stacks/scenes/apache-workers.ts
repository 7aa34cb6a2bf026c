import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Nobody does any harm: the host was left with a setting that no process shows. */
export const apacheWorkers: Scene = {
  title: 'Apache with mod_php: one host was left with a single worker',
  trees: ['apache'],
  ...shopOn(8080, 20),
  strike: async (sick) => {
    await sick.sh(
      'printf "StartServers 1\\nMinSpareServers 1\\nMaxSpareServers 1\\nServerLimit 1\\nMaxRequestWorkers 1\\n" > /etc/apache2/mods-available/mpm_prefork.conf; apache2ctl stop; sleep 2; setsid sh /etc/lab/start.d/30-apache.sh > /var/log/lab-again.log 2>&1 < /dev/null &',
    );
  },
  truth: {
    causes: ['config-drift', 'pool-starvation', 'accept-queue-overflow'],
    story: 'Apache of app-3 has one worker, those of its peers up to forty; requests wait in the backlog of its port',
  },
};
