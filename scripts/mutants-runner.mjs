/**
 * A test runner for StrykerJS that loads the tests once and plays all mutants in that one process: Stryker writes every mutant into the
 * code and a global says which is active. Its jest runner loads all modules again for each mutant, which takes 50 times as long.
 *
 * A test here may use `describe`, `it`, `test`, `each`, `beforeEach`, `afterEach`, `expect` and `jest.spyOn`; what else jest offers is not
 * there, and a test that needs it fails in the dry run; nor may a test mock a class for the whole process. A test file that plays code while
 * it is read makes every mutant of that code load all files again: it is to be played in a test.
 */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { determineHitLimitReached, DryRunStatus, TestStatus, toMutantRunResult } from '@stryker-mutator/api/test-runner';

/** The tests that are played, cheap ones first: most mutants die by a scenario, and the first failure ends the run of a mutant. */
const PLAYED = [
  /^test\/core\/(decide|due|request|second-view|guardrail-table)\.test\.ts$/,
  /^test\/core\/decide\/[^/]+\.test\.ts$/,
  /^test\/lambda\/act\/[^/]+\.test\.ts$/,
  /^test\/lambda\/(act|respond|operator-entry)[^/]*\.test\.ts$/,
  /^test\/core\/stop\/[^/]+\.test\.ts$/,
  /^test\/lab\/chaos-(failures|repeats|plans)\.test\.ts$/,
];

const require = createRequire(import.meta.url);
require('tsx/cjs');
const { expect } = require('expect');
const { bind } = require('jest-each');
const { ModuleMocker } = require('jest-mock');

/** Where the instrumented code looks for the active mutant, and writes what each test reaches. */
const stryker = (globalThis.__stryker__ ??= {});

class InProcess {
  #tests = [];
  /** The `describe` blocks around the line that is being read. */
  #blocks = [];
  /** Whether the code has to be loaded before it is played: in a new process, and after a mutant that was active while it was loaded. */
  #isStale = true;

  capabilities() {
    return { reloadEnvironment: true };
  }

  init() {
    const describe = (title, body) => this.#describe(title, body);
    const test = (title, body) => this.#tests.push({ id: this.#idOf(title), body, around: [...this.#blocks] });
    const hook = (kind) => (body) => this.#blocks.at(-1)[kind].push(body);
    describe.each = bind(describe);
    test.each = bind(test);
    Object.assign(globalThis, {
      describe,
      test,
      it: test,
      expect,
      jest: Object.assign(new ModuleMocker(globalThis), { setTimeout: () => undefined }), // Stryker has time-outs of its own
      beforeEach: hook('before'),
      afterEach: hook('after'),
    });
  }

  async dryRun() {
    this.#load();
    this.#isStale = false;
    const tests = [];
    for (const test of this.#tests) {
      stryker.currentTestId = test.id;
      const startedAt = performance.now();
      const failure = await played(test);
      tests.push({ ...result(test, failure), timeSpentMs: performance.now() - startedAt });
    }
    stryker.currentTestId = undefined;
    return { status: DryRunStatus.Complete, tests, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation, reloadEnvironment }) {
    Object.assign(stryker, { hitCount: hitLimit === undefined ? undefined : 0, hitLimit });
    stryker.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
    const broken = reloadEnvironment || this.#isStale ? failureOf(() => this.#load()) : undefined;
    this.#isStale = mutantActivation === 'static';
    stryker.activeMutant = activeMutant.id;
    const tests = broken === undefined ? await this.#untilOneFails(testFilter) : [result({ id: 'loading' }, broken)];
    stryker.activeMutant = undefined;
    const endless = determineHitLimitReached(stryker.hitCount, hitLimit);
    if (endless !== undefined) return endless;
    if (!this.#isStale) await this.#provesItself(tests.at(-1));
    return toMutantRunResult({ status: DryRunStatus.Complete, tests });
  }

  async #untilOneFails(testFilter) {
    const wanted = testFilter === undefined ? undefined : new Set(testFilter);
    const tests = [];
    for (const test of this.#tests) {
      if (wanted !== undefined && !wanted.has(test.id)) continue;
      const failure = await played(test);
      tests.push(result(test, failure));
      if (failure !== undefined) break;
    }
    if (tests.length === 0) throw new Error('no test was played: nothing is known of this mutant');
    return tests;
  }

  /** The test that killed a mutant passes without it: else one mutant has spoiled the process for all that come after it. */
  async #provesItself(last) {
    const test = last?.status === TestStatus.Failed ? this.#tests.find(({ id }) => id === last.id) : undefined;
    const failure = test === undefined ? undefined : await played(test);
    if (failure !== undefined) throw new Error(`${last.id} fails without a mutant too`, { cause: failure });
  }

  /** Reads the tests, and all code of ours that they import, anew. */
  #load() {
    const root = process.cwd();
    for (const file of Object.keys(require.cache)) if (!file.includes('node_modules')) delete require.cache[file];
    this.#tests = [];
    const all = readdirSync(path.join(root, 'test'), { recursive: true }).map((file) => path.posix.join('test', file));
    const files = PLAYED.flatMap((pattern) => all.filter((file) => pattern.test(file)).sort());
    for (const file of files) this.#describe(file, () => require(path.join(root, file)));
  }

  #describe(title, body) {
    this.#blocks.push({ title, before: [], after: [] });
    try {
      body();
    } finally {
      this.#blocks.pop();
    }
  }

  #idOf(title) {
    const id = [...this.#blocks.map((block) => block.title), title].join(' > ');
    const same = this.#tests.filter((test) => test.id === id || test.id.startsWith(`${id} #`)).length;
    return same === 0 ? id : `${id} #${same + 1}`;
  }
}

async function played({ body, around }) {
  const steps = [...around.flatMap(({ before }) => before), body];
  const last = around.flatMap(({ after }) => after);
  const failure = await failureOfAll(steps);
  return failure ?? (await failureOfAll(last));
}

async function failureOfAll(steps) {
  try {
    for (const step of steps) await step();
    return undefined;
  } catch (error) {
    return error ?? new Error('threw nothing');
  }
}

function failureOf(step) {
  try {
    step();
    return undefined;
  } catch (error) {
    return error ?? new Error('threw nothing');
  }
}

function result({ id }, failure) {
  const common = { id, name: id, timeSpentMs: 0 };
  return failure === undefined
    ? { ...common, status: TestStatus.Success }
    : { ...common, status: TestStatus.Failed, failureMessage: String(failure?.message ?? failure) };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcess)];
