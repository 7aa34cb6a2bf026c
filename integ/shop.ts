/**
 * The story's application, bundled from the lab's own sources, and what an instance does at its
 * first boot to run it.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { buildSync, type BuildOptions } from 'esbuild';
import { CURRENT_RELEASE } from '../lab/fleet/image';

const SOURCE = path.join(__dirname, '..', 'lab', 'fleet', 'shop');

/** Bundles the shop and its monthly report into `directory`, which becomes /opt/shop. */
export function bundleShop(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const common: BuildOptions = { bundle: true, platform: 'node', target: 'node20', external: ['pg-native'], logLevel: 'silent' };
  const define = { SHOP_RELEASE: JSON.stringify(CURRENT_RELEASE) };
  buildSync({ ...common, define, entryPoints: [path.join(SOURCE, 'server.ts')], outfile: path.join(directory, 'current', 'server.js') });
  buildSync({
    ...common,
    entryPoints: [path.join(SOURCE, 'generate-monthly-report.ts')],
    outfile: path.join(directory, 'bin', 'generate_monthly_report.js'),
  });
}

const SHOP_SERVICE = [
  '[Unit]',
  'After=network-online.target',
  '[Service]',
  'WorkingDirectory=/opt/shop',
  'ExecStart=/usr/bin/node-20 /opt/shop/current/server.js',
  'Restart=always',
  '[Install]',
  'WantedBy=multi-user.target',
];

/**
 * Shell lines that run the shop as a service. The database goes by the names that the shop knows.
 */
export function serveShop(name: string, databaseAddress: string, archive: string): string[] {
  return [
    `hostnamectl set-hostname ${name}`,
    `echo "${databaseAddress} db.shop.internal prices.shop.internal" >> /etc/hosts`,
    'dnf install -y nodejs20 cronie unzip',
    'systemctl enable --now crond',
    `mkdir -p /opt/shop/data /opt/shop/log && unzip -q -o ${archive} -d /opt/shop`,
    'cat > /etc/systemd/system/shop.service <<"EOF"',
    ...SHOP_SERVICE,
    'EOF',
    'systemctl daemon-reload && systemctl enable --now shop',
  ];
}

/** Shell lines that run the database, with the shop's schema. */
export function serveDatabase(schema: string, cidr: string): string[] {
  return [
    'dnf install -y postgresql15-server',
    'postgresql-setup --initdb',
    `echo "listen_addresses = '*'" >> /var/lib/pgsql/data/postgresql.conf`,
    'echo "max_connections = 150" >> /var/lib/pgsql/data/postgresql.conf',
    `echo "host shop app ${cidr} trust" >> /var/lib/pgsql/data/pg_hba.conf`,
    'systemctl enable --now postgresql',
    'sudo -u postgres psql -c "CREATE ROLE app LOGIN"',
    'sudo -u postgres psql -c "CREATE DATABASE shop"',
    'cat > /tmp/schema.sql <<"EOF"',
    schema,
    'EOF',
    'sudo -u postgres psql shop -f /tmp/schema.sql',
  ];
}

/** Asks the load balancer that is its argument. */
const USERS = ['#!/bin/bash', 'while :; do curl -s -m 15 -o /dev/null "http://$1/api/cart?user=$((RANDOM % 500))" & sleep 0.2; done'];

/** Shell lines that ask for a page through the load balancer five times a second, as users do. */
export function behaveAsUsers(loadBalancerDns: string): string[] {
  return [
    'cat > /usr/local/bin/users <<"EOF"',
    ...USERS,
    'EOF',
    'chmod +x /usr/local/bin/users',
    'cat > /etc/systemd/system/users.service <<"EOF"',
    '[Service]',
    `ExecStart=/usr/local/bin/users ${loadBalancerDns}`,
    'Restart=always',
    '[Install]',
    'WantedBy=multi-user.target',
    'EOF',
    'systemctl daemon-reload && systemctl enable --now users',
  ];
}

const JOB = '/etc/cron.d/generate_monthly_report';

/**
 * The incident: a cron entry that only one host has, and that is due now. One report runs at a
 * time.
 */
export const BEGIN_INCIDENT = [
  `echo "* * * * * root flock -n /run/report.lock /usr/bin/node-20 /opt/shop/bin/generate_monthly_report.js" > ${JOB}`,
];

/** What the story's engineer does. */
export const END_INCIDENT = [`rm -f ${JOB}`, 'pkill -f /opt/shop/bin/generate_monthly_report.js || true'];
