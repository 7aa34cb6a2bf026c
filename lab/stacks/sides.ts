/** Machines beside the application's hosts that several scenes have. */
import type { SideMachine } from './scene';

/** PostgreSQL with the shop's tables. */
export const POSTGRES: SideMachine = { name: 'db-1', address: '10.0.1.20', trees: ['postgres'], ready: '/run/ready' };

/** MariaDB with the shop's tables. */
export const MARIADB: SideMachine = { name: 'db-1', address: '10.0.1.20', trees: ['mariadb'], ready: '/run/ready' };
