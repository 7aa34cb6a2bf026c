import { predict } from '../../bench/judge/predict';
import { queueingScenario } from '../../bench/judge/queueing';

/** Half of the hosts are so slow for so long that the fleet's usual scale says nothing any more. */
test('nobody is convicted when half of the fleet is far slower, with a failure here and there', () => {
  const scenario = queueingScenario(5, 'q_half_slow', 8);
  expect(predict(scenario).flatMap(({ eject }) => eject)).toEqual([]);
});
