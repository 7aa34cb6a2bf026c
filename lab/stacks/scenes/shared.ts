/** What several scenes say of the Python shop. */
import type { Scene } from '../scene';
import { POSTGRES } from '../sides';

/** gunicorn with SQLAlchemy on port 8000; PostgreSQL beside it; no page of metrics. */
export const PYTHON_SHOP = {
  sides: [POSTGRES],
  port: 8000,
  page: '/cart',
  users: 30,
  thinkMs: 900,
  parameters: { appPort: '8000', healthPort: '8000', metricsPath: '-', probePath: '/cart' },
  secrets: ['correcthorse'],
} as const satisfies Partial<Scene>;

/** A crontab line of root that cron starts in its next minute, and once only. */
export function everyMinute(command: string): string {
  return `echo '* * * * * flock -n /run/job.lock ${command}' | crontab -`;
}

/** Tomcat with HikariCP on port 8080, nothing that tells of its pool or its heap. */
export const TOMCAT_SHOP = {
  trees: ['tomcat'],
  sides: [POSTGRES],
  port: 8080,
  page: '/cart',
  users: 20,
  thinkMs: 900,
  parameters: { appPort: '8080', healthPort: '8080', metricsPath: '-', probePath: '/cart' },
  secrets: ['correcthorse'],
} as const satisfies Partial<Scene>;

/** An application on port 8000 without a page of metrics. */
export const PYTHON_PARAMETERS = { appPort: '8000', healthPort: '8000', metricsPath: '-', probePath: '/cart' } as const;

export const PHP_PARAMETERS = { appPort: '8080', healthPort: '8080', metricsPath: '-', probePath: '/cart' } as const;
