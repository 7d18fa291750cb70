import { describe, expect, it } from '@jest/globals';
import {
  type CarriedIn,
  type Closing,
  type LotTransfer,
  type UnitStory,
  type YearState,
  amountOf,
  isProvisional,
  lineageOf,
  outcomesOf,
  surplusDate,
  unexplained,
} from '#domain/budget/lineage.js';
import { yuan } from '#domain/budget/specification.js';
import { civilDate } from '#domain/calendar.js';
import { ZERO, fen, formatYuan } from '#domain/money.js';

const booked = (effectiveDate: string, eventId = 'e') => ({
  eventId,
  effectiveDate: civilDate(effectiveDate),
  recordedAt: 0,
});
const cites = (year: number, closure: number) => ({ stream: `budget-U1-${year}`, revision: 100 + closure, closure });

/** `P01 2022 50.00 carry-over unspent`, one lot a row. */
const closing = (year: number, closure: number, lots: string): Closing => ({
  year,
  ...cites(year, closure),
  ...booked(`${year}-12-31`, `closing ${year}.${closure}`),
  lots: lots.split('\n').flatMap((row) => {
    const [line = '', originYear, amount = '', kind, reason] = row.trim().split(' ');
    return line === ''
      ? []
      : [{ line, originYear: Number(originYear), fen: yuan(amount), class: kind, reason } as Closing['lots'][number]];
  }),
});

/** `C1 P01 2022 50.00 from P02`, then what it cites. */
const carried = (
  year: number,
  text: string,
  source?: CarriedIn['source'],
  more: Partial<CarriedIn> = {},
): CarriedIn => {
  const [carryOverId = '', line = '', originYear, amount = '', , originLine = line] = text.split(' ');
  const paper = { carryOverId, year, line, originYear: Number(originYear), originLine };
  return { ...paper, ...booked(`${year}-01-05`), broughtInFen: yuan(amount), source, revisions: [], ...more };
};
const revised = (from: string, to: string, source?: CarriedIn['source']): CarriedIn['revisions'][number] => ({
  ...booked('2024-03-01'),
  fromFen: yuan(from),
  toFen: yuan(to),
  reason: 'closed again',
  source,
});
const moved = (year: number, fromLine: string, line: string, amount: string): LotTransfer => ({
  ...{ year, originYear: 2022, fromLine, line, fen: yuan(amount), adjustmentIds: ['A1'] },
});

interface Told {
  readonly state?: YearState;
  readonly closings?: readonly Closing[];
  readonly carriedIn?: readonly CarriedIn[];
  readonly transfers?: readonly LotTransfer[];
}
const unit = (years: Readonly<Record<number, Told>>): UnitStory =>
  new Map(
    Object.entries(years).map(([year, { state = 'closed', closings = [], carriedIn = [], transfers = [] }]) => [
      Number(year),
      { year: Number(year), state, closings, carriedIn, transfers },
    ]),
  );

/** `2023 P01 C1: 50.00 of 50.00`; `?` when no closing is cited, then why the chain ends. */
const chain = (story: UnitStory, year: number, line: string, originYear: number): string[] =>
  lineageOf({ year, line, originYear }, story).map(
    ({ year: of, line: from, into, carriedFen, closedFen, cited, ends = '' }) =>
      `${of} ${from} ${into}: ${formatYuan(carriedFen)} of ${closedFen === undefined ? '-' : formatYuan(closedFen)}${cited ? '' : '?'} ${ends}`.trim(),
  );

const CLOSED_2022 = closing(2022, 1, 'B01 2022 40.00 carry-over unspent\nP02 2022 200.00 carry-over unspent');
const CLOSED_2023 = closing(2023, 1, 'B01 2022 30.00 carry-over unspent\nB01 2023 100.00 carry-over unspent');
const THREE_YEARS = unit({
  2022: { closings: [CLOSED_2022] },
  2023: {
    closings: [CLOSED_2023],
    carriedIn: [
      carried(2023, 'C1 B01 2022 40.00', cites(2022, 1)),
      carried(2023, 'C2 P03 2022 200.00 from P02', cites(2022, 1)),
    ],
    transfers: [moved(2023, 'P03', 'P04', '30.00'), moved(2023, 'P04', 'P03', '5.00')],
  },
  2024: {
    state: 'open',
    carriedIn: [
      carried(2024, 'D1 B01 2022 30.00', cites(2023, 1)),
      carried(2024, 'D2 B01 2023 100.00', cites(2023, 1)),
    ],
  },
});

describe('the way of carried-over money back to its origin', () => {
  it('is one step for last year’s money and as many as there were closes for basic expenditure', () => {
    expect(chain(THREE_YEARS, 2024, 'B01', 2023)).toEqual(['2023 B01 D2: 100.00 of 100.00 ORIGIN']);
    expect(chain(THREE_YEARS, 2024, 'B01', 2022)).toEqual([
      '2023 B01 D1: 30.00 of 30.00',
      '2022 B01 C1: 40.00 of 40.00 ORIGIN',
    ]);
  });

  it('leads to the line that it had, and through lines that it was moved over and back', () => {
    const steps = ['2022 P02 C2: 200.00 of 200.00 ORIGIN'];
    expect(chain(THREE_YEARS, 2023, 'P03', 2022)).toEqual(steps);
    expect(chain(THREE_YEARS, 2023, 'P04', 2022)).toEqual(steps);
  });

  it('has a step for each source of a lot', () => {
    const story = unit({
      2022: { closings: [CLOSED_2022] },
      2023: {
        state: 'open',
        carriedIn: [
          carried(2023, 'C1 P09 2022 40.00 from B01', cites(2022, 1)),
          carried(2023, 'C2 P09 2022 200.00 from P02', cites(2022, 1)),
        ],
      },
    });
    expect(chain(story, 2023, 'P09', 2022)).toEqual([
      '2022 B01 C1: 40.00 of 40.00 ORIGIN',
      '2022 P02 C2: 200.00 of 200.00 ORIGIN',
    ]);
  });

  it('follows a revision to the closing that it cites, and shows an amount that does not follow it', () => {
    const again = closing(2022, 2, 'B01 2022 35.00 carry-over unspent');
    const c1 = carried(2023, 'C1 B01 2022 40.00', cites(2022, 1));
    const after = (revisions: CarriedIn['revisions']) =>
      unit({ 2022: { closings: [CLOSED_2022, again] }, 2023: { carriedIn: [{ ...c1, revisions }] } });
    expect(chain(after([]), 2023, 'B01', 2022)).toEqual(['2022 B01 C1: 40.00 of 40.00 ORIGIN']);
    expect(chain(after([revised('40.00', '35.00', cites(2022, 2))]), 2023, 'B01', 2022)).toEqual([
      '2022 B01 C1: 35.00 of 35.00 ORIGIN',
    ]);
    expect(chain(after([revised('40.00', '34.00')]), 2023, 'B01', 2022)).toEqual([
      '2022 B01 C1: 34.00 of 40.00 ORIGIN',
    ]);
  });

  it('says where the ledger knows no more', () => {
    const story = unit({
      2022: { closings: [CLOSED_2022] },
      2023: {
        carriedIn: [
          carried(2023, 'H1 B01 2022 40.00'),
          carried(2023, 'H2 P07 2022 5.00'),
          carried(2023, 'H3 P08 2021 5.00', cites(2022, 9)),
          carried(2023, 'H4 P02 2021 5.00'),
        ],
      },
    });
    expect(chain(story, 2023, 'B01', 2022)).toEqual(['2022 B01 H1: 40.00 of 40.00? ORIGIN']);
    expect(chain(story, 2023, 'P07', 2022)).toEqual(['2022 P07 H2: 5.00 of -? ENTERED_BY_HAND']);
    expect(chain(story, 2023, 'P08', 2021)).toEqual(['2022 P08 H3: 5.00 of -? CLOSING_NOT_KNOWN']);
    expect(chain(unit({ 2023: { carriedIn: [carried(2023, 'H1 B01 2022 4.00')] } }), 2023, 'B01', 2022)).toEqual([
      '2022 B01 H1: 4.00 of -? YEAR_NOT_IN_LEDGER',
    ]);
    const older = closing(2022, 1, 'P02 2021 5.00 carry-over unspent');
    const lost = unit({
      2022: { closings: [older] },
      2023: { carriedIn: [carried(2023, 'H4 P02 2021 5.00', cites(2022, 1))] },
    });
    expect(chain(lost, 2023, 'P02', 2021)).toEqual(['2022 P02 H4: 5.00 of 5.00 NOT_BROUGHT_IN']);
  });

  it('is provisional while the year that it comes from is open again', () => {
    const d1 = carried(2024, 'D1 B01 2022 30.00', cites(2023, 1));
    expect(isProvisional(d1, unit({ 2023: { state: 'closed' } }))).toBe(false);
    expect(isProvisional(d1, unit({ 2023: { state: 'reopened' } }))).toBe(true);
    expect(isProvisional(carried(2024, 'D1 B01 2022 30.00'), unit({ 2023: { state: 'reopened' } }))).toBe(true);
  });
});

describe('the day on which money becomes surplus (rule book 7)', () => {
  const on = (expenditure: 'basic' | 'project', unspent: string, close?: Closing) => {
    const lot = { year: 2023, line: 'P01', originYear: 2022, expenditure, unspent: yuan(unspent) };
    const surplus = surplusDate(lot, close);
    return surplus.on ?? surplus.reason;
  };

  it('is the end of the year after its origin, or that of the close that made it so', () => {
    expect(on('project', '5.00')).toBe('2023-12-31');
    const late = { ...closing(2023, 1, 'P01 2022 5.00 surplus two-years'), ...booked('2024-01-10') };
    expect(on('project', '5.00', late)).toBe('2024-01-10');
  });

  it('is none for basic expenditure, and for money that is spent', () => {
    expect(on('basic', '5.00')).toBe('BASIC_EXPENDITURE');
    expect(on('project', '0.00')).toBe('NOTHING_LEFT');
  });
});

describe('what became of the lots of a closing', () => {
  const close = closing(
    2023,
    1,
    `B01 2022 30.00 carry-over unspent
     P01 2022 40.00 surplus two-years
     P02 2023 50.00 carry-over unspent
     P03 2023 60.00 carry-over unspent`,
  );
  const story = unit({
    2023: { closings: [close] },
    2024: {
      carriedIn: [
        carried(2024, 'D1 B01 2022 30.00', cites(2023, 1)),
        carried(2024, 'D2 P09 2023 50.00 from P02', cites(2023, 1), { revisions: [revised('50.00', '45.00')] }),
        carried(2024, 'D3 P01 2022 7.00'),
        carried(2024, 'D4 P08 2023 1.00'),
        carried(2024, 'D5 P07 2023 1.00', undefined, { revisions: [revised('1.00', '0.00')] }),
        carried(2024, 'D6 B01 2022 9.00', { stream: 'budget-U2-2023', revision: 3 }),
      ],
    },
  });
  const back = (line: string) => (line === 'P01' ? yuan('15.00') : ZERO);

  it('is where each went with what it holds there, and of surplus what is due', () => {
    expect(
      outcomesOf(close, story, back).map(({ lot, went, differenceFen, takenBackFen, dueFen }) =>
        [
          lot.line,
          went.map((to) => `${to.line} ${formatYuan(amountOf(to))}`).join('+') || 'nowhere',
          ...[differenceFen, takenBackFen, dueFen].map((amount) => formatYuan(fen(amount))),
        ].join(' '),
      ),
    ).toEqual([
      'B01 B01 30.00 0.00 0.00 0.00',
      'P01 P01 7.00 7.00 15.00 25.00',
      'P02 P09 45.00 -5.00 0.00 0.00',
      'P03 nowhere -60.00 0.00 0.00',
    ]);
  });

  it('leaves unexplained what came from no lot, unless it holds nothing or comes from elsewhere', () => {
    expect(unexplained(close, story).map(({ carryOverId }) => carryOverId)).toEqual(['D4']);
  });
});
