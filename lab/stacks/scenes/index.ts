/** Every scene, by name. To add one: a file here, its services as trees, one line in the map. */
import type { Scene } from '../scene';
import { apacheLookups } from './apache-lookups';
import { apacheSlowClient } from './apache-slow-client';
import { apacheWorkers } from './apache-workers';
import { containerCron } from './container-cron';
import { containerReport } from './container-report';
import { cpuWeight } from './cpu-weight';
import { directWriter } from './direct-writer';
import { diskLimit } from './disk-limit';
import { djangoSqlite } from './django-sqlite';
import { expressAgent } from './express-agent';
import { expressQuota } from './express-quota';
import { expressSearch } from './express-search';
import { fuseHang } from './fuse-hang';
import { gunicornKilled } from './gunicorn-killed';
import { gunicornReport } from './gunicorn-report';
import { gunicornReportEverywhere } from './gunicorn-report-everywhere';
import { gunicornRules } from './gunicorn-rules';
import { gunicornTraced } from './gunicorn-traced';
import { gzipXargs } from './gzip-xargs';
import { haproxyMaxconn } from './haproxy-maxconn';
import { haproxyPorts } from './haproxy-ports';
import { haproxyStopped } from './haproxy-stopped';
import { hostsList } from './hosts-list';
import { httpSlots } from './http-slots';
import { imagesIndex } from './images-index';
import { largeAnswers } from './large-answers';
import { lighttpdDescriptors } from './lighttpd-descriptors';
import { logServerRefused } from './log-server-refused';
import { mariadbConnections } from './mariadb-connections';
import { mariadbFull } from './mariadb-full';
import { mariadbIndex } from './mariadb-index';
import { mariadbLocked } from './mariadb-locked';
import { mariadbQuery } from './mariadb-query';
import { memcachedSlots } from './memcached-slots';
import { memcachedSmall } from './memcached-small';
import { memoryLimit } from './memory-limit';
import { mojoChecksums } from './mojo-checksums';
import { nginxRate } from './nginx-rate';
import { pgbouncerPaused } from './pgbouncer-paused';
import { pgbouncerSmall } from './pgbouncer-small';
import { phpByHand } from './php-by-hand';
import { phpChildren } from './php-children';
import { phpDump } from './php-dump';
import { phpExport } from './php-export';
import { phpInodes } from './php-inodes';
import { phpNameFlood } from './php-name-flood';
import { phpOpcache } from './php-opcache';
import { phpStrace } from './php-strace';
import { phpVisits } from './php-visits';
import { podSidecar } from './pod-sidecar';
import { portShared } from './port-shared';
import { pumaPgbouncer } from './puma-pgbouncer';
import { pumaThreads } from './puma-threads';
import { rabbitFlood } from './rabbit-flood';
import { redisFsync } from './redis-fsync';
import { redisKeys } from './redis-keys';
import { redisPause } from './redis-pause';
import { redisSave } from './redis-save';
import { redisScript } from './redis-script';
import { replicaCold } from './replica-cold';
import { resolverSearch } from './resolver-search';
import { resolverUpstream } from './resolver-upstream';
import { rsyncLink } from './rsync-link';
import { sinatraLabels } from './sinatra-labels';
import { sinatraTasks } from './sinatra-tasks';
import { starmanHalf } from './starman-half';
import { starmanLedger } from './starman-ledger';
import { starmanLoss } from './starman-loss';
import { synLimit } from './syn-limit';
import { syslogStopped } from './syslog-stopped';
import { tomcatConnector } from './tomcat-connector';
import { tomcatHeapDump } from './tomcat-heap-dump';
import { tomcatInterpreted } from './tomcat-interpreted';
import { tomcatLeak } from './tomcat-leak';
import { tomcatLocks } from './tomcat-locks';
import { tomcatLogPipe } from './tomcat-log-pipe';
import { tomcatSmallHeap } from './tomcat-small-heap';
import { unicornLoops } from './unicorn-loops';
import { unicornPreviews } from './unicorn-previews';
import { unicornSidecar } from './unicorn-sidecar';
import { unicornStops } from './unicorn-stops';
import { uvicornBlocking } from './uvicorn-blocking';
import { uwsgiQuota } from './uwsgi-quota';
import { uwsgiTrace } from './uwsgi-trace';
import { varnishBackend } from './varnish-backend';
import { xdebugLeft } from './xdebug-left';

export const SCENES: Readonly<Record<string, Scene>> = {
  'apache-lookups': apacheLookups,
  'apache-slow-client': apacheSlowClient,
  'apache-workers': apacheWorkers,
  'container-cron': containerCron,
  'container-report': containerReport,
  'cpu-weight': cpuWeight,
  'direct-writer': directWriter,
  'disk-limit': diskLimit,
  'django-sqlite': djangoSqlite,
  'express-agent': expressAgent,
  'express-quota': expressQuota,
  'express-search': expressSearch,
  'fuse-hang': fuseHang,
  'gunicorn-killed': gunicornKilled,
  'gunicorn-report': gunicornReport,
  'gunicorn-report-everywhere': gunicornReportEverywhere,
  'gunicorn-rules': gunicornRules,
  'gunicorn-traced': gunicornTraced,
  'gzip-xargs': gzipXargs,
  'haproxy-maxconn': haproxyMaxconn,
  'haproxy-ports': haproxyPorts,
  'haproxy-stopped': haproxyStopped,
  'hosts-list': hostsList,
  'http-slots': httpSlots,
  'images-index': imagesIndex,
  'large-answers': largeAnswers,
  'lighttpd-descriptors': lighttpdDescriptors,
  'log-server-refused': logServerRefused,
  'mariadb-connections': mariadbConnections,
  'mariadb-full': mariadbFull,
  'mariadb-index': mariadbIndex,
  'mariadb-locked': mariadbLocked,
  'mariadb-query': mariadbQuery,
  'memcached-slots': memcachedSlots,
  'memcached-small': memcachedSmall,
  'memory-limit': memoryLimit,
  'mojo-checksums': mojoChecksums,
  'nginx-rate': nginxRate,
  'pgbouncer-paused': pgbouncerPaused,
  'pgbouncer-small': pgbouncerSmall,
  'php-by-hand': phpByHand,
  'php-children': phpChildren,
  'php-dump': phpDump,
  'php-export': phpExport,
  'php-inodes': phpInodes,
  'php-name-flood': phpNameFlood,
  'php-opcache': phpOpcache,
  'php-strace': phpStrace,
  'php-visits': phpVisits,
  'pod-sidecar': podSidecar,
  'port-shared': portShared,
  'puma-pgbouncer': pumaPgbouncer,
  'puma-threads': pumaThreads,
  'rabbit-flood': rabbitFlood,
  'redis-fsync': redisFsync,
  'redis-keys': redisKeys,
  'redis-pause': redisPause,
  'redis-save': redisSave,
  'redis-script': redisScript,
  'replica-cold': replicaCold,
  'resolver-search': resolverSearch,
  'resolver-upstream': resolverUpstream,
  'rsync-link': rsyncLink,
  'sinatra-labels': sinatraLabels,
  'sinatra-tasks': sinatraTasks,
  'starman-half': starmanHalf,
  'starman-ledger': starmanLedger,
  'starman-loss': starmanLoss,
  'syn-limit': synLimit,
  'syslog-stopped': syslogStopped,
  'tomcat-connector': tomcatConnector,
  'tomcat-heap-dump': tomcatHeapDump,
  'tomcat-interpreted': tomcatInterpreted,
  'tomcat-leak': tomcatLeak,
  'tomcat-locks': tomcatLocks,
  'tomcat-log-pipe': tomcatLogPipe,
  'tomcat-small-heap': tomcatSmallHeap,
  'unicorn-loops': unicornLoops,
  'unicorn-previews': unicornPreviews,
  'unicorn-sidecar': unicornSidecar,
  'unicorn-stops': unicornStops,
  'uvicorn-blocking': uvicornBlocking,
  'uwsgi-quota': uwsgiQuota,
  'uwsgi-trace': uwsgiTrace,
  'varnish-backend': varnishBackend,
  'xdebug-left': xdebugLeft,
};
