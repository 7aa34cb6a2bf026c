import { fitted, helpWidth } from '../../bin/help';

describe('a help text', () => {
  it('has its paragraphs broken for the width, and what is indented as it was', () => {
    const text = 'one two three four\nfive six\n\nExamples:\n  sickbay cases --stack Sickbay --profile prod\n';
    expect(fitted(text, 12)).toBe('one two\nthree four\nfive six\n\nExamples:\n  sickbay cases --stack Sickbay --profile prod\n');
  });

  it('keeps a word that is wider than the width whole', () => {
    expect(fitted('see https://example.com/very/long here', 10)).toBe('see\nhttps://example.com/very/long\nhere');
  });

  it('is as wide as the terminal, up to what people read', () => {
    expect([helpWidth(undefined), helpWidth(60), helpWidth(300)]).toEqual([80, 60, 100]);
  });
});
