/** Wholes with other texts, as a host prints them or a person writes them. */

/** The field that holds a text, and whether it holds a list of them. */
type Change = (text: string, key: string, isListed: boolean) => string;

/**
 * The same whole, each of its texts as `change` gives it: nothing else changes, so it keeps its
 * type.
 */
export function withTexts<Whole>(whole: Whole, change: Change): Whole {
  return changed(whole, change, '', false) as Whole;
}

function changed(part: unknown, change: Change, key: string, isListed: boolean): unknown {
  if (typeof part === 'string') return change(part, key, isListed);
  if (Array.isArray(part)) return part.map((item: unknown) => changed(item, change, key, true));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([name, item]) => [name, changed(item, change, name, false)]));
}
