/**
 * A first look at JSON text, before anything recursive touches it: depth, repeated keys and reserved keys, with their JSON
 * pointers. It keeps its own stack, so that a text nested a million deep costs no call stack. Whether the text is JSON at
 * all is for `JSON.parse` to say; what is malformed here is passed over.
 */
import { type Findings, WHOLE_FILE } from '#forms/findings.js';

export const JSON_DEPTH_LIMIT = 32;

/** Keys that mean something to JavaScript objects. */
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

interface Frame {
  readonly kind: 'object' | 'array';
  readonly keys: Set<string>;
  /** The key or index under way. */
  key: string | number;
  expectsKey: boolean;
}

/** False when the text must not be parsed. */
export function scanJson(text: string, findings: Findings): boolean {
  const frames: Frame[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const top = frames.at(-1);
    switch (text[at]) {
      case '{':
      case '[': {
        if (frames.length === JSON_DEPTH_LIMIT) {
          findings.problem(pointerOf(frames), 'JSON_TOO_DEEP', { limit: JSON_DEPTH_LIMIT, ...positionOf(text, at) });
          return false;
        }
        const kind = text[at] === '{' ? 'object' : 'array';
        frames.push({ kind, keys: new Set(), key: 0, expectsKey: kind === 'object' });
        break;
      }
      case '}':
      case ']':
        frames.pop();
        break;
      case ',':
        if (top?.kind === 'array' && typeof top.key === 'number') top.key += 1;
        else if (top !== undefined) top.expectsKey = true;
        break;
      case '"': {
        const end = endOfString(text, at);
        if (top?.expectsKey === true) takeKey(frames, top, text.slice(at, end + 1), findings);
        at = end;
        break;
      }
      default:
    }
  }
  return true;
}

function takeKey(frames: readonly Frame[], top: Frame, literal: string, findings: Findings): void {
  const key = unquoted(literal);
  top.expectsKey = false;
  if (key === undefined) return;
  top.key = key;
  if (FORBIDDEN.has(key)) findings.problem(pointerOf(frames), 'KEY_FORBIDDEN', { key });
  else if (top.keys.has(key)) findings.problem(pointerOf(frames), 'KEY_REPEATED', { key });
  top.keys.add(key);
}

/** Index of the closing quote, or of the last character when there is none. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at, text.length - 1);
}

function unquoted(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

const pointerOf = (frames: readonly Frame[]): string => frames.map(({ key }) => `/${escaped(key)}`).join('');

/** RFC 6901. */
export const escaped = (key: string | number): string => String(key).replaceAll('~', '~0').replaceAll('/', '~1');

const positionOf = (text: string, at: number) => {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};

/** The parsed value, or `undefined` with what is wrong with it. `null` is a value. */
export function parseJson(text: string, findings: Findings): { readonly value: unknown } | undefined {
  if (!scanJson(text, findings)) return undefined;
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const position = /position (\d+)/.exec(cause.message)?.[1];
    findings.problem(WHOLE_FILE, 'JSON_NOT_VALID', {
      reason: cause.message,
      ...(position === undefined ? {} : positionOf(text, Number(position))),
    });
    return undefined;
  }
}
