import { describe, expect, it } from '@jest/globals';
import { type Course, lineCourse } from '#domain/metrics/course.js';
import { picture, yuan } from '#domain/metrics/picture.fixture.js';
import { fen } from '#domain/money.js';
import type { PerformanceCommand } from '#domain/performance/commands.js';
import { printed } from '#domain/performance/indicator.fixture.js';
import { formulasOf, monitoringForm } from '#domain/performance/monitoring.js';
import { approved, fact, facts, given, on, recorded, result } from '#domain/performance/specification.js';
import { standingAt } from '#domain/performance/standing.js';

const BOOKS = `
  B01 GP basic   original  1000.00
  B01 GP basic   paid       400.00
  P01 GF project original  2000.00
  P01 GF project added      500.00
  P01 GF project paid       500.00
`;

/** Half of each line planned by mid-year, and what it paid in one sum on 31 March. */
const course = (current: string, paid: string): Course =>
  lineCourse({
    ...{ year: 2024, currentFen: yuan(current), paid: [{ on: on('03-31'), fen: yuan(paid) }] },
    plans: [{ kind: 'approved', effectiveDate: on('01-01'), halfYearPlanFen: yuan(String(Number(current) / 2)) }],
  });

const table = approved(
  '道路 flow ＝16条 ＝22条',
  '存量房 stock ＝5300套 ＝4800套',
  '及时性 word 及时 及时',
  printed('执行率 ratio ＝30% ＝100%', { metric: 'execution-rate', checkpointBasis: 'FULL_YEAR' }),
);

function monitored(said: readonly PerformanceCommand[], courses?: ReadonlyMap<string, Course>) {
  const { state } = given(table, ...said);
  const known = { standing: standingAt(state, on('06-30')), picture: picture('2024-06-30', BOOKS) };
  const of = { unit: 'U1', unitName: '某单位', year: 2024, stage: 6, ...known };
  return monitoringForm(courses === undefined ? of : { ...of, courses });
}
const rowOf = (form: ReturnType<typeof monitored>, id: string) =>
  form.indicators.find(({ indicator }) => indicator === id);

describe('a monitoring form', () => {
  it('shows money by fund nature with its rate, and no forecast without the payments by date', () => {
    expect(monitored([]).funds).toEqual([
      { row: 'total', original: '3000.00', current: '3500.00', executed: '900.00', rate: '25.71', forecast: null },
      {
        row: 'general-public',
        original: '1000.00',
        current: '1000.00',
        executed: '400.00',
        rate: '40.00',
        forecast: null,
      },
      {
        row: 'government-funds',
        original: '2000.00',
        current: '2500.00',
        executed: '500.00',
        rate: '20.00',
        forecast: null,
      },
    ]);
  });

  it('forecasts money line by line: on plan the rest as planned, off plan the pace so far', () => {
    const courses = new Map([
      ['B01', course('1000.00', '400.00')],
      ['P01', course('2500.00', '500.00')],
    ]);
    // 400 + 1000 − 500 = 900; 500 × 366 ÷ 182 = 1005.49
    expect(monitored([], courses).funds.map(({ forecast, forecastMethod }) => [forecast, forecastMethod])).toEqual([
      ['1905.49', 'by-line'],
      ['900.00', 'planned-rest'],
      ['1005.49', 'run-rate'],
    ]);
  });

  it('has a light, a verdict and a forecast for each row, and the worst light over all', () => {
    const form = monitored([
      recorded(
        ...[result('R1', '道路', ['06-30', '8']), result('R2', '存量房', ['06-30', '5300'])],
        result('R3', '及时性', ['06-30', '较及时']),
      ),
    ]);
    expect(
      form.indicators.map(({ result: found, verdict, light, forecast }) => [found, verdict, light, forecast]),
    ).toEqual([
      ['8条', 'missed', 'red', '16条'],
      ['5300套', 'met', 'green', '5300套'],
      ['较及时', 'missed', 'yellow', null],
      ['25.71%', 'missed', 'green', '95.71%'],
    ]);
    expect(form).toMatchObject({ overall: 'red', counts: { red: 1, yellow: 1, green: 2, blue: 0, 'not-assessed': 0 } });
  });

  it('cites its metric, the rules of its lights and of its forecasts, each with the version', () => {
    const roads = recorded(result('R1', '道路', ['06-30', '8']));
    const rules = ['execution-rate 1', 'lights 1', 'forecast 1'];
    const cited = (form: ReturnType<typeof monitored>) =>
      formulasOf(form).map(({ metric, version }) => `${metric} ${version}`);
    // The roads by the pace so far, the rate of the books by the rest of its plan.
    expect(cited(monitored([roads]))).toEqual([...rules, 'forecast:planned-rest 1', 'forecast:run-rate 1']);
    // A sum by several methods names none of them: all are cited.
    const methods = ['planned-rest', 'run-rate', 'recent-pace', 'last-value'].map((id) => `forecast:${id} 1`);
    const courses = new Map([
      ['B01', course('1000.00', '400.00')],
      ['P01', course('2500.00', '500.00')],
    ]);
    expect(cited(monitored([roads], courses))).toEqual([...rules, ...methods]);
  });

  it('cites the formula of a row that it found to be something over nothing, and of none that lacked its facts', () => {
    const staff = printed('在职人员控制率 ratio ＝100% ＝100%', { metric: 'staff-control' });
    const counted = (...said: readonly PerformanceCommand[]) => {
      const { state } = given(approved(staff), ...said);
      const known = { standing: standingAt(state, on('06-30')), picture: picture('2024-06-30', BOOKS) };
      return monitoringForm({ unit: 'U1', unitName: '某单位', year: 2024, stage: 6, ...known });
    };
    const over = counted(
      facts(fact('F1', 'staff-in-post', ['06-30', '1']), fact('F2', 'establishment', ['06-30', '0'])),
    );
    expect(over.indicators[0]).toMatchObject({
      ...{ result: null, reason: 'ZERO_DENOMINATOR', resultFrom: { metric: 'staff-control', version: 1 } },
    });
    expect(formulasOf(over)).toContainEqual({ metric: 'staff-control', version: 1 });
    const lacking = counted();
    expect(lacking.indicators[0]).toMatchObject({ result: null, reason: 'NO_FACTS' });
    expect(lacking.indicators[0]).not.toHaveProperty('resultFrom');
  });

  it('has no forecast of money that passes what books can hold', () => {
    const most = lineCourse({
      ...{ year: 2024, currentFen: fen(Number.MAX_SAFE_INTEGER), plans: [] },
      paid: [{ on: on('03-31'), fen: fen(Number.MAX_SAFE_INTEGER) }],
    });
    const [total] = monitored([], new Map([['B01', most]])).funds;
    expect(total).toMatchObject({ row: 'total', forecast: null });
    expect(total).not.toHaveProperty('forecastMethod');
  });

  it('shows what people said of a row of its stage, and of no other', () => {
    const explain = (stage: number, forecast: string): PerformanceCommand => ({
      ...{ type: 'ExplainDeviations', effectiveDate: on('07-08'), stage },
      rows: [
        {
          indicator: '道路',
          forecast,
          causes: ['staff'],
          explanation: '人手不足',
          likelihood: 'possible',
          remark: '增援',
        },
      ],
    });
    const form = monitored([explain(6, '20'), explain(7, '21')]);
    expect(rowOf(form, '道路')).toMatchObject({
      ...{ result: null, reason: 'NO_RESULT', light: 'not-assessed', forecast: '20条', causes: ['staff'] },
      ...{ explanation: '人手不足', likelihood: 'possible', remark: '增援' },
    });
    expect(rowOf(form, '道路')).not.toHaveProperty('forecastMethod');
    expect(rowOf(monitored([explain(6, '约二十条')]), '道路')).toMatchObject({ forecast: '约二十条' });
  });

  it('is lit by the thresholds in force on its last day', () => {
    const lenient = (day: string): PerformanceCommand => ({
      ...{ type: 'SetThresholds', effectiveDate: on(day), reason: '试行' },
      thresholds: {
        ...{ version: 1, work: { redBelow: '40', yellowBelow: '50' }, money: { redBelow: '60', yellowBelow: '80' } },
        workMoneyGap: '20',
      },
    });
    const half = recorded(result('R1', '道路', ['06-30', '8']));
    expect(rowOf(monitored([half, lenient('06-30')]), '道路')).toMatchObject({ light: 'green' });
    expect(rowOf(monitored([half, lenient('07-01')]), '道路')).toMatchObject({ light: 'red' });
  });

  it('is of a month, and made of what held on its last day only', () => {
    const { state } = given(table);
    const of = { unit: 'U1', unitName: '某单位', year: 2024, picture: picture('2024-06-30', BOOKS) };
    const standing = standingAt(state, on('06-30'));
    expect(() => monitoringForm({ ...of, stage: 13, standing })).toThrow(RangeError);
    expect(() => monitoringForm({ ...of, stage: 7, standing })).toThrow(RangeError);
  });
});
