import { agentInFront, routesByAgents } from '../../core/target-optimizer';

const AGENTS = { port: 80, targetControlPort: 3000 };

test('the agent answers at the target’s port, the group’s and its own; past it is the application', () => {
  for (const [probed, port] of [
    [undefined, 8080],
    [8080, 8080],
    [80, 80],
    [3000, 3000],
  ] as const)
    expect(agentInFront(AGENTS, 8080, probed)).toBe(`behind the agent of Target Optimizer, which is what answers at port ${port}`);
  expect(agentInFront(AGENTS, 8080, 9090)).toBeUndefined();
});

test('without a control port there is no agent', () => {
  expect(agentInFront({ port: 80 }, 80, undefined)).toBeUndefined();
  expect([routesByAgents({ targetControlPort: 3000 }), routesByAgents({})]).toEqual([true, false]);
});
