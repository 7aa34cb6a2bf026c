import type { Scene } from '../scene';
import { byCron, shopOn } from './shared';

/**
 * Nothing is short: the JVM stands still while it writes its heap down, for whoever attached to it.
 */
export const tomcatHeapDump: Scene = {
  title: 'Tomcat with a catalogue in its heap: a job from cron has the heap dumped again and again',
  trees: ['tomcat', 'tomcat-catalog', 'jobs'],
  ...shopOn(8080, 12),
  strike: byCron('/opt/jobs/watch_heap'),
  truth: {
    causes: ['tracer-attached', 'memory-pressure'],
    culprit: 'watch_heap',
    story: 'watch_heap, started by cron, attaches jcmd to the JVM and has it dump its heap; no thread runs meanwhile',
  },
};
