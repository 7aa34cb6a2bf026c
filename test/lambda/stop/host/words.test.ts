import { redactText } from '../../../../core/diagnose/redact';
import { stopProgram } from '../../../../scripts/stop-program';

/** What the program says why it refused: all its texts, with a number for each placeholder. */
function reasons(): string[] {
  const texts = [...stopProgram().matchAll(/(?:Refused\(|return |= |'why': )'((?:[^'\\]|\\.)+)'/g)].map(([, text = '']) => text);
  return [
    ...new Set(
      texts
        .filter((text) => text.includes(' ') && !text.includes('%r'))
        .map((text) => text.replaceAll('%d', '7').replaceAll("\\'", "'").replaceAll('%s', '')),
    ),
  ];
}

test('nothing of a reason is hidden on its way to people', () => {
  expect(reasons().length).toBeGreaterThan(20);
  const hidden = reasons().filter((text) => redactText(text) !== text);
  expect(hidden.map((text) => redactText(text))).toEqual([]);
});
