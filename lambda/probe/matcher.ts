/**
 * Whether a status code counts as an answer, in the syntax of ELB's `Matcher.HttpCode`: one code,
 * several separated by commas, or ranges ("200", "200,202", "200-299"; ELBv2 API reference,
 * Matcher).
 * @throws RangeError when the text is not in that syntax, or a range runs backwards.
 */
export function parseMatcher(matcher: string): (status: number) => boolean {
  const ranges = matcher.split(',').map((part) => parseRange(part.trim(), matcher));
  return (status) => ranges.some(([low, high]) => status >= low && status <= high);
}

function parseRange(part: string, matcher: string): readonly [number, number] {
  const found = /^([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?$/.exec(part);
  const low = Number(found?.[1]);
  const high = Number(found?.[2] ?? found?.[1]);
  if (found === null || high < low) {
    throw new RangeError(`matcher ${JSON.stringify(matcher)} is not in ELB's syntax; allowed: "200", "200,202", "200-299"`);
  }
  return [low, high];
}
