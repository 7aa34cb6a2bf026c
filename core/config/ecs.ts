/** The service of ECS that a target group's targets belong to (`owner: 'ecs'`). */
import { strict, text } from './values';

/**
 * CreateCluster and CreateService (ECS API reference): up to 255 letters, numbers, underscores, and
 * hyphens.
 */
const NAME = /^[A-Za-z0-9_-]{1,255}$/;

export const ecs = strict({
  cluster: text(NAME, 'the name of a cluster: letters, digits, underscores and hyphens, at most 255'),
  service: text(NAME, 'the name of a service: letters, digits, underscores and hyphens, at most 255'),
});
