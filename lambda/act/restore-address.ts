/**
 * The scheduled restore of an address. EventBridge Scheduler cannot look before it calls, and an
 * address may be somebody else's by then: its entry hands this event to a function that asks EC2
 * first, reads no record and has no configuration (docs/decisions/0036-restoring-an-address.md).
 */
import * as z from 'zod/mini';
import type { InstanceRef, Target } from '../../core/model';
import type { Log, Registration } from '../ports';

/** Whom the entry registers, where, and who had the address when it was taken out. */
export interface AddressRestore {
  readonly groupArn: string;
  readonly target: Target;
  readonly targetRef: InstanceRef;
}

const TEXT = z.string().check(z.minLength(1));

const EVENT = z.object({
  groupArn: TEXT,
  target: z.object({ id: TEXT, port: z.int(), availabilityZone: z.optional(TEXT) }),
  targetRef: z.object({
    kind: z.literal('instance'),
    instanceId: TEXT,
    interfaceId: z.optional(TEXT),
    isPrimary: z.optional(z.literal(true)),
  }),
});

export interface AddressRestorePorts {
  readonly registration: Pick<Registration, 'restore'>;
  readonly log: Log;
}

/**
 * @throws whatever stands in the way, a new holder too: Lambda tries again, and what it gives up
 * lies in the dead-letter queue of the scheduled restores, whose alarm pages.
 */
export async function restoreAddress({ registration, log }: AddressRestorePorts, event: unknown): Promise<void> {
  const { groupArn, target, targetRef } = parse(event);
  await registration.restore(groupArn, { owner: 'static', target, targetRef });
  log('address-restored', { groupArn, target, targetRef });
}

/** @throws for anything else than an event as lambda/aws/scheduled-restores.ts writes it. */
function parse(event: unknown): AddressRestore {
  const parsed = EVENT.safeParse(event);
  if (!parsed.success) throw new Error(`not the restore of an address: got ${JSON.stringify(event).slice(0, 300)}`);
  return parsed.data as AddressRestore;
}
