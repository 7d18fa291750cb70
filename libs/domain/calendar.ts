/** Civil dates of Asia/Shanghai as `YYYY-MM-DD` strings. They compare with `<`; no time zone ever touches them. */
declare const civilDateBrand: unique symbol;
export type CivilDate = string & { readonly [civilDateBrand]: true };

/** Reads a date that exists; `undefined` for anything else (`2024-02-30`, `2024-6-1`). */
export function parseCivilDate(text: string): CivilDate | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? (text as CivilDate) : undefined;
}

/** A date known to exist. Throws on anything else: for literals and stored events, not for input. */
export function civilDate(text: string): CivilDate {
  const date = parseCivilDate(text);
  if (date === undefined) throw new RangeError(`not a date: ${text}`);
  return date;
}

const DAY_MS = 86_400_000;
const ordinal = (date: CivilDate): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;
const fromOrdinal = (day: number): CivilDate => new Date(day * DAY_MS).toISOString().slice(0, 10) as CivilDate;

export const yearOf = (date: CivilDate): number => Number(date.slice(0, 4));
export const monthOf = (date: CivilDate): number => Number(date.slice(5, 7));
export const firstDayOf = (year: number): CivilDate => `${fourDigits(year)}-01-01` as CivilDate;
export const lastDayOf = (year: number): CivilDate => `${fourDigits(year)}-12-31` as CivilDate;
/** Both days exist in every year: to read them as dates each time would cost more than the folds that ask for them. */
function fourDigits(year: number): number {
  if (Number.isInteger(year) && year >= 1_000 && year <= 9_999) return year;
  throw new RangeError(`not a year: ${year}`);
}

export const nextDay = (date: CivilDate): CivilDate => fromOrdinal(ordinal(date) + 1);

/** Whole days from `from` to `to`; 0 for the same day. */
export const daysBetween = (from: CivilDate, to: CivilDate): number => ordinal(to) - ordinal(from);

/** Last day of a month (1–12). */
export const lastDayOfMonth = (year: number, month: number): CivilDate =>
  fromOrdinal(Date.UTC(year, month, 1) / DAY_MS - 1);

/** The civil date in Asia/Shanghai of an instant in UTC milliseconds. China has had no daylight saving since 1991. */
export const shanghaiDate = (instantMs: number): CivilDate =>
  new Date(instantMs + 8 * 3_600_000).toISOString().slice(0, 10) as CivilDate;

/** The last millisecond of a civil day in Asia/Shanghai, in UTC milliseconds. */
export const endOfShanghaiDay = (date: CivilDate): number => Date.parse(`${date}T23:59:59.999+08:00`);

export type Checkpoint = 'half' | 'annual';

/** Dates of the checkpoints of a year: 30 June and 31 December unless configured otherwise. */
export const checkpointDate = (year: number, checkpoint: Checkpoint): CivilDate =>
  checkpoint === 'half' ? civilDate(`${year}-06-30`) : lastDayOf(year);
