import type { Scene } from '../scene';
import { shopOn } from './shared';

/** No clock started it, and its file is there for everybody to see. */
export const uwsgiTrace: Scene = {
  title: 'uWSGI keeps a journal on a volume of its own: a recording that somebody started on one host, and forgot, has filled it',
  trees: ['uwsgi-journal', 'loop-disk', 'uwsgi-trace', 'jobs'],
  ...shopOn(8000, 12),
  strike: async (sick) => void (await sick.sh('setsid nohup /opt/jobs/record_answers > /dev/null 2>&1 < /dev/null &')),
  truth: {
    causes: ['disk-full'],
    culprit: 'record_answers',
    story: 'record_answers, started by hand on app-3, has filled /srv/data with answers.trace; a page cannot write its line of the journal',
  },
};
