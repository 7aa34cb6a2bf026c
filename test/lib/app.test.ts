import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadAssembly } from '../../lab/boot/assembly';
import { CONFIG, directory, handlersDir, removeDirectories } from './synthesised';
import { parsed } from '../builders/parsed';
import { matching } from '../builders/text';

const ROOT = path.join(__dirname, '..', '..');

/**
 * Runs bin/app.ts as the CDK CLI does: the context and the directory to write to come by
 * environment.
 */
function synth(context: Readonly<Record<string, string>>, outdir = directory(), profile: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_VALIDATION: 'false', ...profile };
  const run = spawnSync(process.execPath, ['--require', 'tsx/cjs', 'bin/app.ts'], { cwd: ROOT, env, encoding: 'utf8' });
  return { ...run, outdir };
}

function written(content: string, name = 'config.json'): string {
  const file = path.join(directory(), name);
  writeFileSync(file, content);
  return file;
}

// A synthesis takes a second or two; this is only to end one that hangs.
jest.setTimeout(60_000);

describe('bin/app', () => {
  const handlers = handlersDir();
  afterAll(removeDirectories);

  test('the example configuration synthesises, and observes', () => {
    const { status, stderr, outdir } = synth({ handlers });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const [sweeper] = loadAssembly(outdir).functions.filter(({ logicalId }) => logicalId.includes('Sweeper'));
    expect(JSON.parse(readFileSync(path.join(sweeper?.handlerDir ?? '', 'config.json'), 'utf8'))).toMatchObject({ mode: 'observe' });
  });

  const other = (more: object) => written(JSON.stringify({ ...CONFIG, ...more }));

  test('another configuration is taken from the context, and makes a stack of the name it gives', () => {
    const { status, outdir } = synth({ handlers, config: other({ stack: 'Checkout', alarmNames: ['checkout-latency'] }) });
    expect(status).toBe(0);
    expect(loadAssembly(outdir)).toMatchObject({
      stackName: 'Checkout',
      rules: [expect.objectContaining({ name: matching(/Reporter/) }), expect.anything()],
    });
  });

  test('another configuration without a name of its own would replace the stack of the first: it is refused, unless the context names one', () => {
    const refused = synth({ handlers, config: other({}) });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('stack: got nothing; allowed: the name of the stack that this configuration is for');
    const named = synth({ handlers, config: other({}), stack: 'Checkout' });
    expect(named.status).toBe(0);
    const { stackName, functions } = loadAssembly(named.outdir);
    expect(stackName).toBe('Checkout');
    const [responder] = functions.filter(({ logicalId }) => logicalId.includes('Responder'));
    expect(JSON.parse(readFileSync(path.join(responder?.handlerDir ?? '', 'config.json'), 'utf8'))).toMatchObject({ stack: 'Checkout' });
  });

  test('two names are refused, with both', () => {
    const { status, stderr } = synth({ handlers, config: other({ stack: 'Checkout' }), stack: 'Search' });
    expect(status).toBe(2);
    expect(stderr).toContain('stack: got "Search" as context and "Checkout" in the configuration; allowed: one name');
  });

  test('the stack belongs to the account and Region of its target groups, whatever the profile says', () => {
    const { outdir } = synth({ handlers, config: other({ stack: 'Checkout' }) }, directory(), {
      CDK_DEFAULT_ACCOUNT: '210987654321',
      CDK_DEFAULT_REGION: 'eu-central-1',
    });
    const { artifacts } = parsed<{ artifacts: Record<string, { environment?: string }> }>(
      readFileSync(path.join(outdir, 'manifest.json'), 'utf8'),
    );
    expect(artifacts['Checkout']?.environment).toBe('aws://123456789012/us-east-1');
  });

  test('a bad configuration ends with status 2 and its mistakes, line by line and nothing else', () => {
    const config = path.join(ROOT, 'test', 'config', 'bad', 'many-mistakes-at-once.json');
    const { status, stderr } = synth({ handlers, config });
    expect(status).toBe(2);
    expect(stderr).toBe(`${config}:\n${readFileSync(config.replace('.json', '.txt'), 'utf8')}`);
  });

  test.each([
    ['not there', '/nowhere/config.json', 'configuration file: got no such file'],
    ['not JSON', written('{ mode: observe }'), 'allowed: JSON'],
    ['without the export', written('export const other = 1;', 'config.ts'), 'got no export `config`'],
  ])('a configuration file that is %s ends with status 2', (_, config, message) => {
    const { status, stderr } = synth({ handlers, config });
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
