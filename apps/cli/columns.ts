/** Columns of CSV output. Programs read them: names and order stay, new ones are added at the end. */
import type { EntryBody, HistoryBody, LineBody, RateBody, ScopeBody, TargetBody } from './bodies.js';
import type { FormulasBody, PlanBody, UnitsBody } from './catalogue-bodies.js';
import { nameOf } from './bodies.js';
import { figure, text, type CsvColumn } from './csv.js';

const funds = (scope: ScopeBody | undefined): string | undefined =>
  scope === undefined || scope.funds === 'all' ? scope && 'all' : scope.funds.join('+');

export const LINE_COLUMNS: readonly CsvColumn<LineBody>[] = [
  text('line', ({ line }) => line),
  text('name', ({ name }) => name),
  text('expenditure', ({ expenditure }) => expenditure),
  text('fund', ({ fund }) => fund),
  figure('original', ({ original }) => original),
  figure('carryOverIn', ({ carryOverIn }) => carryOverIn),
  figure('added', ({ added }) => added),
  figure('cut', ({ cut }) => cut),
  figure('transferredIn', ({ transferredIn }) => transferredIn),
  figure('transferredOut', ({ transferredOut }) => transferredOut),
  figure('current', ({ current }) => current),
  figure('takenBack', ({ takenBack }) => takenBack),
  figure('frozen', ({ frozen }) => frozen),
  figure('requested', ({ requested }) => requested),
  figure('paid', ({ paid }) => paid),
  figure('available', ({ available }) => available),
  figure('plannedToDate', ({ plannedToDate }) => plannedToDate),
];

export const RATE_COLUMNS: readonly CsvColumn<RateBody>[] = [
  text('metric', ({ metric }) => metric),
  figure('version', ({ version }) => version),
  text('name', ({ name }) => name.zh),
  text('viewOf', ({ viewOf }) => viewOf),
  text('funds', ({ scope }) => funds(scope)),
  text('expenditure', ({ scope }) => scope.expenditure),
  text('status', ({ status }) => status),
  text('reason', ({ reason }) => reason),
  figure('numerator', ({ numerator }) => numerator),
  figure('denominator', ({ denominator }) => denominator),
  figure('percent', ({ percent }) => percent),
  text('indicator', ({ indicator }) => indicator),
  text('checkpoint', ({ target }) => target?.checkpoint),
  // One of three known texts that programs compare: no apostrophe before its `=`.
  figure('comparator', ({ target }) => target?.comparator),
  figure('target', ({ target }) => target?.value),
  text('verdict', ({ verdict }) => verdict),
  figure('distance', ({ distance }) => distance),
];

export const TARGET_COLUMNS: readonly CsvColumn<TargetBody>[] = [
  text('indicator', ({ indicator }) => indicator),
  figure('block', ({ block }) => block),
  text('level1', ({ level1 }) => level1),
  text('level2', ({ level2 }) => level2),
  text('keyWork', ({ keyWork }) => keyWork),
  text('level3', ({ level3 }) => level3),
  text('half', ({ half }) => half.text),
  text('annual', ({ annual }) => annual.text),
  text('unit', ({ unit }) => unit),
  text('metric', ({ metric }) => metric),
  text('funds', ({ scope }) => funds(scope)),
  text('expenditure', ({ scope }) => scope?.expenditure),
  text('scopeBasis', ({ scopeBasis }) => scopeBasis),
  figure('result', ({ result }) => result),
  text('verdict', ({ verdict }) => verdict),
  text('reason', ({ reason }) => reason),
  figure('distance', ({ distance }) => distance),
  figure('resultDate', ({ resultDate }) => resultDate),
  text('light', ({ light }) => light?.state),
];

export const ENTRY_COLUMNS: readonly CsvColumn<EntryBody>[] = [
  figure('position', ({ position }) => position),
  figure('revision', ({ revision }) => revision),
  figure('effectiveDate', ({ effectiveDate }) => effectiveDate),
  figure('belongsTo', ({ belongsTo }) => belongsTo),
  figure('recordedAt', ({ recordedAt }) => recordedAt),
  text('kind', ({ kind }) => kind),
  text('line', ({ line }) => line),
  text('ref', ({ ref }) => ref),
  figure('amount', ({ amount }) => amount),
  text('payee', ({ payee }) => payee?.name),
  text('document', ({ document }) => document?.number),
  text('actor', ({ actor }) => nameOf(actor)),
  text('eventId', ({ eventId }) => eventId),
];

export const HISTORY_COLUMNS: readonly CsvColumn<HistoryBody['entries'][number]>[] = [
  figure('revision', ({ revision }) => revision),
  figure('position', ({ position }) => position),
  figure('recordedAt', ({ recordedAt }) => recordedAt),
  figure('effectiveDate', ({ effectiveDate }) => effectiveDate),
  figure('belongsTo', ({ belongsTo }) => belongsTo),
  text('type', ({ type }) => type),
  text('sentence', ({ sentence }) => sentence),
  text('actor', ({ actor }) => nameOf(actor)),
  text('eventId', ({ eventId }) => eventId),
  text('stream', ({ stream }) => stream),
];

export const PLAN_COLUMNS: readonly CsvColumn<PlanBody['plans'][number]>[] = [
  text('line', ({ line }) => line),
  ...Array.from({ length: 12 }, (_, month) =>
    figure<PlanBody['plans'][number]>(`month${month + 1}`, ({ cumulative }) => cumulative[month]),
  ),
];

export const UNIT_COLUMNS: readonly CsvColumn<UnitsBody['units'][number]>[] = [
  text('unit', ({ unit }) => unit),
  text('name', ({ name }) => name),
  text('parent', ({ parent }) => parent),
  figure('validFrom', ({ validFrom }) => validFrom),
];

export const FORMULA_COLUMNS: readonly CsvColumn<FormulasBody['formulas'][number]>[] = [
  text('id', ({ id }) => id),
  figure('version', ({ version }) => version),
  text('name', ({ name }) => name.zh),
  text('viewOf', ({ viewOf }) => viewOf),
  text('formula', ({ formula }) => formula),
  text('source', ({ source }) => source),
];
