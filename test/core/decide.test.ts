/** Scenario files: prose, what is different from "everything in order", and the decision. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decide } from './decisions';
import { targetKey, type Decision } from '../../core/model';
import { NOW } from '../builders/now';
import { situation } from '../builders/scenario/situation';

const DIRECTORY = path.join(__dirname, '..', 'scenarios');

function parse(text: string): { description: Map<string, string>; expected: string } {
  const [head = '', expected = ''] = text.split(/^---$/m);
  const lines = head.split('\n').filter((line) => /^[a-z0-9 -]+: /.test(line));
  return {
    description: new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])),
    expected: expected.trim(),
  };
}

/** One decision as people read it: the action, its reason, and each guardrail that said no. */
function render(decision: Decision): string {
  const target = decision.target === undefined ? 'the group' : targetKey(decision.target);
  const lease =
    !('leaseEndsAt' in decision) || decision.leaseEndsAt === undefined ? '' : `, lease of ${(decision.leaseEndsAt - NOW) / 1000} s`;
  const breaker = !('opensBreaker' in decision) ? '' : `, opens the breaker of the ${decision.opensBreaker}`;
  const because = !('because' in decision) ? '' : ` (${decision.because})`;
  const failed = decision.guardrails
    .filter((check) => !check.passed)
    .map((check) => `  NO ${check.guardrail}: ${check.value}; limit: ${check.limit}`);
  const told = decision.guardrails.length === 0 && decision.blocked.length > 0 ? [`  blocked: ${decision.blocked.join(', ')}`] : [];
  const { action, ends, stops } =
    decision.action === 'replace'
      ? {
          action: `replace: ${decision.step}`,
          ends: decision.endsAs === undefined ? '' : ` (${decision.endsAs})`,
          stops: decision.stopsAt === undefined ? '' : `, stopped in ${(decision.stopsAt - NOW) / 1000} s without us`,
        }
      : { action: decision.action, ends: '', stops: '' };
  return [`${action}${ends}${because} ${target}${lease}${stops}${breaker}: ${decision.reason}`, ...failed, ...told].join('\n');
}

describe('scenarios of decide', () => {
  it.each(readdirSync(DIRECTORY).filter((name) => name.endsWith('.txt')))('%s', (name) => {
    const { description, expected } = parse(readFileSync(path.join(DIRECTORY, name), 'utf8'));
    expect(decide(situation(description)).map(render).join('\n')).toBe(expected);
  });
});
