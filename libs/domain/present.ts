/**
 * Stored data as people and programs outside read it: money as decimal yuan. A key `fen` becomes `amount`, a key `xFen`
 * becomes `x`; nothing else changes. The one place that knows this, for answers, refusals and explanations alike.
 */
import { fen, formatYuan } from '#domain/money.js';

export function presentMoney(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(presentMoney);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => presentEntry(key, inner)));
}

function presentEntry(key: string, value: unknown): [string, unknown] {
  if (key !== 'fen' && !key.endsWith('Fen')) return [key, presentMoney(value)];
  const name = key === 'fen' ? 'amount' : key.slice(0, -3);
  if (typeof value === 'number') return [name, formatYuan(fen(value))];
  if (Array.isArray(value)) return [name, value.map((amount) => formatYuan(fen(Number(amount))))];
  return [name, value];
}
