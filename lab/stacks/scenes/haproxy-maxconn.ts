import type { Scene } from '../scene';
import { PYTHON_PARAMETERS } from './shared';

/** Requests queue inside the proxy: no backlog shows it, and the workers behind are idle. */
export const haproxyMaxconn: Scene = {
  title: 'HAProxy before gunicorn: one host passes a single request on at a time',
  trees: ['haproxy-gunicorn'],
  port: 8000,
  page: '/cart',
  users: 20,
  thinkMs: 900,
  parameters: PYTHON_PARAMETERS,
  secrets: ['correcthorse'],
  strike: async (sick) => {
    await sick.sh("sed -i 's/maxconn 32/maxconn 1/' /etc/haproxy/haproxy.cfg; pkill -USR2 -o haproxy");
  },
  truth: {
    causes: ['config-drift'],
    story: 'haproxy.cfg of app-3 has maxconn 1 for its server, those of its peers 32: requests queue in HAProxy',
  },
};
