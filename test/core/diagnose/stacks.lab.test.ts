/**
 * Services that others wrote, as the host's script saw them in `npm run stacks`; each file says in
 * `from` where it comes from.
 */
import { diagnose } from '../../../core/diagnose/diagnose';
import { isLead, type Cause, type Finding, type HostCapture } from '../../../core/model';
import { captures, sceneInput, STACKS } from './captures';

/** What went wrong on app-3, and who did it. */
const TRUTH: Readonly<Record<string, { readonly cause: Cause; readonly culprit?: string }>> = {
  'apache-lookups': { cause: 'config-drift' },
  'apache-slow-client': { cause: 'pool-starvation', culprit: '/usr/bin/python3 /opt/jobs/check_links' },
  'apache-slow-client-quick': { cause: 'pool-starvation', culprit: '/usr/bin/python3 /opt/jobs/check_links' },
  'apache-workers': { cause: 'config-drift' },
  'container-report': { cause: 'pool-starvation', culprit: '/usr/bin/python3 /opt/reports/monthly_report --month previous' },
  'cpu-weight': { cause: 'cpu-saturation' },
  'direct-writer': { cause: 'disk-io', culprit: '/bin/sh /opt/jobs/backup_volume' },
  'django-sqlite': { cause: 'pool-starvation', culprit: '/bin/sh /opt/jobs/import_prices' },
  'express-agent': { cause: 'config-drift' },
  'express-quota': { cause: 'cpu-saturation' },
  'express-search': { cause: 'event-loop-block', culprit: '/bin/sh /opt/jobs/check_search' },
  'fuse-hang': { cause: 'slow-dependency' },
  'gunicorn-killed': { cause: 'config-drift' },
  'gunicorn-report': { cause: 'pool-starvation', culprit: '/usr/bin/python3 /opt/reports/monthly_report --month previous' },
  'gunicorn-rules': { cause: 'config-drift' },
  'gunicorn-traced': { cause: 'config-drift' },
  'haproxy-maxconn': { cause: 'config-drift' },
  'haproxy-ports': { cause: 'socket-leak', culprit: '/usr/bin/python3 /opt/jobs/poll_stock' },
  'hosts-list': { cause: 'config-drift' },
  'hosts-list-busy': { cause: 'dns' },
  'http-slots': { cause: 'socket-leak' },
  'http-slots-idle': { cause: 'socket-leak' },
  'images-index': { cause: 'memory-pressure', culprit: '/bin/sh /opt/jobs/count_images' },
  'large-answers': { cause: 'slow-dependency' },
  'large-answers-tail': { cause: 'slow-dependency' },
  'lighttpd-descriptors': { cause: 'fd-exhaustion' },
  'log-server-refused': { cause: 'slow-dependency' },
  'mariadb-connections': { cause: 'pool-starvation', culprit: '/usr/bin/php /opt/jobs/sync_customers' },
  'mariadb-full': { cause: 'disk-full' },
  'mariadb-full-asleep': { cause: 'disk-full', culprit: '/usr/bin/python3 /opt/jobs/audit_trace' },
  'mariadb-index': { cause: 'slow-dependency' },
  'mariadb-query': { cause: 'pool-starvation', culprit: '/bin/sh /opt/jobs/report_sales' },
  'memcached-slots': { cause: 'pool-starvation', culprit: '/usr/bin/python3 /opt/jobs/warm_cache' },
  'memcached-small': { cause: 'config-drift' },
  'memory-limit': { cause: 'config-drift' },
  'mojo-checksums': { cause: 'disk-io', culprit: '/bin/sh /opt/jobs/verify_media' },
  'nginx-rate': { cause: 'config-drift' },
  'pgbouncer-small': { cause: 'config-drift' },
  'php-by-hand': { cause: 'pool-starvation', culprit: 'mariadb -h db-1.internal -u‹hidden› -p‹hidden› ‹hidden› shop' },
  'php-children': { cause: 'config-drift' },
  'php-dump': { cause: 'pool-starvation', culprit: '/bin/sh /opt/jobs/nightly_dump' },
  'php-export': { cause: 'pool-starvation', culprit: '/bin/sh /opt/jobs/export_orders' },
  'php-inodes': { cause: 'disk-full', culprit: '/bin/sh /opt/jobs/write_labels' },
  'php-name-flood': { cause: 'dns', culprit: '/usr/bin/python3 /opt/jobs/name_visitors' },
  'php-opcache': { cause: 'config-drift' },
  'php-strace': {
    cause: 'tracer-attached',
    culprit: 'strace -f -tt -o /tmp/trace -p 118 -p 119 -p 120 -p 121 -p 122 -p 123 -p 124 -p 125',
  },
  'php-visits': { cause: 'config-drift' },
  'pod-sidecar': { cause: 'cpu-saturation', culprit: '/usr/bin/python3 /opt/agent/ship_logs --spool /var/spool/ship' },
  'port-shared': { cause: 'config-drift', culprit: 'nginx: master process nginx -c /root/test/nginx.conf' },
  'puma-pgbouncer': { cause: 'pool-starvation', culprit: '/usr/bin/python3 /opt/jobs/sync_inventory' },
  'puma-threads': { cause: 'config-drift' },
  'rabbit-flood': { cause: 'pool-starvation', culprit: '/usr/bin/python3 /opt/jobs/replay_events' },
  'redis-fsync': { cause: 'disk-io' },
  'redis-keys': { cause: 'pool-starvation', culprit: '/bin/sh /opt/jobs/count_sessions' },
  'redis-pause': { cause: 'slow-dependency' },
  'redis-script': { cause: 'pool-starvation', culprit: '/bin/sh /opt/jobs/purge_sessions' },
  'redis-script-between': { cause: 'pool-starvation', culprit: '/bin/sh /opt/jobs/purge_sessions' },
  'redis-script-unowned': { cause: 'pool-starvation', culprit: '/bin/sh /opt/jobs/purge_sessions' },
  'replica-cold': { cause: 'slow-dependency' },
  'resolver-search': { cause: 'dns' },
  'resolver-upstream': { cause: 'dns' },
  'rsync-link': { cause: 'slow-dependency', culprit: '/bin/sh /opt/jobs/ship_archive' },
  'sinatra-labels': { cause: 'pool-starvation', culprit: '/bin/sh /opt/jobs/reprint_labels' },
  'sinatra-tasks': { cause: 'config-drift' },
  'starman-half': { cause: 'config-drift' },
  'starman-half-loaded': { cause: 'config-drift' },
  'starman-ledger': { cause: 'pool-starvation', culprit: '/usr/bin/perl /opt/jobs/close_books' },
  'starman-loss': { cause: 'slow-dependency' },
  'syn-limit': { cause: 'slow-dependency' },
  'syslog-stopped': { cause: 'slow-dependency', culprit: '/bin/sh /opt/jobs/rotate_logs' },
  'tomcat-heap-dump': { cause: 'tracer-attached', culprit: '/bin/sh /opt/jobs/watch_heap' },
  'tomcat-interpreted': { cause: 'config-drift' },
  'tomcat-leak': { cause: 'pool-leak' },
  'tomcat-locks': { cause: 'pool-starvation', culprit: '/bin/sh /opt/jobs/reconcile_stock' },
  'tomcat-log-pipe': { cause: 'slow-dependency' },
  'tomcat-small-heap': { cause: 'config-drift' },
  'unicorn-loops': { cause: 'cpu-saturation' },
  'unicorn-previews': { cause: 'cpu-saturation', culprit: '/usr/bin/python3 /opt/previews/render_preview /srv/shop/bill.txt' },
  'unicorn-sidecar': { cause: 'slow-dependency' },
  'unicorn-stops': { cause: 'tracer-attached', culprit: '/usr/bin/perl /opt/jobs/cap_cpu' },
  'uwsgi-quota': { cause: 'pool-starvation', culprit: '/usr/bin/python3 /opt/jobs/sync_prices' },
  'uwsgi-trace': { cause: 'disk-full', culprit: '/usr/bin/python3 /opt/jobs/record_answers' },
  'varnish-backend': { cause: 'pool-starvation', culprit: '/usr/bin/python3 /opt/jobs/print_catalog' },
  'xdebug-left': { cause: 'config-drift' },
};
/** The page takes a second on every host, as it should not. */
const SHARED: Readonly<Record<string, Cause>> = { 'express-agent': 'shared-dependency' };
const SCENES = Object.keys(TRUTH);

const input = (scene: string, host = 'app-3') => sceneInput(scene, host, STACKS);

function first({ sick, peers, now }: ReturnType<typeof sceneInput>): Finding {
  const [finding] = diagnose({ sick, peers, now }).findings;
  if (finding === undefined) throw new Error('a diagnosis has a first finding');
  return finding;
}

function told({ cause, culprit }: Finding) {
  return culprit === undefined ? { cause } : { cause, culprit: culprit.command };
}

function edited(capture: HostCapture, from: RegExp, to: string): HostCapture {
  return 'stdout' in capture ? { ...capture, stdout: capture.stdout.replaceAll(from, to) } : capture;
}

describe('services of others', () => {
  test.each(SCENES)('%s is told, with whoever did it, and nobody else is blamed', (scene) => {
    const { findings } = diagnose(input(scene));
    expect(findings.slice(0, 1).map(told)).toEqual([TRUTH[scene]]);
    const blamed = findings.flatMap(({ culprit }) => culprit?.command ?? []);
    expect(blamed.filter((command) => command !== TRUTH[scene]?.culprit)).toEqual([]);
  });

  test.each(SCENES)('%s: no healthy peer is given a likely cause or a culprit', (scene) => {
    const hosts = [...captures(scene, STACKS).keys()].filter((host) => host !== 'app-3');
    const findings = hosts.flatMap((host) => diagnose(input(scene, host)).findings).filter(({ cause }) => cause !== SHARED[scene]);
    expect(findings.filter((one) => one.culprit !== undefined || (one.cause !== 'unknown' && !isLead(one)))).toEqual([]);
  });

  test.each(SCENES)('%s: a host that is like the sick one in all has no cause', (scene) => {
    const { sick, now } = input(scene);
    const { findings } = diagnose({ sick, peers: ['x', 'y', 'z'].map((host) => ({ ...sick, host })), now });
    expect(findings.filter(({ cause, culprit }) => culprit !== undefined || !['unknown', 'shared-dependency'].includes(cause))).toEqual([]);
  });
});

describe("TCP's clocks", () => {
  test('idle connections of a JVM are no leak where its peers hold theirs idle, too', () => {
    const { findings } = diagnose(input('tomcat-idle-pool'));
    expect(findings[0]?.cause).toBe('config-drift');
    expect(findings.map(({ cause }) => cause)).not.toContain('pool-leak');
  });

  test('where they tie, a child of cron that holds locks is told before a leak, and its oldest run is named', () => {
    const { sick, peers, now } = input('gunicorn-ties');
    const tied = (capture: HostCapture) => edited(capture, /^(db\t39\t\S+\t\d+\t\d+)\t\d+/gm, '$1\t0'); // as the present script tells of ties
    const finding = first({ sick: tied(sick), peers: peers.map(tied), now });
    expect(finding.cause).toBe('pool-starvation');
    expect(finding.culprit).toMatchObject({ pid: 53, command: '/usr/bin/python3 /opt/reports/monthly_report --month previous' });
  });

  test('a round trip that grew by delayed acknowledgements is no far database', () => {
    expect(diagnose(input('redis-script')).findings[0]?.against).toEqual([]);
  });
});

describe('a machine that is loaded as a whole', () => {
  /**
   * Every host: CPUs nine tenths busy, threads that wait for a CPU, answers that take 300 ms
   * longer.
   */
  const loaded = (capture: HostCapture): HostCapture => {
    if (!('stdout' in capture)) return capture;
    const stdout = capture.stdout
      .replaceAll(/^cpu\t.*$/gm, 'cpu\t1500\t0\t320\t180\t0\t0\t0\t0')
      .replaceAll(/^(thread(?:\t[^\t]*){5})\t(\d+)\t(\d+)$/gm, (_, head: string, wait: string, all: string) =>
        [head, Math.min(Number(all), Number(wait) + 0.45 * Number(all)).toFixed(0), all].join('\t'),
      )
      .replaceAll(/^(http\t[^\t]*\t[^\t]*\t\d+)\t(\d+)/gm, (_, head: string, ms: string) => `${head}\t${Number(ms) + 300}`);
    return { ...capture, stdout };
  };
  const rest = ({ sick, peers, now }: ReturnType<typeof sceneInput>) => ({ sick: loaded(sick), peers: peers.map(loaded), now });

  const LAB = [
    'pool-starvation',
    'pool-leak',
    'disk-full',
    'fd-exhaustion',
    'dns',
    'release-drift',
    'event-loop-block',
    'healthy',
    'all-slow',
  ];

  test.each(LAB)('gives the same first answer: %s', (scene) => {
    expect(told(first(rest(sceneInput(scene, 'app-3'))))).toEqual(told(first(sceneInput(scene, 'app-3'))));
  });

  test.each(SCENES)('gives the same first answer on services of others: %s', (scene) => {
    expect(told(first(rest(input(scene))))).toEqual(TRUTH[scene]);
  });
});
