/** What several scenes say alike. */
import type { Scene } from '../scene';
import { POSTGRES } from '../sides';

type Shop = Pick<Scene, 'port' | 'page' | 'users' | 'thinkMs' | 'parameters' | 'secrets'>;

/** A shop with one page and no page of metrics, and so many users for each host. */
export function shopOn(port: number, users: number): Shop {
  const parameters = { appPort: String(port), healthPort: String(port), metricsPath: '-', probePath: '/cart' };
  return { port, page: '/cart', users, thinkMs: 900, parameters, secrets: ['correcthorse'] };
}

/** gunicorn with SQLAlchemy; PostgreSQL beside it. */
export const PYTHON_SHOP = { sides: [POSTGRES], ...shopOn(8000, 30) } as const satisfies Partial<Scene>;

/** Tomcat with HikariCP, and nothing that tells of its pool or its heap. */
export const TOMCAT_SHOP = { trees: ['tomcat'], sides: [POSTGRES], ...shopOn(8080, 20) } as const satisfies Partial<Scene>;

/** A crontab line of root that cron starts in its next minute, and once only. */
export function everyMinute(command: string): string {
  return `echo '* * * * * flock -n /run/job.lock ${command}' | crontab -`;
}

/** A job that cron starts on the sick host alone. */
export function byCron(command: string): Scene['strike'] {
  return async (sick) => void (await sick.sh(everyMinute(command)));
}
