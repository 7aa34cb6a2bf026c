import { minifyAwk, shortenNames } from '../../scripts/minify-awk';

describe('awk without comments and spaces', () => {
  test.each([
    ['a comment goes, a "#" in a text or a pattern stays', '{ x = "#a" # b\n  y ~ /#c/ }', '{x="#a";y~/#c/}\n'],
    ['a slash after a value divides', '{ x = a[1] / 2 / n }', '{x=a[1]/2/n}\n'],
    ['a statement on the line after a condition stays its own', 'END {\n  if (a)\n    b\n  else\n    c\n}', 'END{if(a)b;else c}\n'],
    ['a name and a parenthesis apart join texts', '{ print big (x), big(y) }', '{print big (x),big(y)}\n'],
    ['signs and words that would grow together stay apart', '{ x = a - -b; for (k in t) print 1 .5 }', '{x=a- -b;for(k in t)print 1 .5}\n'],
    ['functions and rules share a line', 'function f(a,  b) {\n  return a\n}\n\n/x/ {\n  next\n}', 'function f(a,b){return a};/x/{next}\n'],
    ['parts of a long text become one', '{ load("a " \\\n  "b", T); x = y "c" "d" }', '{load("a b",T);x=y"c""d"}\n'],
    ['a condition over two lines stays one', '{\n  if (a &&\n      b) {\n    c\n  }\n}', '{if(a&&b)c}\n'],
    [
      'braces around one statement go, those that an else needs stay',
      '{\n  if (a) {\n    if (b) {\n      c\n    }\n  } else {\n    d\n  }\n}',
      '{if(a){if(b)c}else d}\n',
    ],
  ])('%s', (_, source, expected) => {
    expect(minifyAwk(source)).toBe(expected);
  });

  test('what is no awk is refused, with its line', () => {
    expect(() => minifyAwk('{ x = 1\n y = @ }')).toThrow('line 2');
  });
});

describe('short names in awk', () => {
  const programs = new Map([
    ['LIB', 'function helper(text){return text size}'],
    ['ONE', 'function first(value,  text){text=value;return helper(text) total}BEGIN{first(port)}'],
    ['TWO', 'BEGIN{total=helper(other)}'],
  ]);
  const short = shortenNames(programs, new Set(['port']), new Set(['LIB']));
  const [library = '', one = '', two = ''] = [...short.values()];
  const helper = /function (\w)\(/.exec(library)?.[1] ?? '';

  test('what is local to a function has names of its own, none of which is a function', () => {
    const [, name, value, text] = /^function (\w)\((\w), ?(\w)\)/.exec(one) ?? [];
    expect(new Set([name, value, text, helper]).size).toBe(4);
    expect(one).toContain(`{${text}=${value};return ${helper}(${text})`);
  });

  test('a function of a program that runs before others has the same name everywhere, and what comes from outside keeps its own', () => {
    expect(two).toContain(`=${helper}(`);
    expect(one).toContain('(port)');
  });

  test('a variable of two programs has the same name in both', () => {
    const total = /BEGIN{(\w)=/.exec(two)?.[1];
    expect(one).toContain(`) ${total}}`);
  });
});
