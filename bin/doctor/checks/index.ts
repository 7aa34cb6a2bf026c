/** Every check, in the order in which a person would look. */
import type { Check } from '../check';
import { accessLogs } from './access-logs';
import { bootstrap } from './bootstrap';
import { configuration } from './configuration';
import { credentials } from './credentials';
import { killSwitch, rounds, subscribers } from './deployed';
import { enforce } from './enforce';
import { inspectionTag, systemsManager } from './hosts';
import { proberToBalancer, proberToTargets, subnets } from './network';
import { networkPage } from './network-page';
import { metricsPage, probePath } from './pages';
import { permissions } from './permissions';
import { quotas } from './quotas';
import { services } from './services';
import { targetGroups } from './target-groups';
import { owner, targets } from './targets';

export const CHECKS: readonly Check[] = [
  configuration,
  credentials,
  permissions,
  bootstrap,
  targetGroups,
  targets,
  owner,
  services,
  subnets,
  proberToTargets,
  proberToBalancer,
  probePath,
  metricsPage,
  networkPage,
  accessLogs,
  systemsManager,
  inspectionTag,
  quotas,
  subscribers,
  killSwitch,
  rounds,
  enforce,
];
