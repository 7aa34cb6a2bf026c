/** What `import … from 'sickbay'` gives. */
export { ConfigError, type ConfigInput, type ConfigMistake } from '../core/config';
export type { GivenAdmission, GivenGroup, GivenLatencyAlarm, GivenNetwork, SickbayConfig } from './given-config';
export type { ProtectionProps } from './protection';
export { Sickbay, type SickbayProps } from './sickbay';
export { SickbayStack, type SickbayStackProps } from './sickbay-stack';
