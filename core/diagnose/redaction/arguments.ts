/** Words of a command that are no options. */
import { INTERPRETER, MESSAGE_WORDS, SECRET_WORD } from './words';
import { hide, isHarmless, isRandom, placeholder, shown } from './values';

import { isFiled } from './options';
import { PROSE, type Reader } from './reader';
import type { Token } from './tokens';

const secretWord = new RegExp(SECRET_WORD);
const interpreter = new RegExp(INTERPRETER);
const messageWords = new Set(MESSAGE_WORDS);

/**
 * What `-p` may be followed by without being a secret: a number of up to five digits, an address or
 * a path.
 */
function isNoPin(option: string, text: string): boolean {
  return option !== 'p' || !/[0-9]{6}/.test(text);
}

export function readArgument(reader: Reader, token: Token): string {
  const { text, raw } = token;
  const { option, program } = reader;
  reader.option = '';
  if (/^(=|=>|->|:|:=)$/.test(text)) return raw;
  const isPositional = option === '';
  if (isPositional && reader.sub === '') reader.sub = text;
  if (secretWord.test(text.toLowerCase()) && isHarmlessWord(text)) {
    reader.secret = true;
    return raw;
  }
  if (placeholder(text) !== undefined) return hide(text);
  if (program === PROSE && messageWords.has(text.toLowerCase().replaceAll(/^[("']+|[).,:;"']+$/g, ''))) return raw;
  if (reader.secretive && isPositional) return isTellable(reader, text) ? raw : hide(text);
  if (/^(python|python[0-9.]*)$/.test(program) && option === 'm' && /^[A-Za-z_][A-Za-z0-9_.]*$/.test(text) && !isRandom(text)) return raw;
  if (interpreter.test(program) && reader.count === 1 && /^[A-Za-z0-9_.@/+-]+$/.test(text) && !isRandom(text) && text.length <= 120)
    return raw;
  if (!isNoPin(option, text)) return hide(text);
  const told = shown(text, option);
  return told === text ? raw : told;
}

/** `password`, `PIN:`; not a longer word that only begins so. */
function isHarmlessWord(text: string): boolean {
  return /^[A-Za-z_-]+[:=]?$/.test(text);
}

/** Of a program whose words are secrets: a path, and the sub-command of those that have one. */
function isTellable(reader: Reader, text: string): boolean {
  if (/^(\/|\.\/|\.\.\/|~\/)/.test(text)) return isHarmless(text);
  return (
    reader.count === 1 &&
    /^(vault|op|pass|keyctl|sops|net|security|ansible-vault|rclone)$/.test(reader.program) &&
    isHarmless(text) &&
    !/[0-9]/.test(text)
  );
}

/** A word that a secret option or word awaits. What looks like the next option is one. */
export function readSecret(reader: Reader, token: Token): string | undefined {
  const { text, raw } = token;
  if (/^(=|=>|->|:|:=|is|by|BY)$/.test(text)) return raw;
  const { option } = reader;
  reader.secret = false;
  reader.option = '';
  if (/^--?[A-Za-z][A-Za-z0-9-]*(=|$)/.test(text)) return undefined;
  return isFiled(option, text) ? raw : hide(text);
}
