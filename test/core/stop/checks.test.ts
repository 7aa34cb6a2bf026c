/** The checks stand in the order of STOP_BLOCKED, each once, from the cheapest to the dearest. */
import { STOP_BLOCKED } from '../../../core/model';
import { CHECKS } from '../../../core/stop/checks';

test('every reason for which a stop is refused has its check, in the order in which they are told', () => {
  expect(CHECKS.map(({ name }) => name)).toEqual([...STOP_BLOCKED]);
});

test('nothing is asked of the world, a host or its peers before what is known without it', () => {
  const order = ['records', 'world', 'plan', 'peers'];
  const asked = CHECKS.map(({ from }) => order.indexOf(from));
  expect(asked).toEqual([...asked].sort((a, b) => a - b));
});
