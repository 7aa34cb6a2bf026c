/** The parameter of the kill switch: read, made once, and made what it was. */
import { ParameterAlreadyExists, ParameterNotFound } from '@aws-sdk/client-ssm';
import { killSwitch } from '../../../lambda/aws/kill-switch';
import { parameterSwitches } from '../../../lambda/aws/parameter-switches';
import { ssm } from './clients-setup';

describe("the kill switch's parameter", () => {
  it('is created once, may be on or off alone, and overwrites nothing', async () => {
    const client = ssm(() => ({}));
    expect(await parameterSwitches(client).create('/sickbay/kill-switch', 'off')).toBe(true);
    expect(client.asked).toEqual([
      {
        name: 'PutParameter',
        input: {
          Name: '/sickbay/kill-switch',
          Value: 'off',
          Type: 'String',
          AllowedPattern: '^(off|on)$',
          Overwrite: false,
          Description: 'Sickbay removes targets only while this is "off"; set it to "on" to stop removals. Restores go on.',
        },
      },
    ]);
  });

  it('that is there is left as it is, and any other failure is thrown', async () => {
    const exists = new ParameterAlreadyExists({ message: 'there', $metadata: {} });
    expect(await parameterSwitches(ssm(() => exists)).create('a', 'off')).toBe(false);
    await expect(parameterSwitches(ssm(() => new Error('throttled'))).create('a', 'off')).rejects.toThrow('throttled');
  });

  it('is read, is absent where there is none, and any other failure is thrown', async () => {
    const client = ssm(() => ({ Parameter: { Value: 'on' } }));
    expect(await parameterSwitches(client).read('a')).toBe('on');
    expect(client.asked[0]?.input).toEqual({ Name: 'a' });
    expect(await parameterSwitches(ssm(() => ({}))).read('a')).toBeUndefined();
    expect(await parameterSwitches(ssm(() => new ParameterNotFound({ message: 'none', $metadata: {} }))).read('a')).toBeUndefined();
    await expect(parameterSwitches(ssm(() => new Error('throttled'))).read('a')).rejects.toThrow('throttled');
  });

  it('is found by a part of its name, over all pages, an empty one too', async () => {
    const pages = [{ Parameters: [{ Name: 'a' }, {}], NextToken: '1' }, { NextToken: '2' }, { Parameters: [{ Name: 'b' }] }];
    const client = ssm(() => pages[client.asked.length - 1]);
    expect(await parameterSwitches(client).named('kill')).toEqual(['a', 'b']);
    const filters = { ParameterFilters: [{ Key: 'Name', Option: 'Contains', Values: ['kill'] }] };
    expect(client.asked.map(({ input }) => input)).toMatchObject([filters, { ...filters, NextToken: '1' }, { ...filters, NextToken: '2' }]);
    expect(client.asked[0]?.input['NextToken']).toBeUndefined();
  });

  it('counts as on without a value', async () => {
    expect(
      (
        await killSwitch(
          ssm(() => ({})),
          'a',
        ).read()
      ).state,
    ).toBe('on');
  });
});
