import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Requests queue inside the proxy: no backlog shows it, and the workers behind are idle. */
export const haproxyMaxconn: Scene = {
  title: 'HAProxy before gunicorn: one host passes a single request on at a time',
  trees: ['haproxy-gunicorn'],
  ...shopOn(8000, 20),
  strike: async (sick) => {
    await sick.sh("sed -i 's/maxconn 32/maxconn 1/' /etc/haproxy/haproxy.cfg; pkill -USR2 -o haproxy");
  },
  truth: {
    causes: ['config-drift'],
    story: 'haproxy.cfg of app-3 has maxconn 1 for its server, those of its peers 32: requests queue in HAProxy',
  },
};
