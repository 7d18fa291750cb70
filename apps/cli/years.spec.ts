import { afterEach, describe, expect, it } from '@jest/globals';
import { problem, standIn, type Answer, type StandIn } from './stand-in.js';

let system: StandIn | undefined;
afterEach(async () => {
  await system?.close();
  system = undefined;
});
const stand = async (answers: Readonly<Record<string, Answer | readonly Answer[]>>) =>
  (system = await standIn(answers));

const OVER_YEARS = '/api/v1/units/U0001/over-years';

describe('over-years', () => {
  it('asks for a range of years in a scope, of the only unit when none is named', async () => {
    const { budget, asked } = await stand({
      'GET /api/v1/units': { body: { units: [{ unit: 'U0001', name: '某单位' }] } },
    });
    await budget('over-years --from 2023 --to 2025 --known-at 2025-06-30 --funds 政府性基金'.split(' '));
    expect(asked.map(({ path }) => path)).toEqual([
      '/api/v1/units',
      `${OVER_YEARS}?from=2023&to=2025&knownAt=2025-06-30&funds=government-funds`,
    ]);
  });

  it('tells all faults of its options at once and asks nothing', async () => {
    const { budget, asked } = await stand({});
    const { code, err } = await budget('over-years --from 23 --to x --funds gold'.split(' '));
    expect([code, asked.length]).toEqual([2, 0]);
    expect(err.match(/--\w+: /g)).toEqual(['--from: ', '--to: ', '--funds: ']);
  });

  it('is refused for a range without data, with the years that there are: exit code 1', async () => {
    const faults = [{ parameter: 'from', code: 'NO_YEAR_IN_RANGE', message: 'choose from 2023, 2024' }];
    const { budget } = await stand({
      [`GET ${OVER_YEARS}`]: problem(422, 'NO_YEAR_IN_RANGE', 'The ledger has no year 2017.', { faults }),
    });
    expect(await budget(['over-years', '--from', '2017', '--unit', 'U0001'])).toEqual({
      code: 1,
      out: '',
      err: 'The ledger has no year 2017.\n  --from: choose from 2023, 2024 [NO_YEAR_IN_RANGE]\n',
    });
  });
});

describe('carry-overs', () => {
  const sums = {
    ...{ broughtIn: '5.00', revised: '0.00', carryOverIn: '5.00', transferredIn: '0.00', transferredOut: '0.00' },
    ...{ cut: '0.00', takenOtherwise: '0.00', budget: '5.00', paid: '0.00', takenBack: '0.00', unspent: '5.00' },
  };
  const step = { year: 2023, line: 'P1', cited: true };
  const body = {
    ...{ asOf: '2024-06-30', knownAt: '2024-07-01T08:15:02.113Z', position: '4711', state: 'open' },
    lots: [
      {
        ...{ line: 'P1', name: '=1+1', fund: 'other', expenditure: 'project', originYear: 2022, age: 2, ...sums },
        ...{ becomesSurplusOn: '2023-12-31', classAtYearEnd: 'surplus', provisional: true },
        carryOvers: [
          { carryOverId: 'C1', source: { stream: 'budget-U1-2023', revision: 7 } },
          { carryOverId: 'C2', source: null },
        ],
        lineage: [step, { ...step, year: 2022, cited: false, ends: 'YEAR_NOT_IN_LEDGER' }],
      },
    ],
    totals: { all: sums },
    rates: [],
  };

  it('mark what may still change, and where the chain breaks off', async () => {
    const { budget } = await stand({ 'GET /api/v1/units/U1/years/2024/carry-over': { body } });
    const { out } = await budget('carry-overs --unit U1 --year 2024'.split(' '));
    expect(out).toMatch(/\*2022 .* 2023 P1 < \?2022 P1 \(上年未入账\)/);
    expect(out).toContain('* 来源年度已反结账，金额可能变动。');
  });

  it('come as CSV, a row a lot, with what each carry-over cites', async () => {
    const { budget } = await stand({ 'GET /api/v1/units/U1/years/2024/carry-over': { body } });
    const { out } = await budget('carry-overs --unit U1 --year 2024 --format csv'.split(' '));
    expect(out.split('\r\n')[1]).toBe(
      "P1,'=1+1,other,project,2022,2,5.00,0.00,5.00,0.00,0.00,0.00,0.00,5.00,0.00,0.00,5.00,2023-12-31,,surplus,true," +
        'C1+C2,budget-U1-2023@7+,2023 P1 < ?2022 P1 (year not in the ledger)',
    );
  });
});
