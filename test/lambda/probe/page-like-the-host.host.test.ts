import { spawnSync } from 'node:child_process';
import { pageInspection } from '../../../core/diagnose/metrics-page';
import { awkPrograms } from '../../../scripts/inspection-script';

/** The host's own programs, over a page as `ask` prints it (lambda/inspect/host/steps/pages.sh). */
function onHost(text: string, names: readonly string[]): { readonly rows: string[]; readonly cut: string | undefined } {
  const programs = awkPrograms();
  const program = ['AWK_PAGE', 'AWK_METRICS'].map((name) => programs.get(name) ?? '').join('\n');
  const { stdout } = spawnSync('awk', ['-v', `names=${names.join(',')}`, program], {
    input: `${text}\n!200 0.012 ${text.length} curl\n`,
    encoding: 'utf8',
  });
  const lines = stdout.split('\n');
  const rows = lines.flatMap((line) => (line.startsWith('metrics\tm\t') ? [line.slice('metrics\t'.length)] : []));
  return { rows, cut: lines.find((line) => line.startsWith('metrics\t!cut'))?.split('\t')[2] };
}

function overNetwork(text: string, names: readonly string[]): { readonly rows: string[]; readonly cut: string | undefined } {
  const look = { atMs: 0, status: 200, ms: 12, bytes: text.length, text };
  const lines = pageInspection(look, look, names).split('\n');
  return { rows: lines.filter((line) => line.startsWith('m\t')), cut: /^## metrics cut (.*)$/m.exec(lines.join('\n'))?.[1] };
}

const MANY = Array.from({ length: 90 }, (_, index) => `shop_other_total{shard="${index}"} ${index}`);

/** Every class of samples, lines that are none, and one too many of a class. */
const PAGE = [
  '# HELP connection_pool_active Connections in use',
  '# TYPE connection_pool_active gauge',
  'requests_total{path="/api/cart",code="200"} 12',
  'request_seconds_bucket{path="/api/cart",le="0.1"} 3',
  'nodejs_eventloop_lag_p99_seconds 0.011',
  'process_open_fds 42',
  'build_info{version="1.42.0"} 1',
  'hikaricp_connections_active{pool="orders"} 7',
  'connection_pool_active 20',
  'mine_in_use 4',
  'jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 5000000',
  'go_gc_duration_seconds{quantile="0.5"} 1.2e-05',
  'not_a_number NaN',
  'an_infinity +Inf',
  'no value',
  '',
  `too_long{path="/${'a'.repeat(400)}"} 1`,
  ...MANY,
  'jvm_memory_max_bytes{area="heap",id="G1 Old Gen"} 1000000000',
].join('\n');

test.each([[[]], [['mine_in_use']]])('a page is chosen from as on a host, with the names %j', (names) => {
  const host = onHost(PAGE, names);
  expect(host.rows.length).toBeGreaterThan(60);
  expect(overNetwork(PAGE, names)).toEqual(host);
});
