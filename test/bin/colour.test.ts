import { hasColour, paint } from '../../bin/colour';

const TERMINAL = { isTTY: true };

describe('colour', () => {
  it.each<[string, { isTTY?: boolean }, Record<string, string>, boolean]>([
    ['at a terminal', TERMINAL, { TERM: 'xterm' }, true],
    ['not in a pipe', {}, {}, false],
    ['not at a dumb terminal', TERMINAL, { TERM: 'dumb' }, false],
    ['not with NO_COLOR', TERMINAL, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR says nothing', TERMINAL, { NO_COLOR: '' }, true],
    ['FORCE_COLOR in a pipe', {}, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0 at a terminal', TERMINAL, { FORCE_COLOR: '0' }, false],
    ['NO_COLOR goes before FORCE_COLOR', TERMINAL, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('%s', (_, stream, env, expected) => {
    expect(hasColour(stream, env)).toBe(expected);
  });

  it('is put around a text, or not', () => {
    expect(paint(TERMINAL, {}).red('fail')).toBe('\u001B[31mfail\u001B[39m');
    expect(paint({}, {}).red('fail')).toBe('fail');
  });
});
