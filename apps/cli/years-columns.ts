/** Columns of CSV output about several years and curves. Programs read them: names and order stay, new ones come at the end. */
import type { RateBody } from './bodies.js';
import { figure, text, type CsvColumn } from './csv.js';
import type { LotBody, OverYearsBody, PointBody, YearColumnBody } from './years-bodies.js';
import { lineageWords } from './render-years.js';

export const LOT_COLUMNS: readonly CsvColumn<LotBody>[] = [
  text('line', ({ line }) => line),
  text('name', ({ name }) => name),
  text('fund', ({ fund }) => fund),
  text('expenditure', ({ expenditure }) => expenditure),
  figure('originYear', ({ originYear }) => originYear),
  figure('age', ({ age }) => age),
  figure('broughtIn', ({ broughtIn }) => broughtIn),
  figure('revised', ({ revised }) => revised),
  figure('carryOverIn', ({ carryOverIn }) => carryOverIn),
  figure('transferredIn', ({ transferredIn }) => transferredIn),
  figure('transferredOut', ({ transferredOut }) => transferredOut),
  figure('cut', ({ cut }) => cut),
  figure('takenOtherwise', ({ takenOtherwise }) => takenOtherwise),
  figure('budget', ({ budget }) => budget),
  figure('paid', ({ paid }) => paid),
  figure('takenBack', ({ takenBack }) => takenBack),
  figure('unspent', ({ unspent }) => unspent),
  figure('becomesSurplusOn', ({ becomesSurplusOn }) => becomesSurplusOn),
  text('becomesSurplusReason', ({ becomesSurplusReason }) => becomesSurplusReason),
  text('classAtYearEnd', ({ classAtYearEnd }) => classAtYearEnd),
  text('provisional', ({ provisional }) => (provisional ? 'true' : '')),
  text('carryOverIds', ({ carryOvers }) => carryOvers.map(({ carryOverId }) => carryOverId).join('+')),
  text('sources', ({ carryOvers }) =>
    carryOvers.map(({ source }) => (source === null ? '' : `${source.stream}@${source.revision}`)).join('+'),
  ),
  text('lineage', (lot) => lineageWords(lot, 'en')),
];

const valueOf = (line: string) => (row: OverYearsRow) => row.values[line];

export type OverYearsRow = YearColumnBody & { readonly values: Readonly<Record<string, string | null | undefined>> };

/** A row a year: each line of the report is a column. */
export const overYearsRows = ({ columns, lines }: OverYearsBody): readonly OverYearsRow[] =>
  columns.map((column, index) => ({
    ...column,
    values: Object.fromEntries(lines.map(({ line, values }) => [line, values[index]])),
  }));

const percent = ({ percent: value }: RateBody): string | null => value;

export const OVER_YEARS_COLUMNS: readonly CsvColumn<OverYearsRow>[] = [
  figure('year', ({ year }) => year),
  figure('asOf', ({ asOf }) => asOf),
  text('state', ({ state }) => state),
  figure('current', valueOf('current')),
  figure('paid', valueOf('paid')),
  figure('executionRate', valueOf('execution-rate')),
  figure('carryOver', valueOf('carry-over')),
  figure('surplus', valueOf('surplus')),
  figure('unspent', ({ unspent }) => unspent),
  figure('takenBack', ({ takenBack }) => takenBack),
  figure('carryOverRate', ({ carryOverRate }) => percent(carryOverRate)),
  figure('carryOverChange', ({ carryOverChange }) => percent(carryOverChange)),
];

export const POINT_COLUMNS: readonly CsvColumn<PointBody>[] = [
  figure('date', ({ date }) => date),
  figure('planned', ({ planned }) => planned),
  figure('current', ({ current }) => current),
  figure('paid', ({ paid }) => paid),
  figure('percent', ({ percent: value }) => value),
  text('reason', ({ reason }) => reason),
  text('plannedAssumed', ({ plannedAssumed }) => (plannedAssumed ? 'true' : '')),
  text('explanation', ({ explanation }) => explanation),
];
