import { eventText } from '../../../core/report/timeline';

const event = (kind: string, says: string) => ({ at: 0, kind, says });

describe('an event as a report tells it', () => {
  it.each([
    [
      '14x its 3 peers (2.0 s against 0.14 s), 4 of 4 samples bad, 19.9 nats of evidence, 13.5 needed',
      '14x its 3 peers (2.0 s against 0.14 s), 4 of 4 samples bad',
    ],
    [
      '4 of 4 samples bad, 51.1 nats of evidence, 13.5 needed; scheduled restore sickbay-3340',
      '4 of 4 samples bad; scheduled restore sickbay-3340',
    ],
  ])('leaves out the statistics of "%s"', (says, told) => {
    expect(eventText(event('opened', says))).toBe(told);
  });

  it('says how sure a diagnosis is in percent', () => {
    expect(eventText(event('diagnosed', 'pool-starvation (0.97)'))).toBe('pool-starvation (97 % sure)');
  });

  it.each([
    ['unknown (0.00)', 'no cause found: nothing of it could be inspected'],
    ['unknown (0.94)', 'no cause found; 94 % of its inspection could be read whole'],
    ['nothing found', 'nothing found'],
  ])('says in words what was seen where no cause was found: "%s"', (says, told) => {
    expect(eventText(event('diagnosed', says))).toBe(told);
  });

  it('changes nothing else', () => {
    expect(eventText(event('restored', 'its lease ended (0.97)'))).toBe('its lease ended (0.97)');
  });
});
