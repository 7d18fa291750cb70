/** What reading a file finds: problems that refuse it, all at once, and notes that only tell. */
import type { NoteCode, ProblemCode } from '#forms/problem-codes.js';

export type Fact = string | number | boolean | readonly string[] | undefined;

/** `at` is the place in the reader's terms: `第 47 行, 全年预算数`, or a JSON pointer. Facts are named by the code. */
export interface Problem {
  readonly at: string;
  readonly code: ProblemCode;
  readonly [fact: string]: Fact;
}

export interface Note {
  readonly at: string;
  readonly code: NoteCode;
  readonly [fact: string]: Fact;
}

/** At most this many problems (and notes) are listed; `problemCount` has them all. Design 6.3. */
export const PROBLEMS_LISTED = 1_000;

/** `content` is there if and only if there is no problem. */
export interface Reading<Content> {
  readonly content?: Content;
  readonly problems: readonly Problem[];
  readonly problemCount: number;
  readonly notes: readonly Note[];
}

export const WHOLE_FILE = '文件';

/** A place in a text: line (or row) counted from 1, and the column as the form or the header calls it. */
export const place = (line: number, column?: string): string =>
  column === undefined ? `第 ${line} 行` : `第 ${line} 行, ${column}`;

export class Findings {
  readonly problems: Problem[] = [];
  readonly notes: Note[] = [];
  problemCount = 0;

  problem(at: string, code: ProblemCode, facts: Readonly<Record<string, Fact>> = {}): void {
    this.problemCount += 1;
    if (this.problems.length < PROBLEMS_LISTED) this.problems.push({ at: cut(at), code, ...shortened(facts) });
  }

  note(at: string, code: NoteCode, facts: Readonly<Record<string, Fact>> = {}): void {
    if (this.notes.length < PROBLEMS_LISTED) this.notes.push({ at: cut(at), code, ...shortened(facts) });
  }

  /** Builds the content only when nothing was found, so that `build` may rely on all parts being there. */
  reading<Content>(build: () => Content): Reading<Content> {
    const { problems, problemCount, notes } = this;
    return problemCount === 0 ? { content: build(), problems, problemCount, notes } : { problems, problemCount, notes };
  }
}

/** What is found in a file may be as long as the file; an answer shows enough of it to be recognised. */
const cut = (text: string): string => (text.length <= 200 ? text : `${text.slice(0, 200)}…`);

const shortened = (facts: Readonly<Record<string, Fact>>): Record<string, Fact> =>
  Object.fromEntries(
    Object.entries(facts).map(([name, fact]): [string, Fact] => {
      if (typeof fact === 'string') return [name, cut(fact)];
      return [name, Array.isArray(fact) ? fact.slice(0, 30).map(String).map(cut) : fact];
    }),
  );

/** For parts that must be there once no problem was found; their absence is a bug in the reader. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`read without a problem, yet ${what} is missing`);
  return value;
}
