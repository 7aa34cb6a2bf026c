/** Where no group declares `owner: 'ecs'`: there is no service, and nothing is stopped. */
import type { EcsServices, ScheduledStops } from './ports';

const refused = (): Promise<never> => Promise.reject(new Error("no target group declares `owner: 'ecs'`: no task is stopped"));

export const NO_SERVICES: EcsServices = { read: async () => undefined, stop: refused, deregister: refused, register: refused };

export const NO_SCHEDULED_STOPS: ScheduledStops = {
  create: refused,
  move: refused,
  exists: async () => false,
  cancel: async () => undefined,
};
