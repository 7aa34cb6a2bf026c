/** Options of a command: their names are told, and their values where no secret is meant. */
import { SECRET_OPTION, SINGLE_DASH } from './words';
import { hide, isHarmless, isRandom, isSecretName, isWords, placeholder, shown, shownValue } from './values';

import type { Reader } from './reader';
import type { Token } from './tokens';

const secretOption = new RegExp(SECRET_OPTION);
const singleDash = new Set(SINGLE_DASH);

/** The next word after an option of these names is a secret. */
function awaits(reader: Reader, option: string): boolean {
  if (reader.program === 'sort' && /^(k|key)$/.test(option)) return false;
  const { program, sub } = reader;
  return (
    (option.length > 1 && isSecretName(option)) ||
    secretOption.test(`${program}:${option}`) ||
    secretOption.test(`${program}:${sub}:${option}`)
  );
}

function named(reader: Reader, dashes: string, name: string, value: string | undefined): string {
  if (value === undefined) {
    reader.option = name;
    reader.secret = awaits(reader, name);
    return `${dashes}${name}`;
  }
  return `${dashes}${name}=${value !== '' && awaits(reader, name) && !isFiled(name, value) ? hide(value) : shownValue(name, value)}`;
}

/** A secret's file instead of the secret. */
export function isFiled(name: string, value: string): boolean {
  return isSecretName(name) && shownValue(name, value) === value;
}

export function readOption(reader: Reader, token: Token): string {
  const { text, raw } = token;
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const value = at < 0 ? undefined : text.slice(at + 1);
  if (/^--?$/.test(text)) return raw;
  if (text.startsWith('--'))
    return name.length <= 66 && /^--[A-Za-z][A-Za-z0-9_.-]*$/.test(name) && !isRandom(name) && !(value ?? '').startsWith('=')
      ? named(reader, '--', name.slice(2), value)
      : `--${hide(text.slice(2))}`;
  return readSingleDash(reader, text.slice(1), raw);
}

/** `-x`, `-xyz`, `-xVALUE`, `-name`, `-name=value`, `-Dname=value`. */
function readSingleDash(reader: Reader, rest: string, raw: string): string {
  const letter = rest[0] ?? '';
  const glued = rest.slice(1);
  const at = rest.indexOf('=');
  // A letter of several bytes is none to the host, which reads bytes: both hide it behind its dash.
  if (glued === '' && letter <= '\x7F') return /[A-Za-z0-9?@%]/.test(letter) ? named(reader, '-', letter, undefined) : hide(raw);
  if (secretOption.test(`${reader.program}:${letter}`) || secretOption.test(`${reader.program}:${reader.sub}:${letter}`))
    return readGluedSecret(reader, rest, letter, glued);
  if (/^[0-9.:+-]+$/.test(rest)) return raw;
  if (letter === 'D' && at > 1) return `-D${shown(glued)}`;
  if (/^X(mx|ms|ss|mn)[0-9]+[kKmMgGtT]?$/.test(rest) || /^XX:[-+][A-Za-z0-9]+$/.test(rest)) return raw;
  if (/^XX:[A-Za-z0-9]+=/.test(rest)) return `-XX:${shown(rest.slice(3))}`;
  if (at > 1 && /^[a-z][a-z0-9_.-]*$/.test(rest.slice(0, at)) && rest[at + 1] !== undefined && rest[at + 1] !== '=')
    return named(reader, '-', rest.slice(0, at), rest.slice(at + 1));
  if (singleDash.has(rest) || isCompound(rest)) return named(reader, '-', rest, undefined);
  return readGlued(reader, rest, raw);
}

/** A name of several words of the vocabulary: `-aes-256-cbc`. */
function isCompound(rest: string): boolean {
  return rest.length > 4 && /^[a-z]/.test(rest) && isWords(rest);
}

/**
 * Short options by which secrets are told: longer clusters may be a secret that is glued to them.
 */
const TELLING = /^[pPuUaAkKwW]/;

function readGlued(reader: Reader, rest: string, raw: string): string {
  const letter = rest[0] ?? '';
  const glued = rest.slice(1);
  if (/^[A-Za-z]+$/.test(rest) && rest.length <= (TELLING.test(rest) ? 3 : 4)) {
    const last = rest.at(-1) ?? '';
    reader.option = last;
    reader.secret = awaits(reader, last);
    return raw;
  }
  if (placeholder(glued) !== undefined) return `-${letter}${hide(glued)}`;
  const longNumber = letter === 'p' && /[0-9]{6}/.test(glued);
  if (/^[A-Za-z]$/.test(letter) && !longNumber && /^([0-9]|\.?\.?\/|:)/.test(glued) && isHarmless(glued)) return raw;
  reader.option = rest;
  reader.secret = isSecretName(rest);
  return `-${/[A-Za-z0-9]/.test(letter) ? letter : ''}${hide(glued)}`;
}

/** `-pSECRET` of a program that takes it so; a name of several letters stays one. */
function readGluedSecret(reader: Reader, rest: string, letter: string, glued: string): string {
  if (singleDash.has(rest) && rest.length > 3) return named(reader, '-', rest, undefined);
  return `-${letter}${hide(glued)}`;
}
