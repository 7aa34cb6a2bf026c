/** Base64 (RFC 4648, section 4) for a world without Buffer: records are stored as strings. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map(ALPHABET.split('').map((letter, value) => [letter.charCodeAt(0), value]));
const LOOKUP = Uint8Array.from({ length: 128 }, (_, code) => VALUES.get(code) ?? 255);

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) parts.push(encodeTriple(bytes, i));
  return parts.join('');
}

function encodeTriple(bytes: Uint8Array, at: number): string {
  const left = bytes.length - at;
  const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  const letter = (shift: number): string => ALPHABET.charAt((word >> shift) & 63);
  return letter(18) + letter(12) + (left > 1 ? letter(6) : '=') + (left > 2 ? letter(0) : '=');
}

/** Throws an Error naming the position when `text` is no padded base64. */
export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw new Error(`base64 text has ${text.length} characters, must be a multiple of 4`);
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let out = 0;
  for (let i = 0; i < text.length; i += 4) {
    const word = (valueAt(text, i) << 18) | (valueAt(text, i + 1) << 12) | (valueAt(text, i + 2) << 6) | valueAt(text, i + 3);
    bytes[out++] = word >> 16;
    bytes[out++] = word >> 8;
    bytes[out++] = word;
  }
  return bytes;
}

function valueAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  const value = code < 128 ? (LOOKUP[code] ?? 255) : 255;
  if (value !== 255) return value;
  if (code === 61 && index >= text.length - 2) return 0;
  throw new Error(`base64 text has "${text.charAt(index)}" at position ${index}, allowed: A-Z a-z 0-9 + / and = at the end`);
}
