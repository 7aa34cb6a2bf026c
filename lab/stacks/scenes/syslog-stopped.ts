import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/** syslog(3) waits while the daemon does not read: /dev/log holds a few messages. */
export const syslogStopped: Scene = {
  title: 'Puma, Sinatra, rsyslog: a job from cron has suspended the system log, to which each page writes',
  trees: ['sinatra', 'jobs'],
  ...shopOn(9292, 12),
  strike: byCron('/opt/jobs/rotate_logs'),
  truth: {
    causes: ['slow-dependency', 'pool-starvation'],
    culprit: 'rotate_logs',
    story: 'rotate_logs, started by cron, has stopped rsyslogd while it packs; once /dev/log is full each page waits in syslog(3)',
  },
};
