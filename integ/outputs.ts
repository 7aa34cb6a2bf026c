/**
 * What the runner and Sickbay's configuration need to know of the deployed fleet: names of the
 * stack's outputs.
 */
export const FLEET_STACK = 'SickbayIntegFleet';

/** Not the default: a Sickbay that is there already must not be replaced. */
export const SICKBAY_STACK = 'SickbayInteg';

export const OUTPUTS = [
  'TargetGroupArn',
  'LoadBalancer',
  'VpcId',
  'SubnetIds',
  'ProberSecurityGroupId',
  'InstanceIds',
  'SickInstanceId',
] as const;

export type FleetOutputs = Readonly<Record<(typeof OUTPUTS)[number], string>>;

/**
 * The outputs as `cdk deploy --outputs-file` writes them. @throws naming the ones that are missing.
 */
export function fleetOutputs(file: unknown): FleetOutputs {
  const outputs = (file as Partial<Record<string, Partial<FleetOutputs>>> | undefined)?.[FLEET_STACK] ?? {};
  const missing = OUTPUTS.filter((name) => outputs[name] === undefined);
  if (missing.length > 0) throw new Error(`outputs of ${FLEET_STACK}: missing ${missing.join(', ')}`);
  return outputs as FleetOutputs;
}
