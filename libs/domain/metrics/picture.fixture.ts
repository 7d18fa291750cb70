/** Pictures and targets written as text, for the specs of this folder. */
import { civilDate } from '#domain/calendar.js';
import { EFFECT_KINDS, type EffectKind } from '#domain/budget/effects.js';
import type { Expenditure, FundNature } from '#domain/budget/events.js';
import { type Fen, negate, parseYuan } from '#domain/money.js';
import type { Figure, Picture, Planned, Scope } from '#domain/metrics/quantities.js';
import type { Indicator } from '#domain/performance/events.js';

export function yuan(text: string): Fen {
  const amount = parseYuan(text);
  if (typeof amount === 'string') throw new Error(`${text}: ${amount}`);
  return amount;
}

const FUNDS: Record<string, FundNature> = { GP: 'general-public', GF: 'government-funds', UF: 'unit-funds' };

/**
 * One row a figure: `line fund expenditure kind yuan flags…`, where `planned` is P(t). Flags: `exempt`, `loose` (not
 * structural), `crossing`, `code=30217`, `lot=2023`, `assumed`. A leading `−` of an amount reverses.
 */
export function figures(table: string): { figures: Figure[]; planned: Planned[] } {
  const result = { figures: [] as Figure[], planned: [] as Planned[] };
  for (const row of table
    .split('\n')
    .map((text) => text.trim().split(/\s+/))
    .filter(([first]) => first)) {
    const [line = '', fundCode = '', expenditure = '', kind = '', amount = '', ...flags] = row;
    const fund = FUNDS[fundCode];
    if (fund === undefined) throw new Error(`unknown fund ${fundCode}`);
    const of = { line, fund, expenditure: expenditure as Expenditure };
    const value = amount.startsWith('−') ? negate(yuan(amount.slice(1))) : yuan(amount);
    if (kind === 'planned') {
      result.planned.push({ ...of, fen: value, assumed: flags.includes('assumed') });
      continue;
    }
    if (!EFFECT_KINDS.includes(kind as EffectKind)) throw new Error(`unknown kind ${kind}`);
    const flag = (name: string) => flags.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1);
    const lot = flag('lot');
    const adjusts = kind === 'added' || kind === 'cut' || kind.startsWith('transferred');
    const facet = {
      exempt: flags.includes('exempt'),
      structural: !flags.includes('loose'),
      crossing: flags.includes('crossing'),
    };
    result.figures.push({
      ...of,
      kind: kind as EffectKind,
      fen: value,
      economic: flag('code') ?? '',
      ...(adjusts ? { facet } : {}),
      ...(lot === undefined ? {} : { originYear: Number(lot) }),
    });
  }
  return result;
}

export const picture = (asOf: string, table: string, priorTable?: string): Picture => ({
  year: Number(asOf.slice(0, 4)),
  asOf: civilDate(asOf),
  ...figures(table),
  ...(priorTable === undefined ? {} : { priorYear: figures(priorTable).figures }),
});

/** A ratio target bound to a metric: `ratioTarget('I09', 'execution-rate', '＝38%', '＝100%')`. */
export function ratioTarget(indicator: string, metric: string, half: string, annual: string, scope?: Scope): Indicator {
  const operator = half.charAt(0);
  const comparator = operator === '＝' ? '=' : operator === '≥' ? '>=' : '<=';
  const value = (text: string) => text.slice(1).replace('%', '');
  return {
    indicator,
    block: 1,
    level1: '过程',
    level2: '预算执行',
    level3: indicator,
    kind: 'RATIO',
    comparator,
    half: { text: half, value: value(half) },
    annual: { text: annual, value: value(annual) },
    decimals: 0,
    unit: '%',
    checkpointBasis: 'FULL_YEAR',
    metric,
    ...(scope ? { scope, scopeBasis: 'inferred' } : {}),
  };
}
