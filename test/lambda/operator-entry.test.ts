import type { RespondEvent } from '../../lambda/contract';
import { obeyed } from '../../lambda/operator-entry';

const RESPONDER = 'arn:aws:lambda:us-east-1:123456789012:function:responder';
const hold: RespondEvent = { wokenBy: 'operator', wish: { kind: 'hold', subject: 'web', by: 'Ann', reason: 'load test' } };

describe('what a person asks of the responder', () => {
  it('is taken through the alias for operators', () => {
    expect(obeyed(hold, `${RESPONDER}:operator`)).toBe(hold);
  });

  it.each([
    ['the function itself, which the sweeper may invoke', RESPONDER],
    ['its latest version by name', `${RESPONDER}:$LATEST`],
    ['another alias', `${RESPONDER}:operators`],
    ['a function of that name', RESPONDER.replace('responder', 'operator')],
  ])('is not taken through %s', (_, arn) => {
    const wishes: RespondEvent['wish'][] = [
      hold.wish,
      { kind: 'restore', forS: 3600, by: 'Ann', reason: 'now' },
      { kind: 'give-up', subject: 'i-1', by: 'Ann', reason: 'now' },
      { kind: 'close-breaker', by: 'Ann' },
      { kind: 'test-alert', by: 'Ann' },
    ];
    for (const request of wishes)
      expect(() => obeyed({ wokenBy: 'operator', ...(request === undefined ? {} : { wish: request }) }, arn)).toThrow(
        'through the alias "operator" alone',
      );
  });

  it('is neither a wake-up nor the hourly look at the topics: those come from the stack itself', () => {
    for (const event of [{ wokenBy: 'sweep' }, { wokenBy: 'schedule', wish: { kind: 'check-topics' } }] satisfies RespondEvent[])
      expect(obeyed(event, RESPONDER)).toBe(event);
  });
});
