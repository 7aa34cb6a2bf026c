// Stands in for node:child_process in the project `unit` (jest.config.js), so that no test of it
// depends on the machine's programs.
const refuse = (name) => () => {
  throw new Error(`${String(name)}: a unit test starts no process; a test that must is named *.host.test.ts`);
};

module.exports = new Proxy({}, { get: (_, name) => refuse(name) });
