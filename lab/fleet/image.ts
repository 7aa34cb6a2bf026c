/**
 * What every host finds on its disk: the shop's releases, the report, cron and the service's start
 * script.
 */
import { build, stop as stopEsbuild, type BuildOptions } from 'esbuild';
import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ADDRESSES } from './network';

export const CURRENT_RELEASE = '1.42.0';
export const OLDER_RELEASE = '1.41.3';
/** As `crontab` has it; the lab makes that minute come. */
export const ROTATION = { schedule: '*/5 * * * *', program: 'rotate_logs' } as const;
export const REHASH = { schedule: '30 3 * * *', program: 'rehash_passwords' } as const;
export const REPORT = { schedule: '10 2 1 * *', program: 'generate_monthly_report' } as const;

const SOURCE = __dirname;
const DIRECTORIES = [
  'bin',
  'etc',
  'ssm',
  'shop/bin',
  'shop/data',
  'shop/log',
  'shop/run',
  `shop/releases/${CURRENT_RELEASE}`,
  `shop/releases/${OLDER_RELEASE}`,
];
const SCRIPTS = [
  ['init.sh', 'bin/init'],
  ['crond.sh', 'bin/crond'],
  ['crontab.sh', 'bin/crontab'],
  ['shop-service.sh', 'bin/shop-service'],
  ['task.sh', 'bin/task'],
  ['rotate_logs.sh', 'shop/bin/rotate_logs'],
] as const;

async function bundle(entry: string, outfile: string, extra: Pick<BuildOptions, 'define' | 'banner'>): Promise<void> {
  const common: BuildOptions = { bundle: true, platform: 'node', target: 'node20', external: ['pg-native'], logLevel: 'silent' };
  await build({ ...common, ...extra, entryPoints: [join(SOURCE, 'shop', entry)], outfile });
}

async function bundleShop(image: string, directory: string): Promise<void> {
  const release = (version: string): Promise<void> =>
    bundle('server.ts', `${image}/shop/releases/${version}/server.js`, { define: { SHOP_RELEASE: JSON.stringify(version) } });
  const report = `${image}/shop/bin/${REPORT.program}`;
  const rehash = `${image}/shop/bin/${REHASH.program}`;
  // Node is reached by a link: its real path may be longer than a #! line can hold
  const banner = { js: `#!${directory}/shop/bin/node` };
  await Promise.all([
    release(CURRENT_RELEASE),
    release(OLDER_RELEASE),
    bundle('generate-monthly-report.ts', report, { banner }),
    bundle('rehash-passwords.ts', rehash, { banner }),
  ]);
  await Promise.all([chmod(report, 0o755), chmod(rehash, 0o755)]);
}

/** The crontab of one host. Only a host that still has the report carries its line. */
export function crontab(directory: string, withReport: boolean, reportSchedule: string = REPORT.schedule): string {
  const lines = ['# m h dom mon dow command', `${ROTATION.schedule} ${directory}/shop/bin/${ROTATION.program}`];
  if (withReport) lines.push(`${reportSchedule} ${directory}/shop/bin/${REPORT.program} --month previous`);
  return `${lines.join('\n')}\n`;
}

/** `resolv.conf` that asks the given name server. */
export function resolverConfiguration(address: string): string {
  return `nameserver ${address}\noptions timeout:3 attempts:2\n`;
}

/** Writes the image to `directory`/image; each host copies it. */
export async function writeImage(directory: string): Promise<void> {
  const image = join(directory, 'image');
  for (const name of DIRECTORIES) await mkdir(join(image, name), { recursive: true });
  await mkdir(join(directory, 'blank'), { recursive: true });
  for (const [from, to] of SCRIPTS) {
    await copyFile(join(SOURCE, 'host', from), join(image, to));
    await chmod(join(image, to), 0o755);
  }
  await symlink(process.execPath, join(image, 'shop/bin/node'));
  await symlink(`releases/${CURRENT_RELEASE}`, join(image, 'shop/current'));
  await writeFile(join(image, 'etc/resolv.conf'), resolverConfiguration(ADDRESSES.resolver));
  await writeFile(join(image, 'etc/nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
  await bundleShop(image, directory);
  await stopEsbuild(); // its service would otherwise stay for as long as the lab
}
