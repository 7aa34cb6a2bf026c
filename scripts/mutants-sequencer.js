// Cheap tests first: most mutants are killed by a scenario, and then nothing else is played for them.
const Sequencer = require('@jest/test-sequencer').default;

const ORDER = ['/test/core/', '/test/lambda/act/', '/test/lambda/respond', '/test/lambda/', '/test/lab/'];

function rank({ path }) {
  const found = ORDER.findIndex((part) => path.includes(part));
  return found === -1 ? ORDER.length : found;
}

module.exports = class CheapFirst extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
  }
};
