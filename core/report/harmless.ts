/** What hosts, tags and operators wrote, as people and chats may be shown it. */

/** Control characters but the line's end, and what turns text around or hides in it. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const INVISIBLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** The text with a space in place of each character that nobody sees. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, ' ');
}

/** One line of it, cut at `most` characters. */
export function line(text: string, most: number): string {
  const flat = visible(text).replaceAll('\n', ' ');
  return flat.length <= most ? flat : `${flat.slice(0, Math.max(0, most - 3))}...`;
}

/** Parts what a chat would read as more than text, and shows nothing. */
export const ZERO_WIDTH = '\u200b';

/**
 * Where a chat begins to read something other than text: a mention (`@here`, `<!channel>`, `<at>`),
 * a link whose text may lie about where it leads (`<https://evil|Click>`, `[Click](https://evil)`),
 * a plain address, which it makes a link of its own, and an entity that stands for one of these.
 * Slack parses `<` in preformatted text too (Slack API, "Formatting text for app surfaces": `&`,
 * `<` and `>` are control characters).
 */
const SPECIAL = /[@<>&]|\](?=\()|:(?=\/\/)/g;

/**
 * What a host printed, or somebody wrote into a tag, must not end the preformatted text, call
 * anybody or lead anywhere. Entities (`&lt;`) are no help: nothing says whether Amazon Q Developer
 * writes them once more (I). People read the same text.
 */
export function harmless(text: string): string {
  return visible(text).replaceAll('`', "'").replace(SPECIAL, `$&${ZERO_WIDTH}`);
}
