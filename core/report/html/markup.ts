/** HTML that is put together from templates: whatever is filled in is escaped. */
import { visible } from '../harmless';

/** Text that is HTML already. */
export interface Markup {
  readonly html: string;
}

type Filling = Markup | readonly Markup[] | string | number | undefined;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For text and for attributes in quotation marks. */
function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/**
 * `html\`<p>${text}</p>\``: texts are escaped, markup is kept, nothing stands for undefined. Line
 * ends of the template are the formatter's, and become spaces.
 */
export function html(parts: TemplateStringsArray, ...fillings: readonly Filling[]): Markup {
  return { html: parts.map((part, index) => `${part.replace(/\s*\n\s*/g, ' ')}${filled(fillings[index])}`).join('') };
}

function filled(filling: Filling): string {
  if (filling === undefined) return '';
  if (typeof filling === 'string') return escaped(filling);
  if (typeof filling === 'number') return String(filling);
  return 'html' in filling ? filling.html : filling.map((one) => one.html).join('');
}

export const NOTHING: Markup = { html: '' };
