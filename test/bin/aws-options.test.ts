import { applyAwsOptions, missingFor, placeText, profileText } from '../../bin/aws-options';

type Environment = Record<string, string | undefined>;

const applied = (options: Parameters<typeof applyAwsOptions>[0], env: Environment): Environment => {
  applyAwsOptions(options, env);
  return env;
};

describe('--profile and --region', () => {
  it('an option goes before a variable', () => {
    expect(applied({ region: 'eu-west-1' }, { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-2' })).toMatchObject({
      AWS_REGION: 'eu-west-1',
    });
  });

  it('AWS_REGION goes before AWS_DEFAULT_REGION, which the AWS CLI reads and the SDK does not', () => {
    expect(applied({}, { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-2' })).toMatchObject({ AWS_REGION: 'us-east-1' });
    expect(applied({}, { AWS_DEFAULT_REGION: 'us-east-2' })).toMatchObject({ AWS_REGION: 'us-east-2' });
  });

  it('a Region of another form than AWS has is refused with the option or the variable', () => {
    expect(() => applied({ region: 'moon' }, {})).toThrow('--region: got "moon"; allowed: a Region such as eu-central-1');
    expect(() => applied({}, { AWS_REGION: 'us-east-1a' })).toThrow('AWS_REGION: got "us-east-1a"');
    for (const region of ['us-gov-west-1', 'cn-north-1', 'us-isob-east-1', 'eusc-de-east-1'])
      expect(applied({ region }, {})['AWS_REGION']).toBe(region);
  });

  it('without either, the Region is left to the profile', () => {
    expect(applied({ profile: 'dev' }, {})['AWS_REGION']).toBeUndefined();
  });

  it('a profile goes before credentials in the environment', () => {
    const env = applied({ profile: 'dev' }, { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' });
    expect(env['AWS_PROFILE']).toBe('dev');
    expect(Object.keys(env).filter((name) => /KEY|TOKEN/.test(name))).toEqual([]);
  });

  it('the place is told by profile and Region', () => {
    expect(placeText('us-east-1', { AWS_PROFILE: 'dev' })).toBe('us-east-1, profile dev');
    expect(placeText(undefined, {})).toBe("the profile's Region, profile default");
    expect(profileText({ AWS_ACCESS_KEY_ID: 'AKIA' })).toBe('credentials of the environment');
  });
});

describe('what is missing', () => {
  const given = { region: async () => 'us-east-1', credentials: async () => ({}) };
  const failing = async (): Promise<never> => Promise.reject(new Error('profile  dev\ncould not be found'));

  it('is nothing when there are both', async () => {
    expect(await missingFor({ config: given })).toEqual([]);
  });

  it('has one line each', async () => {
    const missing = await missingFor({ config: { region: failing, credentials: failing } });
    expect(missing).toEqual([
      expect.stringMatching(/^no Region: .*--region NAME$/),
      expect.stringMatching(/^no credentials: .*profile dev could not be found.*$/),
    ]);
  });
});
