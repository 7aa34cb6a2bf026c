/**
 * Node's environment, without what a test file would leave to the ones after it in its process.
 *
 * Jest runs each test in an AsyncLocalStorage of the file's own and never disables it. On Node 20
 * every promise passes each enabled one its context: the hundredth file would pay a hundred times
 * for each `await`, and the contexts of the files before it would never be collected.
 */
const { AsyncLocalStorage } = require('node:async_hooks');
const { TestEnvironment } = require('jest-environment-node');

/** @type {Set<AsyncLocalStorage<unknown>>} */
const used = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...args) {
  used.add(this);
  return run.apply(this, args);
};

module.exports = class extends TestEnvironment {
  async teardown() {
    // `run` enables it again, should somebody still use it.
    for (const storage of used) storage.disable();
    used.clear();
    await super.teardown();
  }
};
