import { describe, expect, it } from '@jest/globals';
import { lotsOf } from '#domain/budget/lots.js';
import { fen } from '#domain/money.js';

/** `2022: 30/5/2` is a lot that holds 30, of which 5 are paid by name and 2 taken back. */
function totals(budget: string, paid: string, lots: string) {
  const byOrigin = new Map(
    lots
      .split(',')
      .filter((lot) => lot.trim() !== '')
      .map((lot) => {
        const [year, amounts = ''] = lot.split(':');
        const [held = 0, named = 0, back = 0] = amounts.split('/').map(Number);
        return [Number(year), { budget: fen(held), paid: fen(named), takenBack: fen(back) }] as const;
      }),
  );
  return { year: 2024, budget: fen(Number(budget)), paid: fen(Number(paid)), byOrigin };
}

const CASES = `
  B   | X   | named lots                      | lots as budget-paid-back=unspent                       | why
  100 | 0   |                                 | 2024: 100-0-0=100                                      | only the current year
  100 | 30  |                                 | 2024: 100-30-0=70                                      |
  100 | 130 |                                 | 2024: 100-100-0=0                                      | what no lot can bear belongs to none
  150 | 30  | 2023: 50/0/0                    | 2023: 50-30-0=20, 2024: 100-0-0=100                    | oldest first
  150 | 60  | 2023: 50/0/0                    | 2023: 50-50-0=0, 2024: 100-10-0=90                     | then the next
  150 | 60  | 2023: 20/0/0, 2022: 30/0/0      | 2022: 30-30-0=0, 2023: 20-20-0=0, 2024: 100-10-0=90    | whatever the order of arrival
  150 | 60  | 2022: 30/0/0, 2023: 20/20/0     | 2022: 30-30-0=0, 2023: 20-20-0=0, 2024: 100-10-0=90    | a payment that names its lot uses it first
  150 | 30  | 2023: 50/0/0, 2024: 0/30/0      | 2023: 50-0-0=50, 2024: 100-30-0=70                     | also the current year’s
  150 | 70  | 2023: 50/70/0                   | 2023: 50-50-0=0, 2024: 100-20-0=80                     | named beyond its lot: the rest fills others
  40  | 0   | 2023: 50/0/0                    | 2023: 40-0-0=40, 2024: 0-0-0=0                         | cuts take the current year’s money first, then carried-over money
  60  | 0   | 2022: 30/0/0, 2023: 50/0/0      | 2022: 30-0-0=30, 2023: 30-0-0=30, 2024: 0-0-0=0        | the youngest of it first
  150 | 0   | 2023: -50/0/0                   | 2023: 0-0-0=0, 2024: 150-0-0=150                       | a lot revised below what was cut from it gives nothing to others
  200 | 100 | 2023: 100/0/60                  | 2023: 100-40-60=0, 2024: 100-60-0=40                   | money taken back is not paid out again
  150 | 0   | 2023: 100/0/0, 2024: 0/0/100    | 2023: 50-0-0=50, 2024: 100-0-100=0                     | a cut after a take-back takes what is there
  -10 | 0   |                                 | 2024: 0-0-0=0                                          | a budget below nothing
`;

describe('the lots of a line (rule book 7)', () => {
  const rows = CASES.trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split('|').map((cell) => cell.trim()));

  it.each(rows)('B %s, X %s, named %s: %s %s', (budget, paid, named, expected) => {
    const lots = lotsOf(totals(budget ?? '', paid ?? '', named ?? ''));
    const text = lots.map((lot) => `${lot.originYear}: ${lot.budget}-${lot.paid}-${lot.takenBack}=${lot.unspent}`);
    expect(text.join(', ')).toBe(expected);
  });
});
