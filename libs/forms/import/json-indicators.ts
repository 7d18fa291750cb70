/** Indicators of the JSON form: targets as printed, the rest by default from the name and the figures, or as stated. */
import { EXPENDITURES, FUND_NATURES } from '#domain/budget/events.js';
import type { Scope } from '#domain/metrics/quantities.js';
import type { Indicator } from '#domain/performance/events.js';
import type { Findings } from '#forms/findings.js';
import { classify, COMPUTED_METRICS } from '#forms/indicator-catalogue.js';
import { PERFORMANCE_FORM } from '#forms/performance-form.js';
import { makeIndicator, readTarget } from '#forms/target-value.js';
import * as shape from './json-shape.js';

const name = shape.text(200);
const funds: shape.Read<Scope['funds']> = (value, at, findings) => {
  if (value === 'all') return 'all';
  const natures = shape.list(shape.oneOf(FUND_NATURES), FUND_NATURES.length)(value, at, findings);
  if (natures?.length === 0)
    findings.problem(at, 'VALUE_NOT_ALLOWED', { found: '[]', allowed: ['all', ...FUND_NATURES] });
  return natures && [...new Set(natures)].sort();
};

/** Says that no formula computes an indicator, although its name would choose one. */
const NO_METRIC = 'none';

export const indicatorEntry = shape.object(
  {
    level1: shape.oneOf(PERFORMANCE_FORM.firstLevels.map((level) => level.name)),
    level2: name,
    level3: name,
    half: shape.text(40),
    annual: shape.text(40),
  },
  {
    indicator: shape.matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'ID_NOT_VALID'),
    keyWork: name,
    kind: shape.oneOf(['FLOW_CUMULATIVE', 'STOCK_LEVEL', 'RATIO', 'QUALITATIVE']),
    checkpointBasis: shape.oneOf(['FULL_YEAR', 'PLAN_TO_DATE', 'POINT_IN_TIME', 'YEAR_END_ONLY']),
    metric: shape.oneOf([...COMPUTED_METRICS, NO_METRIC]),
    scope: shape.object({ funds, expenditure: shape.oneOf(['all', ...EXPENDITURES]) }, {}),
    scopeBasis: shape.oneOf(['stated', 'inferred', 'confirmed']),
    weight: weight,
  },
);
type Entry = NonNullable<ReturnType<typeof indicatorEntry>>;

function weight(value: unknown, at: string, findings: Findings): number | undefined {
  if (typeof value === 'number' && value >= 0 && value <= 1_000) return value;
  return void findings.problem(at, 'VALUE_NOT_ALLOWED', { found: String(value).slice(0, 40), allowed: ['0 … 1000'] });
}

/** Indicators with their problems named; ids in printed order where none is stated. */
export function makeIndicators(entries: readonly Entry[], findings: Findings): Indicator[] {
  const ids = new Map<string, number>();
  const names = new Map<string, number>();
  return entries.flatMap((entry, index) => {
    const at = `/indicators/${index}`;
    const indicator = makeOne(entry, index, at, findings);
    if (indicator === undefined) return [];
    const key = [indicator.level1, indicator.level2, indicator.keyWork, indicator.level3].join('\n');
    const sameId = ids.get(indicator.indicator);
    const sameName = names.get(key);
    if (sameId !== undefined) {
      findings.problem(`${at}/indicator`, 'ID_REPEATED', { id: indicator.indicator, first: `/indicators/${sameId}` });
    }
    if (sameName !== undefined) {
      findings.problem(at, 'INDICATOR_REPEATED', { row: indicator.level3, first: `/indicators/${sameName}` });
    }
    ids.set(indicator.indicator, sameId ?? index);
    names.set(key, sameName ?? index);
    return [indicator];
  });
}

function makeOne(entry: Entry, index: number, at: string, findings: Findings): Indicator | undefined {
  const firstLevel = PERFORMANCE_FORM.firstLevels.find((level) => level.name === entry.level1);
  const { level2, level3, keyWork } = entry;
  if (firstLevel?.layout === 'duties' && keyWork === undefined) findings.problem(`${at}/keyWork`, 'PROPERTY_MISSING');
  if (firstLevel?.layout === 'plain' && keyWork !== undefined) {
    findings.problem(`${at}/keyWork`, 'PROPERTY_UNKNOWN', { level1: firstLevel.name });
  }
  const half = entry.half === undefined ? undefined : readTarget(entry.half, `${at}/half`, findings);
  const annual = entry.annual === undefined ? undefined : readTarget(entry.annual, `${at}/annual`, findings);
  if (firstLevel === undefined || level2 === undefined || level3 === undefined || !half || !annual) return undefined;
  const parts = { firstLevel, level2, ...(keyWork && { keyWork }), level3, number: index + 1, half, annual };
  const made = makeIndicator(parts, at, findings);
  return made && stated(made, entry, at, findings);
}

/** What the file states goes before what the name and the figures say. */
function stated(made: Indicator, entry: Entry, at: string, findings: Findings): Indicator {
  const { metric: byName, ...rest } = made;
  const { kind = made.kind, checkpointBasis = made.checkpointBasis, scope, weight: points } = entry;
  const metric = entry.metric ?? byName;
  if ((kind === 'QUALITATIVE') !== (made.comparator === 'word')) {
    findings.problem(`${at}/kind`, 'VALUE_NOT_ALLOWED', { found: kind, allowed: [made.kind] });
  }
  if (metric !== undefined && metric !== NO_METRIC && kind !== 'RATIO') {
    findings.problem(`${at}/metric`, 'VALUE_NOT_ALLOWED', { found: metric, allowed: [NO_METRIC] });
  }
  return {
    ...rest,
    indicator: entry.indicator ?? made.indicator,
    kind,
    checkpointBasis,
    ...(metric === undefined || metric === NO_METRIC ? {} : { metric }),
    ...(scope && { scope: scope as Scope, scopeBasis: entry.scopeBasis ?? 'stated' }),
    ...(points === undefined ? {} : { weight: points }),
  };
}

/** All that the file may state is written out, so that a later change of the defaults changes no old file. */
export function writeIndicator(indicator: Indicator): Readonly<Record<string, unknown>> {
  const { level1, level2, keyWork, level3, half, annual, kind, checkpointBasis, scope, scopeBasis } = indicator;
  const figures = { ...(half.value && { half: half.value }), ...(annual.value && { annual: annual.value }) };
  const byName = classify(level3, { unit: indicator.unit, ...figures }).metric;
  const metric = indicator.metric ?? (byName === undefined ? undefined : NO_METRIC);
  return {
    indicator: indicator.indicator,
    level1,
    level2,
    ...(keyWork && { keyWork }),
    level3,
    half: half.text,
    annual: annual.text,
    kind,
    checkpointBasis,
    ...(metric && { metric }),
    ...(scope && { scope }),
    ...(scopeBasis && { scopeBasis }),
    ...(indicator.weight === undefined ? {} : { weight: indicator.weight }),
  };
}
