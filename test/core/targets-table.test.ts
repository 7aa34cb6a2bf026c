/**
 * docs/targets.md: what the table says of each kind of target is what the prober and the guardrails
 * say of it, and every owner that can be declared has a row that removes.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseConfig } from '../../core/config';
import { spokenTo } from '../../core/spoken';
import { GROUP } from '../builders/groups';
import { situation } from '../builders/scenario/situation';
import { decide } from './decisions';

const ABOUT_THE_KIND = ['owner-undeclared', 'owner-unsupported', 'target-unsupported'];

const ROWS = readFileSync(path.join(__dirname, '..', '..', 'docs/targets.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('`'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, kind = '', group = '', owner = '', measured = '', explained = '', done = '']) => {
    const [targetType = '', protocol = '', protocolVersion = 'HTTP1'] = quoted(group);
    return { kind, targetType, protocol, protocolVersion, owner: quoted(owner)[0], measured, explained, done };
  });

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

test.each(ROWS)('measured: $kind', ({ targetType, protocol, protocolVersion, measured }) => {
  const probe = measured.includes('`probe.protocol`') ? { protocol: 'HTTP' as const } : {};
  const word = measured.split(/[ :,]/)[0];
  expect(['yes', 'no']).toContain(word);
  expect(spokenTo({ targetType, protocol, protocolVersion }, probe).ok).toBe(word === 'yes');
});

test.each(ROWS)('done: $kind', ({ targetType, protocol, protocolVersion, owner, done }) => {
  const word = done.split(/[ :,]/)[0];
  expect(['removed', 'replaced', 'told']).toContain(word);
  const described = new Map([
    ['target type', targetType],
    ['protocol', protocol],
    ['protocol version', protocolVersion],
    ['declared owner', owner ?? 'none'],
    ['observed owner', owner ?? 'unknown'],
    ...(done.includes('`nlb`')
      ? ([
          ['nlb', 'act'],
          ['probe protocol', 'HTTP'],
        ] as const)
      : []),
  ]);
  const refusals = decide(situation(described))
    .flatMap(({ guardrails }) => guardrails)
    .filter(({ guardrail, passed }) => !passed && ABOUT_THE_KIND.includes(guardrail));
  expect(refusals.length === 0).toBe(word !== 'told');
});

test('every owner that can be declared has a row of targets that are removed or replaced', () => {
  const moved = new Set(ROWS.filter(({ done }) => !done.startsWith('told')).map(({ owner }) => owner));
  expect(moved).toEqual(new Set(declarable()));
});

/** As the configuration names them where another is given. */
function declarable(): string[] {
  const [message = ''] = messages(() => parseConfig({ targetGroups: [{ arn: GROUP, owner: 'nobody' }] }));
  return [...message.matchAll(/"([a-z]+)"/g)].map(([, word = '']) => word).filter((word) => word !== 'nobody' && word !== 'owner');
}

function messages(parse: () => unknown): string[] {
  try {
    parse();
  } catch (error) {
    return String(error)
      .split('\n')
      .filter((line) => line.includes('owner'));
  }
  throw new Error('it was taken');
}
