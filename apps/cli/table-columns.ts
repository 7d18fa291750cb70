/** Columns of CSV about a performance table as a whole. Programs read them: names and order stay, new ones are added at the end. */
import { figure, text, type CsvColumn } from './csv.js';
import type { BesideBody, CoherenceBody, FindingBody, MismatchBody, ProfilesBody } from './table-bodies.js';

/** A finding, or what the plan comes to in one scope. */
interface CheckRow {
  readonly code: string;
  readonly severity?: string;
  readonly indicators: readonly string[];
  readonly scope?: string;
  readonly percent?: string | undefined;
  readonly fits?: boolean;
  readonly facts?: string;
}

export const factWords = (facts: FindingBody['facts']): string =>
  Object.entries(facts)
    .map(([name, fact]) => `${name} ${typeof fact === 'string' ? fact : fact.join('+')}`)
    .join('; ');

/** Findings, then per rate and scope what the approved plan comes to, with the rate as `code`. */
export const checkRows = ({ coherence, findings }: CoherenceBody): readonly CheckRow[] => [
  ...findings.map(({ facts, ...finding }) => ({ ...finding, facts: factWords(facts) })),
  ...coherence.flatMap(({ indicator, metric, implied }) =>
    implied.map(({ scope: { funds, expenditure }, percent, fits }) => ({
      code: metric,
      indicators: [indicator],
      scope: `${funds === 'all' ? funds : funds.join('+')}/${expenditure}`,
      percent,
      fits,
    })),
  ),
];

export const CHECK_COLUMNS: readonly CsvColumn<CheckRow>[] = [
  text('code', ({ code }) => code),
  text('severity', ({ severity }) => severity),
  text('indicators', ({ indicators }) => indicators.join('+')),
  text('scope', ({ scope }) => scope),
  figure('percent', ({ percent }) => percent),
  figure('fits', ({ fits }) => fits),
  text('facts', ({ facts }) => facts),
];

const flagCodes = (flags: readonly MismatchBody[]): string => flags.map(({ code }) => code).join('+');

export const BESIDE_COLUMNS: readonly CsvColumn<BesideBody>[] = [
  text('indicator', ({ indicator }) => indicator),
  text('level3', ({ level3 }) => level3),
  text('lines', ({ lines }) => lines.map(({ line }) => line).join('+')),
  figure('workPercent', ({ work }) => work.percent),
  text('noWork', ({ work }) => work.reason),
  figure('paid', ({ money }) => money.paid),
  figure('current', ({ money }) => money.current),
  figure('moneyPercent', ({ money }) => money.percent),
  text('noMoney', ({ money }) => money.reason),
  figure('gap', ({ gap }) => gap),
  text('flags', ({ flags }) => flagCodes(flags)),
];

export const NARRATIVE_COLUMNS: readonly CsvColumn<readonly [string, string]>[] = [
  text('name', ([name]) => name),
  text('text', ([, words]) => words),
];

export const SHIPPED_PROFILE_COLUMNS: readonly CsvColumn<ProfilesBody['profiles'][number]>[] = [
  text('id', ({ id }) => id),
  figure('version', ({ version }) => version),
  text('name', ({ name }) => name.zh),
  figure('total', ({ rules }) => rules.total),
  text('source', ({ source }) => source),
];
