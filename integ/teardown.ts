/**
 * Deletes what the integration test deployed, whatever became of it: both stacks, the second one
 * although the first one failed.
 */

/**
 * So long a stack with a function in a VPC may take to be deleted: Lambda lets go of its network
 * interfaces late, up to 45 minutes by users' reports
 * (aws-cloudformation/cloudformation-coverage-roadmap #392), some past an hour
 * (hashicorp/terraform-provider-aws #32129).
 */
export const TEARDOWN_MINUTES = 75;

/**
 * A deletion is refused while a target is out (lambda/delete-guard.ts): it is back by the end of
 * its lease.
 */
const AGAIN_MINUTES = 5;

export interface Steps {
  /**
   * Deletes a stack and waits for it, at most so long. @throws when it is refused or does not end.
   */
  readonly destroySickbay: (minutes: number) => Promise<void>;
  readonly destroyFleet: (minutes: number) => Promise<void>;
  /** Minutes, from any start. */
  readonly now: () => number;
  readonly sleep: (minutes: number) => Promise<void>;
}

/**
 * Sickbay first: while it is there it may put a target back into what is being deleted, and the
 * fleet's subnets are in use by its function. Each stack is tried again until its time is over.
 * @throws with every failure that was the last of its stack, after both were tried.
 */
export async function tearDown(steps: Steps): Promise<void> {
  const failures = [...(await insisting(steps, steps.destroySickbay)), ...(await insisting(steps, steps.destroyFleet))];
  if (failures.length > 0) throw new AggregateError(failures, 'not everything was deleted: look at both stacks in CloudFormation');
}

/** The last failure, or none. */
async function insisting({ now, sleep }: Steps, destroy: Steps['destroySickbay']): Promise<unknown[]> {
  const end = now() + TEARDOWN_MINUTES;
  for (;;) {
    try {
      await destroy(Math.max(1, end - now()));
      return [];
    } catch (error) {
      if (now() + AGAIN_MINUTES > end) return [error];
      await sleep(AGAIN_MINUTES);
    }
  }
}
