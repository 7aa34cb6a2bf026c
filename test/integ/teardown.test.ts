/** What is deployed in a real account is deleted, on a clock of minutes. */
import { TEARDOWN_MINUTES, tearDown, type Steps } from '../../integ/teardown';

/** A stack that is deleted after so many refusals, each attempt taking `takes` minutes. */
class Account {
  minute = 0;
  readonly tried: string[] = [];
  longest = 0;

  constructor(
    private readonly refusals: { Sickbay: number; Fleet: number },
    private readonly takes = 1,
  ) {}

  private attempt(stack: 'Sickbay' | 'Fleet', minutes: number): void {
    this.tried.push(stack);
    this.longest = Math.max(this.longest, minutes);
    this.minute += this.takes;
    if (this.refusals[stack]-- > 0) throw new Error(`${stack} is refused`);
  }

  readonly steps: Steps = {
    destroySickbay: async (minutes) => this.attempt('Sickbay', minutes),
    destroyFleet: async (minutes) => this.attempt('Fleet', minutes),
    now: () => this.minute,
    sleep: async (minutes) => void (this.minute += minutes),
  };
}

test('deletes Sickbay and then its fleet, and waits for as long as network interfaces linger', async () => {
  const account = new Account({ Sickbay: 0, Fleet: 0 });
  await tearDown(account.steps);
  expect(account.tried).toEqual(['Sickbay', 'Fleet']);
  expect(account.longest).toBe(TEARDOWN_MINUTES);
  expect(TEARDOWN_MINUTES).toBe(75);
});

test('tries again while a deletion is refused: a target that is out is back by the end of its lease', async () => {
  const account = new Account({ Sickbay: 3, Fleet: 1 });
  await tearDown(account.steps);
  expect(account.tried).toEqual(['Sickbay', 'Sickbay', 'Sickbay', 'Sickbay', 'Fleet', 'Fleet']);
});

test('deletes the fleet although Sickbay cannot be deleted, and fails with what was the matter', async () => {
  const account = new Account({ Sickbay: Infinity, Fleet: 0 });
  await expect(tearDown(account.steps)).rejects.toMatchObject({ errors: [new Error('Sickbay is refused')] });
  expect(account.tried.at(-1)).toBe('Fleet');
  expect(account.minute).toBeLessThanOrEqual(TEARDOWN_MINUTES + 2);
});

test('says of both that they are left', async () => {
  const account = new Account({ Sickbay: Infinity, Fleet: Infinity });
  await expect(tearDown(account.steps)).rejects.toThrow('not everything was deleted');
});
