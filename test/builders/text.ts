/** Jest's matchers of text, typed as the text for which they stand: `expect` types them `any`. */

export const containing = (part: string): string => expect.stringContaining(part) as string;

export const matching = (pattern: RegExp): string => expect.stringMatching(pattern) as string;

export const notMatching = (pattern: string): string => expect.not.stringMatching(pattern) as string;
