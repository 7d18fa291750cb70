/** Indicators written as a form prints them, for specs. */
import type { Comparator, Indicator, IndicatorKind, TargetValue } from '#domain/performance/events.js';

const COMPARATORS: Readonly<Record<string, Comparator>> = { '＝': '=', '≥': '>=', '≤': '<=' };
const KINDS: Readonly<Record<string, IndicatorKind>> = {
  flow: 'FLOW_CUMULATIVE',
  stock: 'STOCK_LEVEL',
  ratio: 'RATIO',
  word: 'QUALITATIVE',
};

const target = (text: string): TargetValue => {
  const value = /^[＝≥≤](-?[\d.]+)/.exec(text)?.[1];
  return value === undefined ? { text } : { text, value };
};

/**
 * `printed('道路工程数量 flow ＝16条 ＝22条')`: name, kind (`flow`, `stock`, `ratio`, `word`), half-year and full-year target as printed;
 * `-` for a target that is not stated. Whatever else is asked for goes into `more`.
 */
export function printed(text: string, more: Partial<Indicator> = {}): Indicator {
  const [name = '', kindName = '', half = '', annual = ''] = text.trim().split(/\s+/);
  const kind = KINDS[kindName];
  if (kind === undefined) throw new Error(`unknown kind in ${text}`);
  const value = target(annual).value ?? '';
  return {
    indicator: name,
    block: 2,
    level1: '履职',
    level2: '土地的前期开发整理',
    level3: name,
    kind,
    comparator: COMPARATORS[annual.charAt(0)] ?? 'word',
    half: half === '-' ? { text: '' } : target(half),
    annual: target(annual),
    decimals: value.split('.')[1]?.length ?? 0,
    unit: kind === 'QUALITATIVE' ? '' : annual.replace(/^[＝≥≤]-?[\d.]+/, ''),
    checkpointBasis: kind === 'FLOW_CUMULATIVE' ? 'FULL_YEAR' : 'POINT_IN_TIME',
    ...more,
  };
}
