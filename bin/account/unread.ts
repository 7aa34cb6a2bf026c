/**
 * What could not be read of the account: told in one line with the action and what is lost, and the
 * rest goes on.
 */
export interface Unread {
  /** The IAM action: `ec2:DescribeSubnets`. */
  readonly action: string;
  /** What the reader does not get to know for it. */
  readonly lost: string;
  readonly why: string;
}

/** Codes by which services say that the caller may not (common errors; EC2 API reference). */
const DENIED = ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'AuthorizationError', 'Client.UnauthorizedOperation'];

/** Whether AWS refused for want of a permission. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && DENIED.includes(error.name);
}

export interface Reading {
  readonly action: string;
  readonly lost: string;
}

/** Reads of the account that may each be denied. */
export class Reads {
  readonly unread: Unread[] = [];

  /**
   * What `read` gives, or `otherwise` where the caller may not read it: that is kept in `unread`.
   * @throws every other error: what cannot be understood is not taken for an empty account.
   */
  async tolerant<T>({ action, lost }: Reading, otherwise: T, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (!isDenied(error)) throw error;
      if (!this.unread.some((one) => one.action === action)) this.unread.push({ action, lost, why: (error as Error).name });
      return otherwise;
    }
  }
}

export function unreadLine({ action, lost }: Unread): string {
  return `not permitted: ${action}; lost: ${lost}`;
}
