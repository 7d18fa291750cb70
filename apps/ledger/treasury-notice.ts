/** From the bytes of a message to a notice of the treasury, or everything that is wrong with it. */
import { createHash } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { v5 as uuidv5 } from 'uuid';
import { parseCivilDate } from '#domain/calendar.js';
import { formatYuan, parseYuan } from '#domain/money.js';
import { canonicalBytes, toNfc } from '#event-store/canonical.js';
import { numberOf, type TreasuryNotice } from '#messaging/treasury.js';
import type { Fault } from '#platform/problem.js';
import { storableFaults } from '#platform/storable.js';
import { schemaFaults } from './schema-faults.js';
import { TREASURY_SCHEMA } from './treasury-schema.js';

export type NoticeReading =
  { readonly notice: TreasuryNotice } | { readonly problems: readonly [Fault, ...(readonly Fault[])] };

const ajv = new Ajv2020({ allErrors: true, verbose: true });
ajv.addFormat('date', (text: string) => parseCivilDate(text) !== undefined);
const validate = ajv.compile<TreasuryNotice>(TREASURY_SCHEMA);

/** More is not told of one message: it is something else altogether. */
const PROBLEMS_FOUND = 1_000;
/** A name in a pointer may be as long as the message. */
const POINTER_LENGTH = 200;

/**
 * All problems at once, each with its JSON pointer, up to 1,000. Texts come out in Unicode form NFC. Never throws: what
 * cannot be looked at would come again for ever, and everything of its partition would wait behind it.
 */
export function readNotice(value: Uint8Array | null): NoticeReading {
  try {
    const reading = readOrThrow(value);
    if ('notice' in reading) idsOf(reading.notice);
    return reading;
  } catch (error) {
    return { problems: [problem('', 'NOT_READABLE', `the message cannot be read: ${String(error).slice(0, 500)}`)] };
  }
}

function readOrThrow(value: Uint8Array | null): NoticeReading {
  const text = textOf(value);
  if (typeof text !== 'string') return { problems: [text] };
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    return { problems: [problem('', 'NOT_JSON', `the message is not JSON: ${(error as Error).message}`)] };
  }
  if (isDeeper(read, DEPTH)) return { problems: [problem('', 'TOO_DEEP', 'a notice is not nested so deeply')] };
  const malformed = malformedIn(read);
  const found = malformed.length > 0 ? distinct(malformed) : datesOutside(read as TreasuryNotice);
  const [first, ...others] = found;
  return first === undefined ? { notice: toNfc(read as TreasuryNotice) } : { problems: [first, ...others] };
}

function malformedIn(read: unknown): Fault[] {
  const found = storableFaults(read).slice(0, PROBLEMS_FOUND);
  const errors = validate(read) ? [] : (validate.errors ?? []);
  for (const error of errors) {
    if (found.length >= PROBLEMS_FOUND) break;
    found.push(...schemaFaults(error));
  }
  return found.map(({ pointer = '', ...fault }) => ({ pointer: shortened(pointer), ...fault }));
}

const shortened = (pointer: string): string =>
  pointer.length <= POINTER_LENGTH ? pointer : `${pointer.slice(0, POINTER_LENGTH)}…`;

/** Far more than a notice has; what looks at values goes into them by recursion. */
const DEPTH = 32;

const isDeeper = (value: unknown, limit: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (limit === 0 || Object.values(value).some((inner) => isDeeper(inner, limit - 1)));

const decoder = new TextDecoder('utf-8', { fatal: true });

function textOf(value: Uint8Array | null): string | Fault {
  if (value === null) return problem('', 'EMPTY', 'the message has no value');
  try {
    return decoder.decode(value);
  } catch {
    return problem('', 'NOT_UTF8', 'the message is not UTF-8');
  }
}

const problem = (pointer: string, code: string, message: string): Fault => ({ pointer, code, message });

/** What the schema cannot say: only money that comes back may be dated after the year of its voucher. */
function datesOutside({ kind, year, effectiveDate }: TreasuryNotice): Fault[] {
  const dated = Number(effectiveDate.slice(0, 4));
  if (dated === year || (kind === 'return' && dated > year)) return [];
  return [problem('/effectiveDate', 'DATE_OUTSIDE_YEAR', `${effectiveDate} is not in ${year}, the year of the notice`)];
}

/** One value may break several rules with the same words. */
const distinct = (problems: readonly Fault[]): Fault[] => [
  ...new Map(problems.map((fault) => [`${fault.pointer} ${fault.code} ${fault.message}`, fault])).values(),
];

const NAMESPACE = 'd7dce47c-c680-4739-947f-57b534f67cd0';

export interface NoticeIds {
  /** SHA-256 (hex) of what the notice says, however it is written. */
  readonly digest: string;
  /** Of the notice: the same one again has the same. */
  readonly id: string;
  /** Of the command that books it. */
  readonly commandId: string;
}

/**
 * Stable for ever, so that a notice is booked once however often it is sent. Numbers of vouchers and returns are guarded by
 * the rules, and may be booked again with other content after a reversal: their commands are told apart by content. A
 * correction's number is known to nobody but the feed, so it alone makes the command.
 */
export function idsOf(notice: TreasuryNotice): NoticeIds {
  const known = identities.get(notice);
  if (known !== undefined) return known;
  const ids = identify(notice);
  identities.set(notice, ids);
  return ids;
}

/** Asked for at every step that a notice takes. */
const identities = new WeakMap<TreasuryNotice, NoticeIds>();

function identify(notice: TreasuryNotice): NoticeIds {
  const digest = createHash('sha256')
    .update(canonicalBytes(normal(notice)))
    .digest('hex');
  const { unit, year, kind } = notice;
  const number = [unit, year, kind, numberOf(notice)].join('\n');
  const id = uuidv5(`${number}\n${digest}`, NAMESPACE);
  const guarded = kind === 'payment' || kind === 'return';
  return { digest, id, commandId: guarded ? id : uuidv5(number, NAMESPACE) };
}

/** `5`, `5.0` and `5.00` are one amount. */
function normal(notice: TreasuryNotice): TreasuryNotice {
  if (!('amount' in notice)) return notice;
  const amount = parseYuan(notice.amount);
  if (typeof amount === 'string') throw new Error(`an amount passed the schema that is none: ${notice.amount}`);
  return { ...notice, amount: formatYuan(amount) };
}
