/** How much of a workbook is read. A file may ask for more than any form needs; it is refused before it gets it. */
import { Refusal } from './refusal.js';

export interface WorkbookLimits {
  /** Parts of the archive, read or not. */
  readonly parts: number;
  /** Bytes of one part after inflation, and of all parts together: as declared, and again as they come. */
  readonly partBytes: number;
  readonly inflatedBytes: number;
  readonly sheets: number;
  /** Of one sheet, counted to the last cell that holds anything. */
  readonly rows: number;
  readonly columns: number;
  /** Of all sheets together: cells that hold anything, the gaps before them in their rows, and merged ranges. */
  readonly cells: number;
  /** UTF-16 characters of one text or formula; the format itself allows no more. */
  readonly textLength: number;
  /** Of all texts and formulas together. A text that many cells share counts for each: whoever reads them looks at each. */
  readonly characters: number;
  readonly xmlDepth: number;
  readonly attributes: number;
  /** Elements of all parts that are read: what reading costs, wherever it runs. */
  readonly steps: number;
  /** Asked now and then; true ends the reading. Without it only the steps are counted. See `afterMilliseconds`. */
  readonly outOfTime?: () => boolean;
}

const MEBIBYTE = 1024 * 1024;

export const WORKBOOK_LIMITS: WorkbookLimits = {
  parts: 1_000,
  partBytes: 48 * MEBIBYTE,
  inflatedBytes: 64 * MEBIBYTE,
  sheets: 20,
  rows: 20_000,
  columns: 200,
  cells: 400_000,
  textLength: 32_767,
  characters: 16 * MEBIBYTE,
  xmlDepth: 64,
  attributes: 64,
  steps: 400_000,
};

/** For `outOfTime`. The clock gives milliseconds and may start anywhere. */
export function afterMilliseconds(allowed: number, clock: () => number = () => performance.now()): () => boolean {
  const end = clock() + allowed;
  return () => clock() > end;
}

/** Steps between two looks at the clock. */
const STEPS_PER_LOOK = 1_000;

/** What one reading has used up. */
export class Budget {
  #steps = 0;
  #inflated = 0;
  #cells = 0;
  #characters = 0;

  constructor(readonly limits: WorkbookLimits) {}

  /** One element of a part. */
  step(part: string): void {
    this.#steps += 1;
    if (this.#steps > this.limits.steps)
      throw new Refusal(part, 'WORKBOOK_TOO_COMPLEX', { steps: this.#steps, limit: this.limits.steps });
    if (this.#steps % STEPS_PER_LOOK === 0) this.look(part);
  }

  look(part: string): void {
    if (this.limits.outOfTime?.() === true) throw new Refusal(part, 'WORKBOOK_TOO_SLOW', { steps: this.#steps });
  }

  /** `at` is told only when it is too many. */
  takeCells(count: number, at: () => string): void {
    this.#cells += count;
    const { cells } = this.limits;
    if (this.#cells > cells) throw new Refusal(at(), 'WORKBOOK_TOO_MANY_CELLS', { cells: this.#cells, limit: cells });
  }

  takeCharacters(count: number, at: () => string): void {
    this.#characters += count;
    const { characters } = this.limits;
    if (this.#characters > characters)
      throw new Refusal(at(), 'WORKBOOK_TOO_COMPLEX', { characters: this.#characters, limit: characters });
  }

  /** Bytes that a part has just been inflated to; `soFar` of the same part, with them, and what it declared. */
  inflate(part: string, bytes: number, soFar: number, declared: number): void {
    this.#inflated += bytes;
    const { inflatedBytes } = this.limits;
    if (soFar <= declared && this.#inflated <= inflatedBytes) return;
    const facts = { part, declared, inflated: this.#inflated, limit: Math.min(declared, inflatedBytes) };
    throw new Refusal(part, 'WORKBOOK_INFLATES_TOO_MUCH', facts);
  }
}
