/** What an address may name that is not there: 404, with where to find what is. */
import { FIGURES } from '#domain/metrics/figures.js';
import { METRICS } from '#domain/metrics/registry.js';
import { Problem } from '#platform/problem.js';
import { addressOf, type Place } from './place.js';

export const unknownUnit = (unit: string): Problem =>
  new Problem(404, 'UNKNOWN_UNIT', {
    detail: `There is no unit ${unit}. GET /api/v1/units lists those that there are.`,
    unit,
  });

export const unknownYear = ({ unit, year }: Place): Problem =>
  new Problem(404, 'UNKNOWN_YEAR', {
    detail: `Unit ${unit} has no budget or targets of ${year}. GET /api/v1/units/${unit}/years lists its years.`,
    unit,
    year,
  });

/** `instant` is UTC ms. */
export const noUnitKnownYet = (instant: number): Problem =>
  new Problem(404, 'NOTHING_KNOWN_YET', { detail: `No unit was registered by ${new Date(instant).toISOString()}.` });

/** `instant` is UTC ms. */
export const unitNotKnownYet = (unit: string, instant: number): Problem =>
  new Problem(404, 'NOTHING_KNOWN_YET', {
    detail: `Unit ${unit} was not registered by ${new Date(instant).toISOString()}.`,
    unit,
  });

/** `instant` is UTC ms. */
export const nothingKnownYet = ({ unit, year }: Place, instant: number): Problem =>
  new Problem(404, 'NOTHING_KNOWN_YET', {
    detail: `Nothing of unit ${unit} and ${year} was recorded by ${new Date(instant).toISOString()}.`,
    unit,
    year,
  });

export const unknownLine = (line: string, { unit, year }: Place): Problem =>
  new Problem(404, 'UNKNOWN_LINE', {
    detail: `There is no line ${line} in unit ${unit} and ${year} as known then. GET ${addressOf({ unit, year })}/lines lists them.`,
    line,
  });

export const unknownMetric = (metric: string): Problem =>
  new Problem(404, 'UNKNOWN_METRIC', {
    detail: `There is no metric ${metric}. GET /api/v1/formulas lists them.`,
    metric,
    metrics: METRICS.map(({ id }) => id),
  });

export const unknownFigure = (figure: string): Problem =>
  new Problem(404, 'UNKNOWN_FIGURE', {
    detail: `There is no figure ${figure}. GET /api/v1/formulas lists them.`,
    figure,
    figures: FIGURES.map(({ id }) => id),
  });
