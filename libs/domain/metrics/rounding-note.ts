import { type Fen, formatWanYuan, parseWanYuan, subtract, sum } from '#domain/money.js';

/** 万元 with two decimals. `difference` = total − sum of the rows as shown. */
export interface RoundingNote {
  readonly rows: string;
  readonly total: string;
  readonly difference: string;
}

/**
 * What to say under a table in 万元 whose rounded rows do not add up to its rounded total; `undefined` when they do. The
 * total stays exact. Throws a RangeError if the exact rows do not add up either: that is no rounding. Source: design 5.
 */
export function roundingNote(rows: readonly Fen[], total: Fen): RoundingNote | undefined {
  if (sum(rows) !== total) throw new RangeError(`rows add up to ${sum(rows)} fen, the total is ${total}`);
  const shownRows = sum(rows.map(shown));
  const shownTotal = shown(total);
  if (shownRows === shownTotal) return undefined;
  return {
    rows: formatWanYuan(shownRows),
    total: formatWanYuan(shownTotal),
    difference: formatWanYuan(subtract(shownTotal, shownRows)),
  };
}

/** The amount that its 万元 text stands for. */
function shown(amount: Fen): Fen {
  const parsed = parseWanYuan(formatWanYuan(amount));
  if (typeof parsed === 'string') throw new RangeError(`${amount} fen cannot be shown in 万元: ${parsed}`);
  return parsed;
}
