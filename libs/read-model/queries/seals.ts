/**
 * The seals of a unit's year, numbered in the order in which they were recorded, and the moment that each stands for: the
 * date through which it seals, as known up to the last event that it cites.
 */
import type { PeriodReopened, PeriodSealed } from '#domain/budget/events.js';
import { lastDayOf, type CivilDate } from '#domain/calendar.js';
import type { Position } from '#domain/envelope.js';
import { rowsOf, type At } from './at.js';
import { START, timeOf, type KnownPlace } from './known.js';
import { milestones } from './milestones.js';
import { reading, type ReadFrom } from './snapshot.js';

type OfYear = Pick<At, 'unit' | 'year'>;

/** A seal as its event says; of its reports the digests only. */
export interface SealAsKnown extends Omit<PeriodSealed['data'], 'reports'> {
  /** 1, 2, 3 … in the order recorded. */
  readonly number: number;
  /** Business date of the seal. */
  readonly sealedOn: CivilDate;
  readonly position: bigint;
  readonly revision: number;
  readonly reports: readonly Omit<PeriodSealed['data']['reports'][number], 'canonicalJson'>[];
  /** Absent while the seal is in force. */
  readonly reopened?: Reopening;
}

export interface Reopening {
  readonly on: CivilDate;
  readonly reason: string;
  readonly position: bigint;
  readonly revision: number;
}

/** All seals known by a place in the log's order, in force or reopened since. Without a place: as known now. */
export async function seals(
  from: ReadFrom,
  { unit, year, knownAt }: OfYear & Pick<At, 'knownAt'>,
): Promise<readonly SealAsKnown[]> {
  const known = await milestones(from, { unit, year, asOf: FOR_EVER, ...(knownAt === undefined ? {} : { knownAt }) });
  const found: SealAsKnown[] = [];
  const inForce: number[] = [];
  for (const { kind, position, revision, effectiveDate, detail } of known) {
    if (kind === 'sealed') {
      const data = detail as Pick<SealAsKnown, 'reports'> & PeriodSealed['data'];
      inForce.push(found.length);
      found.push({ ...data, number: found.length + 1, sealedOn: effectiveDate, position, revision });
    }
    if (kind === 'reopened') {
      const index = inForce.pop();
      const seal = index === undefined ? undefined : found[index];
      if (index === undefined || seal === undefined) throw new Error(`${unit} ${year}: reopened what was not sealed`);
      const { reason } = detail as PeriodReopened['data'];
      found[index] = { ...seal, reopened: { on: effectiveDate, reason, position, revision } };
    }
  }
  return found;
}

/** A seal may be dated in the year after its own. */
const FOR_EVER: CivilDate = lastDayOf(9999);

/** What `seal:N` means wherever a moment is asked for. */
export interface SealMoment extends KnownPlace {
  /** The date through which the seal seals. */
  readonly asOf: CivilDate;
}

/**
 * As of which date and known up to which place the seal's reports are: up to the last event of any stream that it cites, and
 * nothing recorded after. `undefined` when there is no seal of that number.
 */
export const sealMoment = (from: ReadFrom, place: OfYear, number: number): Promise<SealMoment | undefined> =>
  reading(from, async (snapshot) => {
    const seal = (await seals(snapshot, place))[number - 1];
    if (seal === undefined) return undefined;
    return { asOf: seal.through, ...(await citedPlace(snapshot, seal)) };
  });

/** The place of the last event that a seal cites. Each stream is looked through backwards from the seal, where that is near. */
export async function citedPlace(
  from: ReadFrom,
  { streams, position }: Pick<SealAsKnown, 'streams' | 'position'>,
): Promise<KnownPlace> {
  const [row] = await rowsOf<{ last: string | null }>(
    from,
    `SELECT max(last) AS last FROM unnest($1::text[], $2::integer[]) AS cited (stream, revision)
     CROSS JOIN LATERAL (SELECT split_part(cited.stream, '-', 1) AS kind, split_part(cited.stream, '-', 2) AS unit,
                                split_part(cited.stream, '-', 3)::smallint AS year) AS of
     CROSS JOIN LATERAL (
       (SELECT position AS last FROM journal
        WHERE of.kind = 'budget' AND unit = of.unit AND year = of.year AND position < $3
          AND journal.revision <= cited.revision ORDER BY position DESC LIMIT 1)
       UNION ALL
       (SELECT position FROM mention
        WHERE unit = of.unit AND year = of.year AND position < $3 AND mention.stream = cited.stream
          AND mention.revision <= cited.revision ORDER BY position DESC LIMIT 1)
     ) AS place`,
    [streams.map(({ stream }) => stream), streams.map(({ revision }) => revision), String(position)],
  );
  if (row?.last == null) return START;
  const order = BigInt(row.last);
  return { order, position: String(order) as Position, recordedAt: (await timeOf(from, order)) ?? 0 };
}
