/**
 * Canonical JSON (RFC 8785): one value, one text. Keys are sorted by UTF-16 code units, numbers are written as ECMAScript
 * writes them, strings are brought to Unicode form NFC first. What the log holds is exactly this text in UTF-8, so a hash
 * over stored bytes can be checked anywhere.
 *
 * Written here, not taken from the package `canonicalize` (which the spec uses as oracle): that one drops `undefined`
 * silently, knows nothing of NFC, and takes three times as long on every event that is appended.
 */

/** Printable ASCII without quote and backslash: nothing to escape, nothing to normalise. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The canonical text of a JSON value. Throws a TypeError for anything that JSON cannot hold exactly: `undefined`, bigint,
 * NaN, infinity, a lone surrogate, a Date, Map or other object with a prototype of its own, keys that only differ in
 * Unicode form.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} is not a JSON number`);
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value as Record<string, unknown>);
    default:
      throw new TypeError(`${typeof value} is not a JSON value`);
  }
}

/** The canonical text in UTF-8: what is stored, and what is hashed. */
export const canonicalBytes = (value: unknown): Uint8Array => Buffer.from(canonicalJson(value));

function canonicalArray(values: readonly unknown[]): string {
  let text = '[';
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ',';
    text += canonicalJson(values[index]);
  }
  return `${text}]`;
}

function canonicalObject(object: Record<string, unknown>): string {
  if (!isPlain(object)) throw new TypeError(`${object.constructor?.name ?? 'object'} is not a plain object`);
  const keys = sorted(Object.keys(object));
  let text = '{';
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] as string;
    const label = labelOf(key);
    if (label === undefined) return canonicalObject(withNormalKeys(object));
    if (index > 0) text += ',';
    text += label + canonicalJson(object[key]);
  }
  return `${text}}`;
}

/** Objects have few keys: inserting each in its place takes half the time of `sort`. The order is by UTF-16 code units. */
function sorted(keys: string[]): string[] {
  if (keys.length > 32) return keys.sort();
  for (let index = 1; index < keys.length; index += 1) {
    const key = keys[index] as string;
    let place = index;
    for (; place > 0 && (keys[place - 1] as string) > key; place -= 1) keys[place] = keys[place - 1] as string;
    keys[place] = key;
  }
  return keys;
}

/** Keys as they are written; they come from a small vocabulary, over and over. */
const labels = new Map<string, string>();
const MAX_LABELS = 2_000;

/** The key in quotes with its colon; `undefined` if it is not in form NFC. */
function labelOf(key: string): string | undefined {
  const known = labels.get(key);
  if (known !== undefined) return known;
  if (!isNormal(key)) return undefined;
  const label = `${quoted(key)}:`;
  if (labels.size < MAX_LABELS) labels.set(key, label);
  return label;
}

function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (LONE_SURROGATE.test(text)) throw new TypeError('a lone surrogate is not text');
  return JSON.stringify(text.normalize('NFC'));
}

/**
 * The same value with every string and key in form NFC; the value itself when it is already so, which is nearly always.
 * Rules compare strings, and after a restart they compare what was stored: so commands are brought to NFC before they are
 * decided. Values that are not JSON are left alone.
 */
export function toNfc<T>(value: T): T {
  if (typeof value === 'string') return (PLAIN.test(value) ? value : value.normalize('NFC')) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(toNfc);
    return (items.some((item, index) => item !== value[index]) ? items : value) as T;
  }
  if (!isPlain(value)) return value;
  const source = value as Record<string, unknown>;
  const base = Object.keys(source).every(isNormal) ? source : withNormalKeys(source);
  let copy: Record<string, unknown> | undefined = base === source ? undefined : base;
  for (const key of Object.keys(base)) {
    const item = toNfc(base[key]);
    if (item !== base[key]) define((copy ??= { ...base }), key, item);
  }
  return (copy ?? value) as T;
}

const isNormal = (text: string): boolean => PLAIN.test(text) || text.normalize('NFC') === text;

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  // The second test lets objects of another realm through: Jest runs every file in one of its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function withNormalKeys(object: Record<string, unknown>): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(object)) {
    const normal = key.normalize('NFC');
    if (Object.hasOwn(copy, normal)) throw new TypeError('two keys differ only in Unicode form');
    define(copy, normal, object[key]);
  }
  return copy;
}

/** Assignment that also holds for a key called `__proto__`. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
