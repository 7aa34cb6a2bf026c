/** Reads the service of ECS whose tasks are a group's targets. */
import { declaredOf, isReplacing } from '../../core/replacement';
import type { GroupConfig } from '../../core/config';
import type { Case, ServiceReading } from '../../core/model';
import { errorFields } from '../aws/log';
import type { RespondPorts } from '../ports';

/**
 * The service of the group's replacement while one is under way, or else the declared one, with the
 * tasks that are being replaced; undefined where no service is meant. What cannot be read is told
 * to the decision, which then does nothing.
 */
export async function readService(
  { ecs, log }: Pick<RespondPorts, 'ecs' | 'log'>,
  groupArn: string,
  config: GroupConfig,
  openCases: readonly Case[],
): Promise<ServiceReading | undefined> {
  const mine = openCases.filter((incident) => incident.groupArn === groupArn).filter(isReplacing);
  const [first] = mine;
  const declared = first === undefined ? config.ecs : declaredOf(first.replacement);
  if (declared === undefined) return undefined;
  try {
    const view = await ecs.read(
      declared,
      mine.map(({ replacement }) => replacement.taskArn),
    );
    return view ?? { why: `ECS knows no service ${declared.service} in ${declared.cluster}` };
  } catch (error) {
    log('service-unread', { groupArn, ...declared, ...errorFields(error) });
    return { why: errorFields(error).error };
  }
}
