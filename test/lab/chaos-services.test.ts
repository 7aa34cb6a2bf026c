/** What the checker demands of a replacement, and what it cannot. */
import { servicePlan } from '../../lab/chaos/mutations-service';
import { runChaos } from '../../lab/chaos/run';
import { sickTaskProtected, somebodyDeregisters, taskSickens } from '../../lab/chaos/service-happenings';

test('a task that we gave back is not ours to bring back when somebody else deregisters it', async () => {
  const happenings = [taskSickens(1, 0), sickTaskProtected(4, 10), somebodyDeregisters(11, 0)];
  const { stage, violations } = await runChaos(servicePlan({ happenings }), { faultAt: () => undefined }, { seed: 1 });
  const [first] = [...stage.records.closed(), ...stage.records.open()];
  expect(first?.replacement?.returnedAt).toBeDefined();
  expect(violations).toEqual([]);
});
