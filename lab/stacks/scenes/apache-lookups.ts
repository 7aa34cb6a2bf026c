import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Names are found at once; what is asked and not answered is whose address the client has. */
export const apacheLookups: Scene = {
  title: 'Apache with mod_php: HostnameLookups was left on in one host, and nobody answers for the addresses of the load balancer',
  trees: ['apache', 'local-resolver', 'reverse-zone'],
  ...shopOn(8080, 12),
  strike: async (sick) => {
    await sick.sh("sed -i '1i HostnameLookups On' /etc/apache2/ports.conf; apache2ctl graceful");
  },
  truth: {
    causes: ['dns', 'config-drift'],
    story: 'Apache of app-3 looks up the name of each client; the zone of 10.0.0.0/8 has a name server that is gone',
  },
};
