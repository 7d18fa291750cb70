/** Ends the reading of a workbook from wherever it is: the parsers call back, so a result cannot be handed up. */
import type { Fact } from '#forms/findings.js';
import type { ProblemCode } from '#forms/problem-codes.js';

/** Thrown within this folder only; `readWorkbook` makes a problem of it. */
export class Refusal extends Error {
  constructor(
    /** A part such as `xl/worksheets/sheet1.xml`, a cell such as `自评表!C7`, or the whole file. */
    readonly at: string,
    readonly code: ProblemCode,
    readonly facts: Readonly<Record<string, Fact>> = {},
  ) {
    super(`${code} at ${at}`);
  }
}

/** A part that cannot be what it should be. `reason` is for the person who asks the program that wrote the file. */
export const corrupt = (part: string, reason: string): Refusal =>
  new Refusal(part, 'WORKBOOK_PART_CORRUPT', { reason });
