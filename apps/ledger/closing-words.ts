/** What a preview of a close warns of, in words. The compiler names a code that is missing here. */
import type { PreviewWarning } from '#domain/budget/closing-preview.js';
import { formatYuan } from '#domain/money.js';

type Words = {
  readonly [Code in PreviewWarning['code']]: (warning: Extract<PreviewWarning, { readonly code: Code }>) => string;
};

const WARNINGS: Words = {
  LINE_OVERDRAWN: ({ line, name, availableFen }) => `line ${line} ${name} is overdrawn: ${formatYuan(availableFen)}`,
  PRIOR_YEAR_OPEN: ({ year }) => `${year} is not closed: what it carries over would come into this year afterwards`,
  NEXT_YEAR_CLOSED: ({ year }) => `${year} is closed and refuses the carry-over until it is reopened`,
  NEXT_YEAR_SEALED: ({ year, sealedThrough, bookedOn }) =>
    bookedOn === undefined
      ? `the whole of ${year} is sealed and refuses the carry-over until its period is reopened`
      : `${year} is sealed through ${sealedThrough}: the carry-over would be booked on ${bookedOn}`,
  TARGET_LINE_OPENED: ({ line, toLine }) =>
    `the next year has no line ${toLine} yet: it would be opened for the money of line ${line}`,
  CARRY_OVER_UNMATCHED: ({ carryOverId, line, originYear, fen }) =>
    `carry-over ${carryOverId} of the next year, ${formatYuan(fen)} of ${originYear} on line ${line}, is no money of this close`,
};

export const warningWords = (warning: PreviewWarning): string =>
  (WARNINGS[warning.code] as (given: PreviewWarning) => string)(warning);
