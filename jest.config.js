// Two projects: `unit` runs in seconds and needs nothing but Node; `infra` synthesises the stack.
const swc = {
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }] },
  testEnvironment: 'node',
  rootDir: __dirname,
  modulePathIgnorePatterns: ['<rootDir>/out/'], // sandboxes of `npm run mutants`
};
module.exports = {
  projects: [
    {
      ...swc,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/lib/'],
    },
    { ...swc, displayName: 'infra', testMatch: ['<rootDir>/test/lib/**/*.test.ts'] },
  ],
};
