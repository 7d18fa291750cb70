/** `explain`: a rate, or an amount of any report, down to the events behind it. */
import type { Command } from 'commander';
import { FIGURES } from '#domain/metrics/figures.js';
import type { ExplanationBody } from './bodies.js';
import { path, type Query } from './client.js';
import type { FigureExplanationBody } from './compare-bodies.js';
import type { Given } from './given.js';
import { scopeOf, scopeOptions } from './moment.js';
import type { Style } from './page.js';
import { pageOptions } from './paging.js';
import { renderFigure } from './render-figure.js';
import { renderExplanation } from './render-entries.js';

export type ExplainedBody = ExplanationBody | FigureExplanationBody;

const FIGURE_IDS = FIGURES.map(({ id }) => id as string);

export const explainCommand = (program: Command): Command =>
  pageOptions(
    scopeOptions(
      program
        .command('explain')
        .argument('<metric>', `a rate by its code, or an amount: ${FIGURE_IDS.join(', ')}`)
        .description('a rate or an amount down to the events behind it'),
    ),
  ).option('--line <line>', 'an amount of this line alone');

export interface Explained {
  readonly address: string;
  readonly query: Query;
  readonly table: (body: ExplainedBody, style: Style) => string;
}

/** What is no amount is taken for a rate: the system lists them when it has none of that name. */
export function explained(given: Given, name: string): Explained {
  const line = given.optionalText('line');
  const scope = scopeOf(given);
  if (FIGURE_IDS.includes(name)) {
    given.alone('line', ['funds', 'expenditure']);
    return { address: path`/figures/${name}/explanation`, query: { line, ...scope }, table: tableOf };
  }
  if (line !== undefined) {
    given.fault('line', 'NOT_TOGETHER', `goes with an amount: ${FIGURE_IDS.join(', ')}; a rate is of a scope`);
  }
  return { address: path`/rates/${name}/explanation`, query: scope, table: tableOf };
}

const tableOf = (body: ExplainedBody, style: Style): string =>
  'figure' in body ? renderFigure(body, style) : renderExplanation(body, style);
