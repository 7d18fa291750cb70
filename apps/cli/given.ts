/**
 * What the caller gave, read value by value. A value that is missing or wrong is remembered as a fault, and `check` throws
 * all of them at once: a command with three mistakes is told three, not one after another.
 */
import { parseCivilDate } from '#domain/calendar.js';
import type { FundNature } from '#domain/budget/events.js';
import { type AmountProblem, parseYuan } from '#domain/money.js';
import { BadInput, type Fault } from './faults.js';
import { fundNature, unknownFunds } from './labels.js';

export type Options = Readonly<Record<string, unknown>>;

const AMOUNT_WORDS: Readonly<Record<AmountProblem, string>> = {
  AMOUNT_NOT_DECIMAL: 'write yuan as a plain decimal such as 92080000.00: no separators, no sign, no exponent',
  AMOUNT_TOO_PRECISE: 'yuan have at most two decimals',
  AMOUNT_OUT_OF_RANGE: 'beyond 90071992547409.91 yuan, the largest amount that is kept exactly',
};

export class Given {
  readonly #options: Options;
  readonly #faults: Fault[] = [];

  constructor(options: Options) {
    this.#options = options;
  }

  fault(option: string, code: string, message: string): void {
    this.#faults.push({ place: `--${option}`, code, message });
  }

  /** A fault of an argument without an option name. */
  argument(name: string, message: string): void {
    this.#faults.push({ place: `<${name}>`, code: 'NOT_A_CHOICE', message });
  }

  /** A fault for each of the `others` that is given beside `option`, which stands alone. */
  alone(option: string, others: readonly string[]): void {
    if (!this.has(option)) return;
    for (const other of others) {
      if (this.has(other)) this.fault(other, 'NOT_TOGETHER', `does not go together with --${option}`);
    }
  }

  /** A fault for each of the `others` that is given without `option`, which it belongs to. */
  onlyWith(option: string, others: readonly string[]): void {
    for (const other of others) if (this.has(other)) this.fault(other, 'NOT_TOGETHER', `goes only with ${option}`);
  }

  /** Throws `BadInput` with every fault found so far. Only then are the values returned before worth anything. */
  check(): void {
    if (this.#faults.length > 0) throw new BadInput(...this.#faults);
  }

  flag(option: string): boolean {
    return this.#value(option) === true;
  }

  optionalText(option: string): string | undefined {
    const value = this.#value(option);
    if (typeof value !== 'string') return undefined;
    if (value.trim() === '') this.fault(option, 'EMPTY', 'is empty');
    return value.trim().normalize('NFC');
  }

  text(option: string): string {
    return this.optionalText(option) ?? this.#missing(option);
  }

  optionalAmount(option: string): string | undefined {
    const text = this.optionalText(option);
    return text === undefined ? undefined : this.readAmount(option, text);
  }

  amount(option: string): string {
    return this.optionalAmount(option) ?? this.#missing(option);
  }

  /** Checks an amount that is part of an option's value. Zero is left to the rules: a plan may hold it. */
  readAmount(option: string, text: string): string {
    const parsed = parseYuan(text);
    if (typeof parsed === 'string') this.fault(option, parsed, `${quote(text)}: ${AMOUNT_WORDS[parsed]}`);
    else if (parsed < 0) this.fault(option, 'AMOUNT_NEGATIVE', `${quote(text)}: amounts are given without a sign`);
    return text;
  }

  optionalDate(option: string): string | undefined {
    const text = this.optionalText(option);
    if (text !== undefined && parseCivilDate(text) === undefined) {
      this.fault(option, 'INVALID_DATE', `${quote(text)} is not a date that exists; write YYYY-MM-DD`);
    }
    return text;
  }

  date(option: string): string {
    return this.optionalDate(option) ?? this.#missing(option);
  }

  optionalYear(option: string): number | undefined {
    const text = this.optionalText(option);
    if (text === undefined) return undefined;
    if (!/^\d{4}$/.test(text)) this.fault(option, 'INVALID_YEAR', `${quote(text)} is not a year such as 2024`);
    return Number(text);
  }

  year(option: string): number {
    const year = this.optionalYear(option);
    if (year === undefined) this.#missing(option);
    return year ?? 0;
  }

  optionalChoice<Choice extends string>(option: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.optionalText(option);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice === text);
    if (found === undefined) this.fault(option, 'NOT_A_CHOICE', `${quote(text)} is none of ${choices.join(', ')}`);
    return found;
  }

  choice<Choice extends string>(option: string, choices: readonly Choice[]): Choice {
    const value = this.#value(option);
    if (value === undefined) this.#missing(option, `one of ${choices.join(', ')}`);
    return this.optionalChoice(option, choices) ?? (choices[0] as Choice);
  }

  /** A fund nature by id or by its Chinese name. */
  fundNature(option: string): FundNature {
    const text = this.text(option);
    const nature = fundNature(text);
    if (text !== '' && nature === undefined) this.fault(option, 'UNKNOWN_FUND', unknownFunds([text]));
    return nature ?? 'other';
  }

  list(option: string): readonly string[] {
    const value = this.#value(option);
    return Array.isArray(value) ? value.map((item) => String(item).trim().normalize('NFC')) : [];
  }

  has(option: string): boolean {
    return this.#value(option) !== undefined;
  }

  #missing(option: string, what = ''): string {
    this.fault(option, 'REQUIRED', `is required${what && `: ${what}`}`);
    return '';
  }

  #value(option: string): unknown {
    return this.#options[option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
  }
}

export const quote = (text: string): string => JSON.stringify(text);

/** The object without members that have no value. Canonical JSON knows no `undefined`. */
export const defined = (object: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
