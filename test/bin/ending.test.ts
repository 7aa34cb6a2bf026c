/** How a command ends on what it did not expect: in one line, with the exit code of the README. */
import { CommandError, EXIT, ending } from '../../bin/exit';
import { containing } from '../builders/text';

function named(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

const system = (code: string, message: string, more: object = {}): Error => named('Error', message, { code, ...more });

it.each<[string, Error, number, string]>([
  [
    'expired credentials',
    named('ExpiredTokenException', 'The security token is expired', { $metadata: {} }),
    EXIT.lacking,
    'the credentials have expired',
  ],
  [
    'credentials that nobody has',
    named('UnrecognizedClientException', 'invalid', { $metadata: {} }),
    EXIT.lacking,
    'AWS does not accept the credentials',
  ],
  [
    'a name that is not there',
    system('ENOTFOUND', 'getaddrinfo ENOTFOUND ssm.us-esat-1.amazonaws.com'),
    EXIT.aws,
    'check the Region and the network',
  ],
  ['nobody who answers', system('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:4566'), EXIT.aws, 'AWS cannot be reached'],
  [
    'the same, as fetch has it',
    Object.assign(new TypeError('fetch failed'), { cause: system('EAI_AGAIN', 'getaddrinfo EAI_AGAIN sts.amazonaws.com') }),
    EXIT.aws,
    'getaddrinfo EAI_AGAIN sts.amazonaws.com; check the Region',
  ],
  [
    'an answer that does not come',
    named('TimeoutError', 'The operation was aborted due to timeout'),
    EXIT.aws,
    'AWS did not answer in time',
  ],
  [
    'a file that cannot be written',
    system('ENOENT', "ENOENT: no such file or directory, open 'none/a.html'", { path: 'none/a.html', syscall: 'open' }),
    EXIT.usage,
    "open 'none/a.html'",
  ],
  ['what AWS refuses', named('ThrottlingException', 'Rate exceeded', { $metadata: {} }), EXIT.aws, 'ThrottlingException: Rate exceeded'],
])('%s', (_, error, exitCode, text) => {
  const known = ending(error);
  expect(known).toBeInstanceOf(CommandError);
  expect(known).toMatchObject({ exitCode, message: containing(text) });
});

it('a mistake of our own stays what it is', () => {
  const error = new TypeError('undefined is not a function');
  expect(ending(error)).toBe(error);
});
