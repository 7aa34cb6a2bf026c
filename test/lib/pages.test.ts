/** What a declared metrics page adds to the template, and what its roles may do. */
import type { ConfigInput } from '../../core/config';
import type { Assembly } from '../../lab/boot/descriptions';
import { ENV } from '../../lambda/contract';
import { allowed } from './iam';
import { CONFIG, GROUP_ARN, removeDirectories, roleNamed, synthesise } from './synthesised';

const PAGES: ConfigInput = { ...CONFIG, targetGroups: [{ arn: GROUP_ARN, inspection: { page: { port: 9090 } } }] };

describe('a declared metrics page', () => {
  const { assembly } = synthesise(PAGES);
  const plain = synthesise().assembly;
  const responder = roleNamed(assembly, 'Responder');
  const functionNamed = ({ functions }: Assembly, name: string) => functions.find(({ logicalId }) => logicalId.includes(name));
  afterAll(removeDirectories);

  test('lets the responder invoke the prober, and no other function', async () => {
    for (const { arn, logicalId } of assembly.functions)
      expect([logicalId, await allowed(responder, 'lambda:InvokeFunction', arn)]).toEqual([logicalId, logicalId.includes('Prober')]);
  });

  test('is nothing where none is declared', async () => {
    for (const { arn } of plain.functions) expect(await allowed(roleNamed(plain, 'Responder'), 'lambda:InvokeFunction', arn)).toBe(false);
    expect(functionNamed(plain, 'Responder')?.env[ENV.proberFunction]).toBeUndefined();
  });

  test('tells the responder which function that is, and gives the prober nothing', () => {
    expect(functionNamed(assembly, 'Responder')?.env[ENV.proberFunction]).toBe(functionNamed(assembly, 'Prober')?.name);
    expect(roleNamed(assembly, 'Prober').policies).toEqual(roleNamed(plain, 'Prober').policies);
  });
});
