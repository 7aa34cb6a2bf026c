/**
 * Trips a breaker where an hourly limit was passed; a person's request closes it
 * (core/decide/request.ts).
 */
import { openCase, withAlert } from '../../core/case-transitions';
import { breakerGroup, openBreakers } from '../../core/decide/breaker';
import type { Situation } from '../../core/decide/situation';
import { WHOLE_STACK, type BreakerCase, type Decision } from '../../core/model';
import { alert } from '../../core/report/alert';
import { errorFields } from '../aws/log';
import type { RespondPorts } from '../ports';

/** The id at the end of a target group's ARN. */
const ARN_TAIL = 16;

/**
 * One breaker for each group, or the stack, whose hourly limit a decision ran into; its alert goes
 * out with the next delivery.
 */
export async function tripBreakers(
  ports: RespondPorts,
  situation: Situation,
  decisions: readonly Decision[],
  failures: unknown[],
): Promise<void> {
  const breakers = new Map(
    decisions.flatMap((decision) => {
      const scope = 'opensBreaker' in decision ? decision.opensBreaker : undefined;
      return scope === undefined ? [] : [[breakerGroup(scope, decision.groupArn), decision] as const];
    }),
  );
  for (const [arn, decision] of breakers) {
    if (openBreakers(situation.openCases, arn).length > 0) continue;
    try {
      await ports.cases.put(breaker(ports, arn, decision));
    } catch (error) {
      ports.log('breaker-failed', { groupArn: arn ?? WHOLE_STACK, ...errorFields(error) });
      failures.push(error);
    }
  }
}

/** The alert is stored with the case, in one write. */
function breaker(
  { clock, deployment }: Pick<RespondPorts, 'clock' | 'deployment'>,
  groupArn: string | undefined,
  decision: Decision,
): BreakerCase {
  const now = clock.now();
  const summary = `an hourly limit was passed: ${decision.target?.id ?? 'a target'} would have been removed as well`;
  const opened = openCase({
    now,
    ...(groupArn === undefined ? {} : { groupArn }),
    about: 'breaker',
    id: `${new Date(now).toISOString()}-breaker-${(groupArn ?? WHOLE_STACK).slice(-ARN_TAIL)}`,
    summary,
  });
  const told: Decision = { ...decision, action: 'keep', caseId: opened.id, reason: summary };
  return withAlert(
    { ...opened, decision: told },
    alert({ now, incident: opened, decision: told, round: undefined, remarks: [], deployment }),
  );
}
