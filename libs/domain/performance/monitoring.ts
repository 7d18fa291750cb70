/**
 * Fills the monitoring form 绩效运行监控表 with what is known on the last day of its months: money from the books, results from
 * the table, lights, forecasts, and what people said of each row. Rule book 3.1.
 */
import { FUND_NATURES, type FundNature } from '#domain/budget/events.js';
import { type Checkpoint, type CivilDate, lastDayOfMonth } from '#domain/calendar.js';
import { type Course, type DatedValue, indicatorCourse } from '#domain/metrics/course.js';
import { executionRate } from '#domain/metrics/execution-rate.js';
import { FORECAST_METHODS, FORECAST_RULE, type Forecast, forecastOf, totalForecast } from '#domain/metrics/forecast.js';
import { ALL, type Picture, type Scope, lineQuantities, quantities } from '#domain/metrics/quantities.js';
import { isOverNothing } from '#domain/metrics/result.js';
import { fen, formatYuan } from '#domain/money.js';
import type { Explanation } from '#domain/performance/state.js';
import type { FormSources, Indicator } from '#domain/performance/events.js';
import type { MonitoredFunds, MonitoredIndicator, MonitoringForm } from '#domain/performance/monitoring-form.js';
import { type Outcome, foundOf, outcomeOf } from '#domain/performance/outcome.js';
import type { SelfEvaluationForm } from '#domain/performance/self-evaluation-form.js';
import type { Standing } from '#domain/performance/standing.js';
import { type Ratio, decimalRatio, formatDecimal, formatPercent, roundTo } from '#domain/ratio.js';
import { LIGHTS_VERSION, type Light, indicatorLight } from '#domain/scoring/light-of.js';
import { overallLight } from '#domain/scoring/lights.js';

export interface MonitoringOf {
  readonly unit: string;
  readonly unitName: string;
  readonly year: number;
  /** Months 1 to `stage`. */
  readonly stage: number;
  /** As of the last day of those months. */
  readonly standing: Standing;
  /** As of the same day. */
  readonly picture: Picture;
  /** Payments of each budget line by date, for the forecast of the year; a line without one is told by what it paid. */
  readonly courses?: ReadonlyMap<string, Course>;
}

/** Throws a RangeError when the stage is no month, or what is known is of another day. */
export function monitoringForm(of: MonitoringOf): MonitoringForm {
  const { unit, unitName, year, stage, standing, picture } = of;
  const through = stageEnd(year, stage);
  if (standing.asOf !== through || picture.asOf !== through) {
    throw new RangeError(`a form through ${through} is not made of what held on ${standing.asOf} and ${picture.asOf}`);
  }
  const rows = standing.indicators.map((indicator) => monitored(indicator, of));
  const { state, counts } = overallLight(rows.map(({ light }) => light.state));
  const { annualGoal } = standing.narrative;
  return {
    form: 'monitoring',
    version: 1,
    unit,
    unitName,
    year,
    stage,
    through,
    ...(annualGoal === undefined ? {} : { annualGoal }),
    funds: fundsRows(of),
    indicators: rows.map(({ row }) => row),
    overall: state,
    counts,
  };
}

/** The last day of the months 1 to `stage`. Throws a RangeError for a stage that is no month. */
export function stageEnd(year: number, stage: number): CivilDate {
  if (!Number.isInteger(stage) || stage < 1 || stage > 12) throw new RangeError(`${stage} is not a month`);
  return lastDayOfMonth(year, stage);
}

/** Up to June a stage is measured by the half-year target, then by the full-year one. */
export const checkpointOf = (stage: number): Checkpoint => (stage <= 6 ? 'half' : 'annual');

/** What a form was computed by, each once: its metrics, and of a monitoring form the rules of lights and forecasts. */
export function formulasOf(form: MonitoringForm | SelfEvaluationForm): FormSources['formulas'] {
  const used = new Map<string, number>([[executionRate.id, executionRate.version]]);
  for (const { resultFrom } of form.indicators) {
    if (resultFrom !== undefined && 'metric' in resultFrom) used.set(resultFrom.metric, resultFrom.version);
  }
  if (form.form === 'monitoring') {
    used.set('lights', LIGHTS_VERSION);
    used.set('forecast', FORECAST_RULE.version);
    const named = new Set([...form.funds, ...form.indicators].map(({ forecastMethod }) => forecastMethod));
    for (const { id, version } of FORECAST_METHODS) {
      if (named.has(id) || named.has(BY_LINE)) used.set(`forecast:${id}`, version);
    }
  }
  return [...used].map(([metric, version]) => ({ metric, version }));
}

/** A sum of forecasts by several methods. */
const BY_LINE = 'by-line';

// ---- Money --------------------------------------------------------------------------------------------------------

/** The total, then each fund nature that a line has. */
function fundsRows(of: MonitoringOf): readonly MonitoredFunds[] {
  const lines = [...lineQuantities(of.picture).values()];
  const funds = FUND_NATURES.filter((fund) => lines.some((line) => line.fund === fund));
  return [fundsRow('total', of), ...funds.map((fund) => fundsRow(fund, of))];
}

function fundsRow(row: 'total' | FundNature, of: MonitoringOf): MonitoredFunds {
  const { picture } = of;
  const scope: Scope = row === 'total' ? ALL : { funds: [row], expenditure: 'all' };
  const { original, current, paid } = quantities(picture, scope);
  const rate = executionRate.compute(picture, scope);
  return {
    row,
    original: formatYuan(original),
    current: formatYuan(current),
    executed: formatYuan(paid),
    rate: rate.status === 'OK' ? formatPercent(rate.ratio) : null,
    ...(rate.status === 'OK' ? {} : { reason: rate.reason }),
    ...fundsForecast(row, of),
  };
}

/** What the lines of the row are expected to come to. Lines forecast by several methods are told as `by-line`. */
function fundsForecast(
  row: 'total' | FundNature,
  { picture, courses = new Map<string, Course>() }: MonitoringOf,
): Pick<MonitoredFunds, 'forecast' | 'forecastMethod'> {
  const lines = [...lineQuantities(picture).values()].filter(({ fund }) => row === 'total' || fund === row);
  const forecasts = new Map(
    lines.flatMap(({ line }) => {
      const course = courses.get(line);
      return course === undefined ? [] : [[line, forecastOf(course, picture.asOf)] as const];
    }),
  );
  const total = forecasts.size === 0 ? undefined : totalForecast(forecasts);
  const forecast = total && inYuan(total.value);
  if (forecast === undefined) return { forecast: null };
  const methods = new Set([...forecasts.values()].flatMap(methodOf));
  const [only, another] = methods;
  return { forecast, forecastMethod: another === undefined ? (only ?? BY_LINE) : BY_LINE };
}

const methodOf = (forecast: Forecast): readonly string[] =>
  forecast.status === 'OK' ? [forecast.headline.method] : [];

/** Fen, rounded half up, as yuan; `undefined` beyond the amounts that the books can hold: a pace of few days can come to that. */
function inYuan(value: Ratio): string | undefined {
  const amount = Number(roundTo(value, 0).numerator);
  return Number.isSafeInteger(amount) ? formatYuan(fen(amount)) : undefined;
}

// ---- Indicators ---------------------------------------------------------------------------------------------------

function monitored(
  indicator: Indicator,
  of: MonitoringOf,
): { readonly row: MonitoredIndicator; readonly light: Light } {
  const { year, stage, standing, picture } = of;
  const outcome = outcomeOf(indicator, { standing, picture, checkpoint: checkpointOf(stage) });
  const found = foundOf(outcome);
  const light = indicatorLight(
    { year, asOf: standing.asOf, indicator, ...(found === undefined ? {} : { found }) },
    standing.thresholds,
  );
  const said = standing.explanations.get(stage)?.get(indicator.indicator);
  const { level1, level2, keyWork, level3, half, annual } = indicator;
  const row = {
    indicator: indicator.indicator,
    level1,
    level2,
    ...(keyWork === undefined ? {} : { keyWork }),
    level3,
    half: half.text,
    annual: annual.text,
    result: outcome.printed,
    ...(outcome.resultDate === undefined ? {} : { resultDate: outcome.resultDate }),
    ...resultFrom(outcome),
    verdict: outcome.verdict,
    ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
    ...(outcome.distance === undefined ? {} : { distance: outcome.distance }),
    light: light.state,
    ...rowForecast(indicator, outcome, { of, said }),
    causes: said?.causes ?? [],
    ...(said?.explanation === undefined ? {} : { explanation: said.explanation }),
    ...(said?.likelihood === undefined ? {} : { likelihood: said.likelihood }),
    ...(said?.remark === undefined ? {} : { remark: said.remark }),
  };
  return { row, light };
}

/** The result or the formula behind an outcome, as forms cite it. A formula that lacked its data is behind nothing. */
export function resultFrom({ source, computed }: Outcome): Pick<MonitoredIndicator, 'resultFrom'> {
  if (source.kind === 'none') return {};
  if (source.kind === 'recorded') return { resultFrom: { resultId: source.result.resultId } };
  const { metric, version } = source;
  const isLacking = computed?.status === 'NOT_COMPUTABLE' && !isOverNothing(computed);
  return isLacking ? {} : { resultFrom: { metric, version } };
}

/** What a person expects goes before what is computed; a bare number gets the target's unit. */
function rowForecast(
  indicator: Indicator,
  outcome: Outcome,
  { of, said }: { readonly of: MonitoringOf; readonly said: Explanation | undefined },
): Pick<MonitoredIndicator, 'forecast' | 'forecastMethod'> {
  if (said?.forecast !== undefined) {
    const isNumber = /^-?\d+(\.\d+)?$/.test(said.forecast);
    return { forecast: isNumber ? `${said.forecast}${indicator.unit}` : said.forecast };
  }
  const { year, standing } = of;
  const course = indicatorCourse({ year, indicator, results: resultsBy(indicator, outcome, standing) });
  const forecast = course && forecastOf(course, standing.asOf);
  if (forecast?.status !== 'OK') return { forecast: null };
  const { method, value } = forecast.headline;
  const decimals = outcome.computed === undefined ? decimalsOf(outcome.value) : 2;
  const printed = formatDecimal(value, Math.max(decimals, indicator.decimals));
  return { forecast: `${printed}${indicator.unit}`, forecastMethod: method };
}

const decimalsOf = (value: string | null): number => value?.split('.')[1]?.length ?? 0;

/** Recorded results by date, or the one figure that is computed. */
function resultsBy(indicator: Indicator, outcome: Outcome, { results, asOf }: Standing): readonly DatedValue[] {
  const { computed, exact, resultDate = asOf } = outcome;
  if (computed !== undefined) return exact === undefined ? [] : [{ on: resultDate, value: exact }];
  return (results.get(indicator.indicator) ?? []).flatMap(({ effectiveDate, result }) =>
    result.value === undefined ? [] : [{ on: effectiveDate, value: decimalRatio(result.value) }],
  );
}
