import type { SchedulerPorts } from '../world/schedule-delivery';
import type { FrontDoor } from './front-door';

/**
 * Lets the world's Scheduler act through the front door, as the role of each schedule, so that what
 * it does is logged and intercepted like everybody's calls. `door` is asked when a schedule fires:
 * the door needs the world before it can exist.
 */
export function throughFrontDoor(door: () => FrontDoor): SchedulerPorts {
  return {
    invokeAs: (roleArn, service, action, input) => door().callAs(roleArn, service, action, input),
    invokeFunction: async (functionArn, payload, roleArn) => {
      const Payload = Buffer.from(JSON.stringify(payload));
      await door().callAs(roleArn, 'lambda', 'invoke', { FunctionName: functionArn, InvocationType: 'Event', Payload });
    },
  };
}
