import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { neededInCi } from './needed-in-ci';

const before = process.env['CI'];
afterEach(() => {
  if (before === undefined) delete process.env['CI'];
  else process.env['CI'] = before;
});

test('what a machine lacks fails in CI, and is left out elsewhere', () => {
  process.env['CI'] = 'true';
  expect(() => neededInCi(false, 'no /usr/sbin/cron')).toThrow('no /usr/sbin/cron: CI plays every test');
  expect(() => neededInCi(true, 'no /usr/sbin/cron')).not.toThrow();
  delete process.env['CI'];
  expect(() => neededInCi(false, 'no /usr/sbin/cron')).not.toThrow();
});

test('each file that may leave tests out says so to CI', () => {
  const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  const silent = files.filter((file) => {
    const text = readFileSync(path.join(__dirname, file), 'utf8');
    return /\b(describe|test|it)\.skip\b|if \(!?\(?'problems' in /.test(text) && !text.includes('neededInCi(');
  });
  expect(silent.filter((file) => file !== path.basename(__filename))).toEqual([]);
});
