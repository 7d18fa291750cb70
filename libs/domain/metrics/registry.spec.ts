import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { EFFECT_KINDS } from '#domain/budget/effects.js';
import { picture } from '#domain/metrics/picture.fixture.js';
import { ALL } from '#domain/metrics/quantities.js';
import { METRICS, metricById } from '#domain/metrics/registry.js';

it('every formula has its own kebab-case id, and views name a formula', () => {
  const ids = METRICS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, viewOf, version, formula, source, name } of METRICS) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(metricById(id)?.id).toBe(id);
    expect(version).toBeGreaterThanOrEqual(1);
    expect([formula, source, name.zh, name.en].every((text) => text.length > 0)).toBe(true);
    if (viewOf !== undefined) expect(metricById(viewOf)?.viewOf).toBeUndefined();
    if (viewOf !== undefined) expect(ids).toContain(viewOf);
  }
  expect(metricById('no-such-rate')).toBeUndefined();
  expect(metricById('constructor')).toBeUndefined();
});

it('a metric looks at no kind of effect that it does not name', () => {
  const rows = EFFECT_KINDS.map((kind, index) => `B01 GP basic ${kind} ${100 - index * 7}.00 code=30217`);
  for (const { id, inputs, compute } of METRICS) {
    const without = rows.filter((_, index) => (inputs.kinds as readonly string[]).includes(EFFECT_KINDS[index] ?? ''));
    const plan = 'B01 GP basic planned 40.00';
    for (const asOf of ['2024-06-30', '2024-12-31']) {
      const of = (table: string[]) => {
        const text = [...table, plan].join('\n');
        return compute(picture(asOf, text, text), ALL);
      };
      expect({ id, result: of(without) }).toEqual({ id, result: of(rows) });
    }
  }
});

it('year-end figures say so at mid-year, and only those', () => {
  const rows =
    'B01 GP basic original 100.00 code=30217\nB01 GP basic paid 50.00 code=30217\nB01 GP basic planned 40.00';
  for (const { id, checkpointBasis, compute } of METRICS) {
    const { status, ...rest } = compute(picture('2024-06-30', rows, rows), ALL);
    const yearEndOnly = status === 'NOT_APPLICABLE' && 'reason' in rest && rest.reason === 'YEAR_END_ONLY';
    expect({ id, yearEndOnly }).toEqual({ id, yearEndOnly: checkpointBasis === 'YEAR_END_ONLY' });
  }
});

it('the glossary lists every formula', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  for (const { id, name } of METRICS) {
    const row = readme.split('\n').find((line) => line.split('|')[1]?.trim() === `\`${id}\``);
    expect({ id, row }).toEqual({ id, row: expect.stringContaining(name.zh) });
  }
});
