/** Every scene, by name. To add one: a file here, its services as trees, one line in the map. */
import type { Scene } from '../scene';
import { gunicornReport } from './gunicorn-report';
import { gunicornReportEverywhere } from './gunicorn-report-everywhere';
import { gzipXargs } from './gzip-xargs';
import { phpDump } from './php-dump';
import { phpExport } from './php-export';
import { pumaPgbouncer } from './puma-pgbouncer';
import { redisScript } from './redis-script';
import { tomcatLeak } from './tomcat-leak';
import { tomcatSmallHeap } from './tomcat-small-heap';

export const SCENES: Readonly<Record<string, Scene>> = {
  'gunicorn-report': gunicornReport,
  'gunicorn-report-everywhere': gunicornReportEverywhere,
  'gzip-xargs': gzipXargs,
  'php-dump': phpDump,
  'php-export': phpExport,
  'puma-pgbouncer': pumaPgbouncer,
  'redis-script': redisScript,
  'tomcat-leak': tomcatLeak,
  'tomcat-small-heap': tomcatSmallHeap,
};
