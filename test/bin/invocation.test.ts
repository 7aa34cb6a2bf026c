import { commandOf, type Caller } from '../../bin/invocation';

const CHECKOUT: Caller = {
  script: '/home/ann/sickbay/bin/sickbay.js',
  cwd: '/home/ann/sickbay',
  path: '/usr/bin:/usr/local/bin',
  exists: (file) => file === '/home/ann/sickbay/bin/sickbay.ts',
};
const NOWHERE = { ...CHECKOUT, exists: () => false };

describe('a command is printed as its caller can run it', () => {
  it.each<[string, Partial<Caller>, string]>([
    ['at the root of a checkout', CHECKOUT, 'node bin/sickbay.js cases'],
    ['below it', { ...CHECKOUT, cwd: '/home/ann/sickbay/docs' }, 'node /home/ann/sickbay/bin/sickbay.js cases'],
    [
      'a checkout in a folder with a space',
      { script: '/my work/bin/sickbay.js', cwd: '/', exists: () => true },
      "node 'my work/bin/sickbay.js' cases",
    ],
    ['in an app that has the package', { script: '/app/node_modules/.bin/sickbay', cwd: '/app/infra' }, 'npx --no-install sickbay cases'],
    [
      'the package of another app',
      { script: '/app/node_modules/sickbay/bin/sickbay.js', cwd: '/tmp' },
      'node /app/node_modules/sickbay/bin/sickbay.js cases',
    ],
    ['installed globally', { script: '/usr/local/bin/sickbay', cwd: '/tmp' }, 'sickbay cases'],
    [
      'a folder that only begins like an app',
      { script: '/app/node_modules/.bin/sickbay', cwd: '/app2' },
      'node /app/node_modules/.bin/sickbay cases',
    ],
  ])('%s', (_, caller, printed) => {
    expect(commandOf({ ...NOWHERE, ...caller })('cases')).toBe(printed);
  });
});
