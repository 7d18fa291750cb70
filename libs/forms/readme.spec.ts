import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parseJsonForm } from '#forms/import/json-form.js';
import { toPlan } from '#forms/plan.js';
import { NAMED_INDICATORS } from './indicator-catalogue.js';
import { NOTES, PROBLEMS } from './problem-codes.js';

const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
const rows = readme
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe('the README of the forms', () => {
  it.each(Object.entries(PROBLEMS))(
    'lists the problem %s with its meaning and what to do',
    (code, { meaning, remedy }) => {
      expect(rows).toContainEqual([`\`${code}\``, meaning, remedy]);
    },
  );
  it.each(Object.entries(NOTES))('lists the note %s', (code, meaning) => {
    expect(rows).toContainEqual([`\`${code}\``, meaning]);
  });
  it.each(NAMED_INDICATORS)('lists the metric $metric', ({ names, metric, checkpointBasis }) => {
    const listed = rows.map((row) => row.slice(0, 3));
    expect(listed).toContainEqual([names.join('、'), `\`${metric}\``, checkpointBasis]);
  });
  it('shows a JSON form that can be imported as it stands', () => {
    const example = /```json\n([^`]+)```/.exec(readme)?.[1] ?? '';
    const { content, problems } = parseJsonForm(new TextEncoder().encode(example));
    expect(problems).toEqual([]);
    expect(toPlan(content!).problems).toEqual([]);
  });
});
