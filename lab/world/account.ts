/** Where the world is. ARNs are made from it. */
export interface Account {
  readonly accountId: string;
  readonly region: string;
}

export const LAB_ACCOUNT: Account = { accountId: '123456789012', region: 'us-east-1' };

export function arn(account: Account, service: string, resource: string): string {
  return `arn:aws:${service}:${account.region}:${account.accountId}:${resource}`;
}

/**
 * Makes ids that look like AWS's and depend only on how many were made before: a run can be
 * replayed.
 */
export class Ids {
  private made = 0;

  /** A UUID-shaped id. */
  uuid(): string {
    return `00000000-0000-4000-8000-${this.hex(12)}`;
  }

  /** `digits` hexadecimal digits. */
  hex(digits: number): string {
    return (++this.made).toString(16).padStart(digits, '0');
  }
}
