import type { Pluggable } from '@smithy/types';

/**
 * For a client's `middlewareStack.use`: nothing is sent, each call is answered with what `answer`
 * returns for its input and the name of its command. For answers that the lab's model of AWS does
 * not give; the lab is what tests use otherwise.
 */
export function answered<Input extends object, Output extends object>(
  answer: (input: Input, command: string) => object,
): Pluggable<Input, Output> {
  return {
    applyToStack: (stack) =>
      stack.add(
        (_next, { commandName = '' }) =>
          async ({ input }) => ({ output: Object.assign({ $metadata: {} }, answer(input, commandName)) as Output, response: {} }),
        {
          step: 'initialize',
          priority: 'high',
          name: 'answered',
        },
      ),
  };
}
