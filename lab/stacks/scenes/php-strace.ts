import type { Scene } from '../scene';
import { shopOn } from './shared';

/** Each call of the kernel stops the worker twice, until strace has written it down. */
export const phpStrace: Scene = {
  title: 'nginx, php-fpm: strace was left attached to the workers of one host',
  trees: ['php', 'php-theme'],
  ...shopOn(8080, 8),
  ownCore: true,
  strike: async (sick) => {
    await sick.sh(
      "setsid strace -f -tt -o /tmp/trace $(pgrep -f 'php-fpm: pool' | sed 's/^/-p /') > /var/log/lab-trace.log 2>&1 < /dev/null &",
    );
  },
  truth: {
    causes: ['tracer-attached'],
    culprit: 'strace',
    story: 'strace, started by hand, traces every worker of php-fpm on app-3 into a file',
  },
};
