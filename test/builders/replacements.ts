/** The replacement of a task. */
import type { Replacement } from '../../core/model';
import { NOW } from './now';
import { SERVICE_ARN, taskArn } from './scenario/service';

/** Two minutes old: its target left, and its task is not stopped yet. */
export const REPLACEMENT: Replacement = {
  clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/shop',
  serviceArn: SERVICE_ARN,
  cluster: 'shop',
  service: 'checkout',
  taskArn: taskArn('0123456789abcdef0123456789abcdef'),
  target: { id: '10.0.0.1', port: 8080 },
  desired: 4,
  originalCount: 4,
  logs: [{ container: 'web', group: '/shop/web', stream: 'web/web/0123456789abcdef' }],
  intentAt: NOW - 120_000,
  scheduleName: 'sickbay-stop-1',
  stopsAt: NOW + 480_000,
  drainMs: 300_000,
  deregisteredAt: [NOW - 120_000],
  outAt: NOW - 118_000,
};
