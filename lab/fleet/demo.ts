import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { currentEnclosure, enclose } from './enclose';
import { addressOf, Fleet, HEALTH_PAGE, PAGE, startFleet } from './fleet';
import { SHOP_PORT, type Host } from './hosts';
import { preflight } from './preflight';

const t0 = Date.now();
const say = (...words: unknown[]): void => console.log(`[${((Date.now() - t0) / 1000).toFixed(2)}s]`, ...words);

async function timed(url: string): Promise<{ ms: number; status: number; body: string }> {
  const began = performance.now();
  const response = await fetch(url);
  const body = await response.text();
  return { ms: performance.now() - began, status: response.status, body };
}
const metric = (body: string, name: string): number => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(body)?.[1]);

async function row(host: Host): Promise<string> {
  const url = (path: string): string => `http://${host.address}:${SHOP_PORT}${path}`;
  const [page, health, metrics, sockets] = await Promise.all([
    timed(url(PAGE)),
    timed(url(HEALTH_PAGE)),
    timed(url('/metrics')),
    host.sh('ss -Htn dst :5432 | wc -l'),
  ]);
  const pool = ['active', 'max', 'wait'].map((name) => metric(metrics.body, `connection_pool_${name}`));
  return `${host.name} page ${page.status} ${page.ms.toFixed(0)} ms | health ${health.status} ${health.ms.toFixed(0)} ms | pool ${pool[0]}/${pool[1]} wait ${pool[2]} | :5432 ${sockets.trim()}`;
}
async function table(fleet: Fleet): Promise<void> {
  for (const line of await Promise.all(fleet.hosts.map(row))) say('  ', line);
}
async function poolOf(host: Host): Promise<{ active: number; wait: number }> {
  const { body } = await timed(`http://${host.address}:${SHOP_PORT}/metrics`);
  return { active: metric(body, 'connection_pool_active'), wait: metric(body, 'connection_pool_wait') };
}

async function inside(): Promise<void> {
  const enclosure = currentEnclosure()!;
  say('enclosed', enclosure);
  const fleet = await startFleet({ enclosure, onPhase: (name) => say('phase', name) });
  say('fleet up');
  const endpoints = fleet.hosts.map((host) => ({ target: fleet.target(host), address: addressOf(fleet, fleet.target(host)) }));
  const bad: unknown[] = [];
  await fleet.balance({
    routable: () => endpoints,
    checked: () => endpoints,
    sticky: () => true,
    check: { path: HEALTH_PAGE, intervalMs: 1000, timeoutMs: 800 },
    onHealthCheck: (r) => r.ok || bad.push(r),
  });
  fleet.openDoors();
  say('users', fleet.users.count);
  await sleep(4000);
  await table(fleet);
  const sample = await fleet.users.clientSample(20);
  say('client sample slow fraction', sample.slowFraction);
  const sick = fleet.hosts[2]!;
  const fired = Date.now();
  await fleet.fireCron(sick);
  for (;;) {
    const pool = await poolOf(sick);
    if (pool.active === 20 && pool.wait > 0) break;
    await sleep(100);
  }
  say('pool full after', Date.now() - fired, 'ms');
  for (;;) {
    const pool = await poolOf(sick);
    if (pool.wait >= 38) break;
    await sleep(100);
  }
  say('38 waiting after', Date.now() - fired, 'ms');
  await table(fleet);
  const [late, peers] = await Promise.all([
    fleet.users.clientSample(20),
    Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        await sleep(i * 100);
        return Promise.all(fleet.hosts.map((h) => poolOf(h)));
      }),
    ),
  ]);
  say('client sample slow fraction', late.slowFraction);
  fleet.hosts.forEach((host, i) => {
    const a = peers.map((p) => p[i]!.active).sort((x, y) => x - y);
    const w = peers.map((p) => p[i]!.wait).sort((x, y) => x - y);
    say('  ', host.name, 'active p10/50/90', a[4], a[20], a[36], 'wait p50', w[20]);
  });
  say(
    await sick.sh(
      'hostname; cat /proc/1/comm; ps -eo pid,ppid,user,etimes,rss,comm,args; crontab -l; df -h | tail -8; ss -Htnp dst :5432 | tail -3',
    ),
  );
  say('health checks failed', bad.length, 'memory', fleet.memory());
  say(
    'response times',
    fleet.loadBalancer!.takeResponseTimes().map((r) => `${r.target.id} n ${r.latencyMs.length} max ${Math.max(...r.latencyMs).toFixed(0)}`),
  );
  const stopped = Date.now();
  await fleet.stopJob(sick);
  for (;;) {
    const pool = await poolOf(sick);
    if (pool.active < 20 && pool.wait === 0) break;
    await sleep(20);
  }
  say('pool recovered after', Date.now() - stopped, 'ms');
  await sleep(1000);
  await table(fleet);
  const hung = await sick.exec({ command: { script: 'sleep 100 & echo started; wait' }, timeoutS: 1 });
  say(hung, await sick.sh('crontab -l; ps -eo args | grep -c "[s]leep 100" || true'));
  await fleet.stop();
  say('stopped');
}

async function outside(): Promise<void> {
  const ready = preflight(resolve(__dirname, '../..'));
  if ('problems' in ready) {
    console.error(ready.problems);
    process.exitCode = 3;
    return;
  }
  say(ready);
  process.exitCode = await enclose(ready);
}
(process.env['LAB_ENCLOSURE'] ? inside() : outside()).catch((cause: unknown) => {
  console.error(cause);
  process.exit(1);
});
