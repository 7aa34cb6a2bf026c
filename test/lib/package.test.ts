/**
 * The npm package: packed, put into an empty app, and used there as a stranger would. Nothing is
 * fetched: what npm would link is linked.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { NOTICES_FILE } from '../../lambda/contract';
import { HANDLERS } from '../../scripts/build';
import { buildPackage } from '../../scripts/build-package';
import { CONFIG, STOPPING, directory, removeDirectories } from './synthesised';
import { parsed } from '../builders/parsed';

const ROOT = path.join(__dirname, '..', '..');

// Building takes seconds, a synthesis too; this is only to end what hangs.
jest.setTimeout(120_000);

const node = (cwd: string, ...args: string[]): string =>
  execFileSync(process.execPath, args, { cwd, encoding: 'utf8', env: { PATH: process.env['PATH'], CDK_VALIDATION: 'false' } });

/** `npm pack` of a copy, so that a build in the checkout is left alone. Returns the tarball. */
async function packed(): Promise<string> {
  const stage = directory();
  for (const file of ['package.json', 'README.md', 'LICENSE', 'bin/sickbay.js']) {
    mkdirSync(path.dirname(path.join(stage, file)), { recursive: true });
    copyFileSync(path.join(ROOT, file), path.join(stage, file));
  }
  await buildPackage(path.join(stage, 'dist'));
  const out = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', stage], { cwd: stage, encoding: 'utf8' });
  const [{ filename }] = parsed<[{ filename: string }]>(out);
  return path.join(stage, filename);
}

/**
 * An empty app with the tarball unpacked where npm unpacks it, beside the peer and the other
 * dependencies.
 */
function installed(tarball: string): string {
  const app = directory();
  const modules = path.join(app, 'node_modules');
  mkdirSync(path.join(modules, 'sickbay'), { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', path.join(modules, 'sickbay')]);
  const { dependencies, peerDependencies } = manifest(app);
  for (const name of Object.keys({ ...dependencies, ...peerDependencies }))
    symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name));
  mkdirSync(path.join(modules, '@types'));
  symlinkSync(path.join(ROOT, 'node_modules', '@types', 'node'), path.join(modules, '@types', 'node'));
  return app;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

function manifest(app: string): Manifest {
  return parsed<Manifest>(readFileSync(path.join(app, 'node_modules', 'sickbay', 'package.json'), 'utf8'));
}

const APP = `import { App, Stack } from 'aws-cdk-lib';
import { Sickbay, type ConfigInput } from 'sickbay';

const config: ConfigInput = ${JSON.stringify({ ...CONFIG, mode: undefined })};
const stack = new Stack(new App(), 'Shop');
const sickbay = new Sickbay(stack, 'Sickbay', { config });
export const killSwitch: string = sickbay.killSwitch.parameterName;
`;

describe('the packed package', () => {
  let tarball: string;
  let app: string;
  beforeAll(async () => {
    tarball = await packed();
    app = installed(tarball);
  });
  afterAll(removeDirectories);

  test('holds the bundles, the declarations and the command line, and nothing else', () => {
    const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
    const declarations = files.filter((file) => file.startsWith('package/dist/types/'));
    expect(declarations.filter((file) => !/^package\/dist\/types\/(core|lambda|lib)\/[a-z/-]+\.d\.ts$/.test(file))).toEqual([]);
    expect(files.filter((file) => !declarations.includes(file)).sort()).toEqual([
      'package/LICENSE',
      'package/README.md',
      'package/bin/sickbay.js',
      'package/dist/THIRD-PARTY-NOTICES.txt',
      'package/dist/cli.js',
      'package/dist/handlers/THIRD-PARTY-NOTICES.txt',
      'package/dist/handlers/delete-guard/index.js',
      'package/dist/handlers/inspect.sh',
      'package/dist/handlers/kill-switch/index.js',
      'package/dist/handlers/probe/index.js',
      'package/dist/handlers/report/index.js',
      'package/dist/handlers/respond/index.js',
      'package/dist/handlers/restore/index.js',
      'package/dist/handlers/review/index.js',
      'package/dist/handlers/stop.py',
      'package/dist/handlers/stop/index.js',
      'package/dist/handlers/sweep/index.js',
      'package/dist/handlers/widget/index.js',
      'package/dist/index.js',
      'package/package.json',
    ]);
  });

  test('brings zod alone along, and leaves CDK to the app', () => {
    expect(Object.keys(manifest(app).dependencies)).toEqual(['zod']);
    expect(Object.keys(manifest(app).peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
  });

  test('synthesises in an empty app, with the handlers that came in the package', () => {
    writeFileSync(
      path.join(app, 'app.js'),
      `const { App, Stack } = require('aws-cdk-lib'); const { Sickbay } = require('sickbay');
       const app = new App({ outdir: 'cdk.out' });
       new Sickbay(new Stack(app, 'Shop'), 'Sickbay', { config: ${JSON.stringify(STOPPING)} });
       app.synth();`,
    );
    node(app, 'app.js');
    const template = parsed<{ Resources: Record<string, { Type: string }> }>(
      readFileSync(path.join(app, 'cdk.out', 'Shop.template.json'), 'utf8'),
    );
    expect(Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function')).toHaveLength(HANDLERS.length);
    const bundles = readdirSync(path.join(app, 'cdk.out')).filter((name) => existsSync(path.join(app, 'cdk.out', name, 'index.js')));
    const shipped = HANDLERS.map((name) => path.join(app, 'node_modules/sickbay/dist/handlers', name, 'index.js'));
    const contents = new Set(shipped.map((file) => readFileSync(file, 'utf8')));
    for (const bundle of bundles) expect(contents).toContain(readFileSync(path.join(app, 'cdk.out', bundle, 'index.js'), 'utf8'));
    expect(bundles).toHaveLength(HANDLERS.length);
    for (const bundle of bundles) expect(readdirSync(path.join(app, 'cdk.out', bundle))).toContain(NOTICES_FILE);
  });

  test('a bad configuration is refused there with the same words', () => {
    writeFileSync(
      path.join(app, 'bad.js'),
      `const { App, Stack } = require('aws-cdk-lib'); const { Sickbay, ConfigError } = require('sickbay');
       try { new Sickbay(new Stack(new App(), 'Shop'), 'Sickbay', { config: { ...${JSON.stringify(CONFIG)}, mode: 'on' } }); }
       catch (error) { if (error instanceof ConfigError) console.log(error.message); else throw error; }`,
    );
    expect(node(app, 'bad.js')).toBe('mode: got "on"; allowed: one of "observe", "enforce"\n');
  });

  test('its declarations type-check in the app, and refuse an unknown key', () => {
    const compile = (name: string, text: string): string => {
      writeFileSync(path.join(app, name), text);
      const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
      const options = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        '--module',
        'nodenext',
        '--moduleResolution',
        'nodenext',
        '--types',
        'node',
      ];
      return spawnSync(process.execPath, [tsc, ...options, name], { cwd: app, encoding: 'utf8' }).stdout;
    };
    expect(compile('app.ts', APP)).toBe('');
    expect(compile('wrong.ts', APP.replace('"targetGroups"', '"targetGroop"'))).toContain('targetGroop');
  });

  test('its command line runs without a loader', () => {
    const help = node(app, path.join('node_modules', 'sickbay', 'bin', 'sickbay.js'), '--help');
    expect(help).toContain('Usage: sickbay');
    expect(help).toContain('diagnose');
  });
});
