/** Texts of cells as they stand in the XML of shared strings and of inline strings: plain, or runs of different fonts. */
import type { Parts } from './parts.js';
import { readXml } from './xml.js';

/**
 * Collects the text of one `si` or `is`. Runs are joined; phonetic runs (`rPh`), which tell how characters are read, are left
 * out. Keeps one character more than `limit` at most, so that too long a text is known and costs nothing.
 */
export class TextCollector {
  #text = '';
  #inText = false;
  #inPhonetic = false;

  constructor(readonly limit: number) {}

  open(name: string): void {
    if (name === 'rPh') this.#inPhonetic = true;
    this.#inText = name === 't' && !this.#inPhonetic;
  }

  add(text: string): void {
    if (this.#inText && this.#text.length <= this.limit)
      this.#text += text.slice(0, this.limit + 1 - this.#text.length);
  }

  close(name: string): void {
    if (name === 'rPh') this.#inPhonetic = false;
    this.#inText = false;
  }

  /** What was collected, and an empty collector again. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    return unescapeText(text);
  }
}

/** Characters that XML cannot hold, and a carriage return, stand as `_x000D_` (ECMA-376 part 1, 22.9.2.19, ST_Xstring). */
export const unescapeText = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;

/** The texts that cells refer to by number. Those longer than the limit are one character longer than it. */
export function readSharedStrings(parts: Parts, part: string): readonly string[] {
  const strings: string[] = [];
  const collector = new TextCollector(parts.budget.limits.textLength);
  readXml(parts, part, {
    open: ({ name }) => collector.open(name),
    text: (text) => collector.add(text),
    close: (name) => {
      collector.close(name);
      if (name === 'si') strings.push(collector.take());
    },
  });
  return strings;
}
