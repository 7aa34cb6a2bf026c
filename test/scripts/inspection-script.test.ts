import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspectionScript } from '../../scripts/inspection-script';

/** The lines of one step of a script that has nothing else. */
function shipped(step: string): string[] {
  const host = mkdtempSync(path.join(tmpdir(), 'sickbay-host-'));
  try {
    for (const folder of ['awk', 'steps']) mkdirSync(path.join(host, folder));
    writeFileSync(path.join(host, 'main.sh'), '#!/bin/sh\n#include steps\n');
    writeFileSync(path.join(host, 'steps', 'one.sh'), step);
    return inspectionScript(host).trimEnd().split('\n').slice(1);
  } finally {
    rmSync(host, { recursive: true });
  }
}

describe('the shell of the inspection, as it is shipped', () => {
  test.each([
    ['commands share a line', 'a=1\nb "$a"', ['a=1;b "$a"']],
    ['what opens a block takes no semicolon', 'f() {\n  if x; then\n    y\n  fi\n}', ['f() { if x; then y;fi;}']],
    ['nor does what goes on in the background', 'x &\ny', ['x & y']],
    ['a pattern of a case ends its line', 'case $a in\n  b)\n    c\n    ;;\nesac', ['case $a in b)', 'c;; esac']],
    ['a sign of the shell takes no space', 'a | b || c && d \'x | y\' "p || $q" \\| z', ['a|b||c&&d \'x | y\' "p || $q" \\| z']],
    ['but within quotes that go over lines it keeps it', "a='b\nc | d' | e", ["a='b", "c | d' | e"]],
    ['a line within quotes stays one', "a='b\n  c\n  d'\ne", ["a='b", 'c', "d';e"]],
    ['so does one that goes on', 'a \\\n  b\nc', ['a \\', 'b;c']],
  ])('%s', (_, source, expected) => {
    expect(shipped(source)).toEqual(expected);
  });

  test('a here-document is refused', () => {
    expect(() => shipped('cat <<END\nx\nEND')).toThrow('here-document');
  });
});
