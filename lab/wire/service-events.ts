import * as eventBridgeClient from '@aws-sdk/client-eventbridge';
import { arn } from '../world/account';
import type { World } from '../world/world';
import { jsonProtocol } from './protocol-json';
import { service, type Service } from './service';

export function eventsService({ account, eventBus }: World): Service {
  return service({
    signingName: 'events',
    iamPrefix: 'events',
    sdkName: 'eventbridge',
    client: eventBridgeClient,
    protocol: jsonProtocol('1.1'),
    operations: {
      PutEvents: {
        mutating: true,
        resources: () => [arn(account, 'events', 'event-bus/default')],
        run: (input) => eventBus.putEvents(input),
      },
    },
  });
}
