/** A closing as an answer shows it: every lot it left, and what became of it. */
import {
  type CarriedIn,
  type Closing,
  type LotOutcome,
  type TakenBack,
  amountOf,
  outcomesOf,
  unexplained,
} from '#domain/budget/lineage.js';
import type { OfLine } from '#domain/metrics/quantities.js';
import { type Fen, formatYuan, sum } from '#domain/money.js';
import { bookedDto, type Told } from './carried-lot-answer.js';
import {
  LOT_CLASSES,
  type ClosingOutcomeDto,
  type LotOutcomeDto,
  type OutcomeTotalsDto,
  type UnexplainedDto,
  type WentDto,
} from './carry-over.dto.js';

export interface Outcome extends Told {
  /** Lines of the scope. */
  readonly lines: ReadonlyMap<string, OfLine>;
  readonly takenBack: TakenBack;
  /** Surplus taken back before the closing. */
  readonly before: readonly { readonly line: string; readonly originYear: number; readonly fen: Fen }[];
}

export function closingDto(closing: Closing, { story, nameOf, lines, takenBack, before }: Outcome): ClosingOutcomeDto {
  const { year, stream, revision, closure } = closing;
  const outcomes = outcomesOf(closing, story, takenBack).flatMap((outcome) => {
    const of = lines.get(outcome.lot.line);
    return of === undefined ? [] : [{ ...outcome, of }];
  });
  return {
    stream,
    revision,
    closure,
    ...bookedDto(closing),
    lots: outcomes.map((outcome) => outcomeDto(outcome, { year, name: nameOf(year, outcome.lot.line) })),
    byClass: LOT_CLASSES.map((kind) =>
      totalsDto(
        kind,
        outcomes.filter(({ lot }) => lot.class === kind),
      ),
    ),
    takenBackBefore: before.flatMap(({ line, originYear, fen: amount }) =>
      lines.has(line) ? [{ line, name: nameOf(year, line) ?? line, originYear, amount: formatYuan(amount) }] : [],
    ),
    unexplained: unexplained(closing, story)
      .filter(({ originLine }) => lines.has(originLine) || nameOf(year, originLine) === undefined)
      .map(unexplainedDto),
  };
}

function outcomeDto(
  { lot, of, went, differenceFen, takenBackFen, dueFen }: LotOutcome & { readonly of: OfLine },
  { year, name }: { readonly year: number; readonly name: string | undefined },
): LotOutcomeDto {
  return {
    line: lot.line,
    name: name ?? lot.line,
    fund: of.fund,
    expenditure: of.expenditure,
    originYear: lot.originYear,
    age: year - lot.originYear,
    amount: formatYuan(lot.fen),
    class: lot.class,
    reason: lot.reason,
    ...(lot.toLine === undefined ? {} : { toLine: lot.toLine }),
    went: went.map(wentDto),
    difference: formatYuan(differenceFen),
    takenBack: formatYuan(takenBackFen),
    due: formatYuan(dueFen),
  };
}

const wentDto = (carried: CarriedIn): WentDto => ({
  year: carried.year,
  line: carried.line,
  carryOverId: carried.carryOverId,
  amount: formatYuan(amountOf(carried)),
});

const unexplainedDto = (carried: CarriedIn): UnexplainedDto => ({
  ...wentDto(carried),
  originLine: carried.originLine,
  originYear: carried.originYear,
});

function totalsDto(kind: LotOutcome['lot']['class'], outcomes: readonly LotOutcome[]): OutcomeTotalsDto {
  const total = (of: (outcome: LotOutcome) => Fen): string => formatYuan(sum(outcomes.map(of)));
  return {
    class: kind,
    amount: total(({ lot }) => lot.fen),
    went: total(({ went }) => sum(went.map(amountOf))),
    difference: total(({ differenceFen }) => differenceFen),
    takenBack: total(({ takenBackFen }) => takenBackFen),
    due: total(({ dueFen }) => dueFen),
  };
}
