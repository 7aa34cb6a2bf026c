/**
 * Whether a value of `grpc-status` counts as an answer, in the syntax of ELB's `Matcher.GrpcCode`:
 * 0 to 99, several separated by commas, or ranges ("12", "0,5", "0-5"; ELBv2 API reference,
 * Matcher).
 * @throws RangeError when the text is not in that syntax, or a range runs backwards.
 */
export function parseGrpcMatcher(matcher: string): (status: number) => boolean {
  return accepting(matcher, /^([0-9]{1,2})(?:-([0-9]{1,2}))?$/, '"0", "0,5", "0-5"');
}

/**
 * Whether a status code counts as an answer, in the syntax of ELB's `Matcher.HttpCode`: one code,
 * several separated by commas, or ranges ("200", "200,202", "200-299"; ELBv2 API reference,
 * Matcher).
 * @throws RangeError when the text is not in that syntax, or a range runs backwards.
 */
export function parseMatcher(matcher: string): (status: number) => boolean {
  return accepting(matcher, /^([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?$/, '"200", "200,202", "200-299"');
}

function accepting(matcher: string, syntax: RegExp, allowed: string): (status: number) => boolean {
  const ranges = matcher.split(',').map((part) => parseRange(part.trim(), { matcher, syntax, allowed }));
  return (status) => ranges.some(([low, high]) => status >= low && status <= high);
}

function parseRange(
  part: string,
  { matcher, syntax, allowed }: { readonly matcher: string; readonly syntax: RegExp; readonly allowed: string },
): readonly [number, number] {
  const found = syntax.exec(part);
  const low = Number(found?.[1]);
  const high = Number(found?.[2] ?? found?.[1]);
  if (found === null || high < low) {
    throw new RangeError(`matcher ${JSON.stringify(matcher)} is not in ELB's syntax; allowed: ${allowed}`);
  }
  return [low, high];
}
