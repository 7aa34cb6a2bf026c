// The tests that `npm run mutants` plays: fast ones alone, for each is played for many mutants.
const [unit] = require('./jest.config').projects;

module.exports = {
  transform: unit.transform,
  testEnvironment: unit.testEnvironment,
  rootDir: __dirname,
  testSequencer: '<rootDir>/scripts/mutants-sequencer.js',
  testMatch: [
    '<rootDir>/test/core/{decide,due,wish,guardrail-table}.test.ts',
    '<rootDir>/test/core/decide/*.test.ts',
    '<rootDir>/test/lambda/act*.test.ts',
    '<rootDir>/test/lambda/act/*.test.ts',
    '<rootDir>/test/lambda/respond*.test.ts',
    '<rootDir>/test/lab/{chaos-repeats,chaos-plans,chaos-failures}.test.ts',
  ],
};
