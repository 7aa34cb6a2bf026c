/**
 * The projects, told apart by file name and folder (CONTRIBUTING.md says which kind of test goes
 * where):
 *
 *     unit     needs Node alone and starts no process; all of it is played all day (CONTRIBUTING.md has its time)
 *     host     `*.host.test.ts`: real processes, shells and namespaces of this machine
 *     lab      test/lab/ and `*.lab.test.ts`: the model of AWS, its wire protocols, chaos runs, soaks, many situations
 *     infra    test/lib/: synthesises the stack; each file loads the whole CDK
 */
const HOST = '\\.host\\.test\\.ts$';
const LAB = '\\.lab\\.test\\.ts$';

/**
 * d3 is ES modules, which jest does not take from a package: its builds for a browser run here. Of
 * Zod its messages in other languages are left out, a tenth of what a test file loads.
 */
const modules = {
  '^(d3-[a-z-]+|internmap)$': '<rootDir>/node_modules/$1/dist/$1.js',
  '^\\.\\./locales/index\\.cjs$': '<rootDir>/test/no-locales.js',
};

/**
 * A test file runs in a context of its own (node:vm), in which a look-up of a global takes 300 ns
 * instead of 5. Those that loops use are parameters of every module instead. Not `Date` and the
 * timers, which tests replace.
 */
const sandboxInjectedGlobals = ['Math', 'Number', 'Object', 'Array', 'Map', 'Set', 'JSON', 'String', 'Boolean', 'Infinity'];

const common = {
  moduleNameMapper: modules,
  sandboxInjectedGlobals,
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }] },
  testEnvironment: '<rootDir>/test/environment.js',
  rootDir: __dirname,
  modulePathIgnorePatterns: ['<rootDir>/out/'], // sandboxes of `npm run mutants`
};

/**
 * @param {string} displayName @param {readonly string[]} testMatch @param {readonly string[]}
 * ignored patterns of paths
 */
const project = (displayName, testMatch, ignored = []) => ({
  ...common,
  displayName,
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', ...ignored],
});

module.exports = {
  testTimeout: 60_000, // what is slow on a busy machine is not wrong; Jest's own limit is 5 s
  // Jest's own choice is one worker less than there are cores: one, on two.
  maxWorkers: '100%',
  reporters: ['default', '<rootDir>/scripts/progress-reporter.js'],
  projects: [
    {
      ...project('unit', ['<rootDir>/test/**/*.test.ts'], [HOST, LAB, '<rootDir>/test/lab/', '<rootDir>/test/lib/']),
      moduleNameMapper: { ...modules, '^(node:)?child_process$': '<rootDir>/test/no-processes.js' },
    },
    project('host', ['<rootDir>/test/**/*.host.test.ts']),
    project('lab', ['<rootDir>/test/lab/**/*.test.ts', '<rootDir>/test/**/*.lab.test.ts'], [HOST]),
    project('infra', ['<rootDir>/test/lib/**/*.test.ts']),
  ],
};
