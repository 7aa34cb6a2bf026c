import { classify } from '../../../lambda/probe/failure';
import { MalformedResponse } from '../../../lambda/probe/response';

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error('failed'), { code });
}

describe('the kind of a failure', () => {
  it.each([
    ['ECONNREFUSED', 'connect', 'refused'],
    ['EHOSTUNREACH', 'connect', 'refused'],
    ['ENETUNREACH', 'connect', 'refused'],
    ['ETIMEDOUT', 'connect', 'timeout'],
    ['ECONNRESET', 'wait', 'reset'],
    ['EPIPE', 'body', 'reset'],
    ['ECONNRESET', 'tls', 'reset'],
    ['EPROTO', 'tls', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', 'tls'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'wait', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'tls'],
  ] as const)('%s while in %s is %s', (code, phase, kind) => {
    expect(classify(failure(code), phase)).toEqual({ kind, phase });
  });

  it('is of protocol for bytes that are no response', () => {
    expect(classify(new MalformedResponse('not a status line'), 'body')).toEqual({ kind: 'protocol', phase: 'body' });
  });

  it.each(['EMFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'EACCES'])("is the prober's own for %s, and blames no target", (code) => {
    expect(classify(failure(code), 'connect')).toEqual({ own: `${code}: failed` });
  });
});
