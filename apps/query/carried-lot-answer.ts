/** A lot of an earlier year as an answer shows it: its sums, the carry-overs it is made of, and the way back to its origin. */
import {
  type CarriedIn,
  type Citation,
  type LineageStep,
  type LotTransfer,
  type UnitStory,
  amountOf,
  citationOf,
  citedClosing,
  closingOf,
  isProvisional,
  lineageOf,
  sourceYearOf,
  transferredInto,
} from '#domain/budget/lineage.js';
import { LOT_SUMS, type CarriedLot, type LotSums } from '#domain/metrics/carried-lots.js';
import { fen, formatYuan } from '#domain/money.js';
import type {
  CarriedInDto,
  CarriedLotDto,
  CitationDto,
  LineageStepDto,
  LotSumsDto,
  LotTransferDto,
} from './carry-over.dto.js';

/** Name of a line of a year; `undefined` for one that the ledger does not know. */
export type NameOf = (year: number, line: string) => string | undefined;

export interface Told {
  readonly story: UnitStory;
  readonly nameOf: NameOf;
}

export function lotDto(lot: CarriedLot, { story, nameOf }: Told): CarriedLotDto {
  const { year, line, fund, expenditure, originYear, age, surplus, classAtYearEnd, carriedIn } = lot;
  const lineage = lineageOf(lot, story);
  const provisional =
    carriedIn.some((carried) => isProvisional(carried, story)) ||
    lineage.some((step) => story.get(step.year)?.state === 'reopened');
  return {
    line,
    name: nameOf(year, line) ?? line,
    fund,
    expenditure,
    originYear,
    age,
    ...sumsDto(lot),
    becomesSurplusOn: surplus.on ?? null,
    ...(surplus.on === undefined ? { becomesSurplusReason: surplus.reason } : {}),
    classAtYearEnd,
    ...(provisional ? { provisional } : {}),
    carryOvers: carriedIn.map((carried) => carriedInDto(carried, story)),
    transferredFrom: transferredInto(lot, story).map(transferDto),
    lineage: lineage.map((step) => stepDto(step, { story, nameOf })),
  };
}

export const sumsDto = (sums: LotSums): LotSumsDto =>
  Object.fromEntries(LOT_SUMS.map((name) => [name, formatYuan(sums[name])])) as unknown as LotSumsDto;

function carriedInDto(carried: CarriedIn, story: UnitStory): CarriedInDto {
  const { carryOverId, originLine, broughtInFen, revisions } = carried;
  const cited = citationOf(carried);
  const known = citedClosing(carried, story) !== undefined;
  const reason = cited === undefined ? 'ENTERED_BY_HAND' : 'CLOSING_NOT_KNOWN';
  return {
    carryOverId,
    sourceYear: sourceYearOf(carried),
    sourceLine: originLine,
    source: citationDto(carried.source, story),
    ...(known ? {} : { sourceReason: reason }),
    broughtIn: formatYuan(broughtInFen),
    amount: formatYuan(amountOf(carried)),
    revisions: revisions.map(({ fromFen, toFen, reason: why, source, ...booked }) => ({
      from: formatYuan(fromFen),
      to: formatYuan(toFen),
      difference: formatYuan(fen(toFen - fromFen)),
      reason: why,
      source: citationDto(source, story),
      ...bookedDto(booked),
    })),
    ...(isProvisional(carried, story) ? { provisional: true } : {}),
    ...bookedDto(carried),
  };
}

/** When and by which event. */
export const bookedDto = (of: Pick<CarriedIn, 'eventId' | 'effectiveDate' | 'recordedAt'>) => ({
  eventId: of.eventId,
  effectiveDate: of.effectiveDate,
  recordedAt: new Date(of.recordedAt).toISOString(),
});

function citationDto(citation: Citation | undefined, story: UnitStory): CitationDto | null {
  if (citation === undefined) return null;
  const { stream, revision, closure } = citation;
  const eventId = closingOf(citation, story)?.eventId ?? null;
  return { stream, revision, ...(closure === undefined ? {} : { closure }), eventId };
}

function stepDto(step: LineageStep, { story, nameOf }: Told): LineageStepDto {
  const { year, line, originYear, into, carriedFen, closedFen, lot, closing, cited, carryOverIds, ends } = step;
  const name = nameOf(year, line);
  return {
    year,
    line,
    ...(name === undefined ? {} : { name }),
    originYear,
    into,
    carried: formatYuan(carriedFen),
    closed: closedFen === undefined ? null : formatYuan(closedFen),
    ...(lot === undefined ? {} : { class: lot.class, reason: lot.reason }),
    closing: citationDto(closing, story),
    cited,
    carryOverIds,
    transferredFrom: step.transfers.map(transferDto),
    ...(ends === undefined ? {} : { ends }),
  };
}

const transferDto = ({ fromLine, fen: amount, adjustmentIds }: LotTransfer): LotTransferDto => ({
  fromLine,
  amount: formatYuan(amount),
  adjustmentIds,
});
