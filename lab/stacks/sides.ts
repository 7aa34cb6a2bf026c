/** Machines beside the application's hosts that several scenes have. */
import type { SideMachine } from './scene';

/** PostgreSQL with the shop's tables. */
export const POSTGRES: SideMachine = { name: 'db-1', address: '10.0.1.20', trees: ['postgres'], ready: '/run/ready' };

/** MariaDB with the shop's tables. */
export const MARIADB: SideMachine = { name: 'db-1', address: '10.0.1.20', trees: ['mariadb'], ready: '/run/ready' };

/**
 * Two more PostgreSQL servers with the same tables: one as fast as the primary, one that takes its
 * time.
 */
export const REPLICA: SideMachine = { name: 'replica-1', address: '10.0.1.21', trees: ['postgres'], ready: '/run/ready' };
export const COLD_REPLICA: SideMachine = {
  name: 'replica-2',
  address: '10.0.1.22',
  trees: ['postgres', 'cold-replica'],
  ready: '/run/cold-ready',
};

/** nginx with a page of the stock, which closes a connection that was idle for two seconds. */
export const STOCK: SideMachine = { name: 'stock-1', address: '10.0.1.30', trees: ['stock'], ready: '/run/ready' };

/** nginx with a catalogue that it sends slowly to everybody. */
export const CATALOG: SideMachine = { name: 'stock-1', address: '10.0.1.30', trees: ['stock-catalog'], ready: '/run/ready' };

/** nginx as a partner's interface, which serves so many requests a second to each address. */
export const PRICES: SideMachine = { name: 'prices-1', address: '10.0.1.40', trees: ['price-api'], ready: '/run/ready' };

/** rsyslog that takes the fleet's lines by TCP. */
export const COLLECTOR: SideMachine = { name: 'logs-1', address: '10.0.1.41', trees: ['log-collector'], ready: '/run/ready' };

/** rsync as a daemon, where archives go. */
export const STORE: SideMachine = { name: 'store-1', address: '10.0.1.42', trees: ['rsync-store'], ready: '/run/ready' };

/** rsyslog that takes the logs of the fleet. */
export const LOGS: SideMachine = { name: 'logs-2', address: '10.0.1.43', trees: ['log-server'], ready: '/run/ready' };

/** dnsmasq as the resolver of a network, whose zone of foreign addresses nobody answers for. */
export const RESOLVER: SideMachine = { name: 'resolver-1', address: '10.0.1.44', trees: ['slow-zones'], ready: '/run/ready' };
