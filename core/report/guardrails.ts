/** Guardrails as people read them: all of them in a table, or those that are worth an alert. */
import type { Blocked, GuardrailCheck } from '../model';
import { table } from './text';

/** A longer value has its limit on a line of its own: one of them must not part all the others. */
const VALUE_MAX = 34;

/** Each guardrail with its value and limit; the ones that said no come first. */
export function guardrailLines(guardrails: readonly GuardrailCheck[]): string[] {
  if (guardrails.length === 0) return [];
  const ordered = [...guardrails].sort((a, b) => Number(a.passed) - Number(b.passed));
  const isLong = ({ value }: GuardrailCheck) => value.length > VALUE_MAX;
  const rows = ordered.map((check) => [check.passed ? 'ok' : 'NO', check.guardrail, isLong(check) ? '' : check.value, check.limit]);
  const [heading = '', ...lines] = table([['', 'guardrail', 'value', 'limit'], ...rows]);
  const at = heading.indexOf('value');
  return [
    heading,
    ...lines.flatMap((text, index) => {
      const check = ordered[index];
      return check === undefined || !isLong(check)
        ? [text]
        : [`${text.slice(0, at).padEnd(at)}${check.value}`, text.replace(/\S/g, keep(at))];
    }),
  ];
}

/** Blanks what stands before the column. */
function keep(column: number): (character: string, at: number) => string {
  return (character, at) => (at < column ? ' ' : character);
}

/**
 * Guardrails that count something: how near a value is to its limit can be said. `least`: the value
 * must not fall below the limit; `most`: it must not pass it.
 */
const COUNTED: Readonly<Partial<Record<Blocked, 'least' | 'most'>>> = {
  'capacity-floor': 'least',
  'zone-floor': 'least',
  'too-few-peers': 'least',
  'capacity-projection': 'most',
  'budget-group-hour': 'most',
  'budget-stack': 'most',
};

/** Nearer to its limit than this fraction of it. */
const CLOSE = 0.15;

/** Whether it passed and would not have with a little more. */
export function isClose({ guardrail, value, limit, passed }: GuardrailCheck): boolean {
  const way = COUNTED[guardrail];
  const [got, allowed] = [value, limit].map((text) => /\d+(\.\d+)?/.exec(text)?.[0]).map(Number);
  if (!passed || way === undefined || got === undefined || allowed === undefined || Number.isNaN(got) || Number.isNaN(allowed))
    return false;
  const room = way === 'least' ? got - allowed : (limit.startsWith('fewer') ? allowed - 1 : allowed) - got;
  return room <= CLOSE * allowed;
}

/** Those that failed and those that were close, one line each. */
export function notableGuardrails(guardrails: readonly GuardrailCheck[]): string[] {
  const failed = guardrails.filter(({ passed }) => !passed);
  const close = guardrails.filter(isClose);
  return [...failed.map((check) => `failed: ${checkText(check)}`), ...close.map((check) => `close: ${checkText(check)}`)];
}

function checkText({ guardrail, value, limit }: GuardrailCheck): string {
  return `${guardrail}: ${value} (limit: ${limit})`;
}
