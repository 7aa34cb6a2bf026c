import type { GetCalendarStateRequest, GetCalendarStateResponse } from '@aws-sdk/client-ssm';
import { AwsError } from './aws-error';
import type { Clock } from './clock';

/** Change Calendars, each open or closed as somebody set it. */
export class ChangeCalendars {
  private readonly states = new Map<string, 'OPEN' | 'CLOSED'>();

  constructor(private readonly clock: Clock) {}

  set(name: string, state: 'OPEN' | 'CLOSED'): void {
    this.states.set(name, state);
  }

  /** "OPEN only if all calendars in the request are open" (API reference, GetCalendarState). */
  getCalendarState({ CalendarNames = [] }: GetCalendarStateRequest): GetCalendarStateResponse {
    const states = CalendarNames.map((nameOrArn) => {
      const state = this.states.get(nameOrArn.replace(/^arn:.*:document\//, ''));
      if (state === undefined) throw new AwsError('InvalidDocument', `the calendar ${nameOrArn} does not exist`);
      return state;
    });
    if (states.length === 0) throw new AwsError('ValidationException', 'CalendarNames: got none');
    return { State: states.every((state) => state === 'OPEN') ? 'OPEN' : 'CLOSED', AtTime: new Date(this.clock.now()).toISOString() };
  }
}
