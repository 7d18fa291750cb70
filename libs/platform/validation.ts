/**
 * Checks of single values that requests carry, as class-validator decorators. What a value must be is said by the domain;
 * here it only gets the words that a caller reads.
 */
import { ValidateBy, type ValidationOptions } from 'class-validator';
import { FUND_NATURES, type FundNature } from '#domain/budget/events.js';
import { parseCivilDate } from '#domain/calendar.js';
import { parseYuan, type AmountProblem } from '#domain/money.js';

const AMOUNT_WORDS: Record<AmountProblem, string> = {
  AMOUNT_NOT_DECIMAL: 'must be a decimal string of yuan such as "1234.50": no number type, separator, exponent or sign',
  AMOUNT_TOO_PRECISE: 'must have at most two decimals',
  AMOUNT_OUT_OF_RANGE: 'is beyond 90,071,992,547,409.91 yuan, the largest amount that is kept exactly',
};

const amountWords = (value: unknown, least: number, words: string): string | undefined => {
  if (typeof value !== 'string') return AMOUNT_WORDS.AMOUNT_NOT_DECIMAL;
  const parsed = parseYuan(value);
  if (typeof parsed === 'string') return AMOUNT_WORDS[parsed];
  return parsed < least ? words : undefined;
};

const check = (
  name: string,
  code: string,
  words: (value: unknown) => string | undefined,
  options?: ValidationOptions,
): PropertyDecorator =>
  ValidateBy(
    {
      name,
      validator: {
        validate: (value: unknown) => words(value) === undefined,
        defaultMessage: (args) => `${args?.property ?? 'value'} ${words(args?.value) ?? ''}`,
      },
    },
    { context: { code }, ...options },
  );

/** A decimal string of yuan above 0. */
export const IsAmount = (options?: ValidationOptions): PropertyDecorator =>
  check('isAmount', 'INVALID_AMOUNT', (value) => amountWords(value, 1, 'must be above 0'), options);

/** A decimal string of yuan, 0 or above. */
export const IsAmountOrZero = (options?: ValidationOptions): PropertyDecorator =>
  check('isAmountOrZero', 'INVALID_AMOUNT', (value) => amountWords(value, 0, 'must not be negative'), options);

/** A date that exists, `YYYY-MM-DD`. */
export const IsCivilDate = (options?: ValidationOptions): PropertyDecorator =>
  check(
    'isCivilDate',
    'INVALID_DATE',
    (value) =>
      typeof value === 'string' && parseCivilDate(value) !== undefined
        ? undefined
        : 'must be a date that exists, written YYYY-MM-DD',
    options,
  );

const NUMBER = /^[^\p{C}\s/\\](?:[^\p{C}/\\]{0,62}[^\p{C}\s/\\])?$/u;

/** The number of a paper or the id of a line: 1 to 64 printable characters, no slash, no space at its ends. */
export const IsNumberText = (options?: ValidationOptions): PropertyDecorator =>
  check(
    'isNumberText',
    'INVALID_NUMBER_TEXT',
    (value) =>
      typeof value === 'string' && NUMBER.test(value) && value === value.normalize('NFC') && !/^\.{1,2}$/.test(value)
        ? undefined
        : 'must be 1 to 64 printable characters without slashes or outer spaces, and not . or ..',
    options,
  );

/** Words of people: 1 to `most` characters, no control characters but line breaks. */
export const IsWords = (most: number, options?: ValidationOptions): PropertyDecorator =>
  check(
    'isWords',
    'INVALID_TEXT',
    (value) =>
      typeof value === 'string' && value.trim() !== '' && value.length <= most && !/[^\P{Cc}\n\r\t]/u.test(value)
        ? undefined
        : `must be 1 to ${most} characters of text`,
    options,
  );

/** A department economic code: class of 3 digits, or class and item of 5. Rule book 6.3. */
export const IsEconomicCode = (options?: ValidationOptions): PropertyDecorator =>
  check(
    'isEconomicCode',
    'INVALID_CODE',
    (value) =>
      typeof value === 'string' && /^3\d{2}(\d{2})?$/.test(value)
        ? undefined
        : 'must be a department economic code: 3 digits of class, or 5 with the item, such as "30201"',
    options,
  );

/** `"all"`, or fund natures in sorted order, each once. */
export const IsFundScope = (options?: ValidationOptions): PropertyDecorator =>
  check(
    'isFundScope',
    'INVALID_FUNDS',
    (value) =>
      value === 'all' ||
      (Array.isArray(value) &&
        value.length > 0 &&
        value.every((fund, index) => isFund(fund) && (index === 0 || String(value[index - 1]) < fund)))
        ? undefined
        : `must be "all" or some of ${FUND_NATURES.join(', ')}, sorted, each once`,
    options,
  );

const isFund = (value: unknown): value is FundNature => (FUND_NATURES as readonly unknown[]).includes(value);
