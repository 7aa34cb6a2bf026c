import { sshHostsOf } from '../../bin/live/host-list';
import { scriptWith } from '../../bin/live/script';

const SCRIPT = '#!/bin/sh\necho "$SSM_probePath"\n';

test('parameters stand before the script as exported assignments, its first line stays the first', () => {
  expect(scriptWith(SCRIPT, { probePath: '/cart?a=1', appPort: '8080' })).toBe(
    "#!/bin/sh\nSSM_appPort='8080'; export SSM_appPort\nSSM_probePath='/cart?a=1'; export SSM_probePath\necho \"$SSM_probePath\"\n",
  );
});

test.each(["/a'; reboot; '", '/a\nreboot', '/a\\', '/$(reboot)', '/`reboot`', ''])(
  'a value that a shell could run is refused: %j',
  (probePath) => {
    expect(() => scriptWith(SCRIPT, { probePath })).toThrow('inspection parameter probePath: got');
  },
);

test.each(['app-1', 'root@app-1', 'ssh://root@app-1:2222', 'i-0123456789abcdef0', '[2001:db8::1]', '10.0.1.10'])(
  '%s is a host for ssh',
  (host) => {
    expect(sshHostsOf(`${host},other`)).toEqual([host, 'other']);
  },
);

test.each(['-oProxyCommand=x', '-l@app', 'a b', 'a;b', '$(x)', '`x`', "a'b", 'a|b', 'a\nb', '%h', 'a/b'])(
  '%j is no host for ssh',
  (host) => {
    expect(() => sshHostsOf(`other,${host}`)).toThrow('--ssh: got');
  },
);
