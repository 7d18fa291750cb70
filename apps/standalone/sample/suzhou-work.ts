/**
 * What the land reserve centre did in 2024 beside paying: the results of its indicators, the facts behind those that are
 * computed, and which lines pay for which work. All of it is invented; it follows the published targets, with some work
 * behind at half-year and a little of it still missing at the end.
 */
import { civilDate, type CivilDate } from '#domain/calendar.js';
import type { NewBaseFact, NewResult } from '#domain/performance/commands.js';
import type { Evidence } from '#domain/performance/events.js';
import { FACT_KINDS } from '#domain/performance/facts.js';
import { inTargets, type Entry } from './bookkeeper.js';
import { SUZHOU, YEAR } from './suzhou-plan.js';

const write = inTargets(SUZHOU, YEAR);

const HALF = civilDate('2024-06-30');
const END = civilDate('2024-12-31');

// indicator, result by 30 June, result by 31 December; the published targets stand beside them
const WORK = `
  I01  健全        健全        健全
  I02  健全        健全        健全
  I03  合理        合理        合理
  I04  明确        明确        明确
  I05  科学        科学        科学
  I06  规范        规范        规范
  I12  88.40       96.20       100        the books do not code the basic budget
  I13  -2.10       -4.35       0          the year before is not in the books
  I16  健全        健全        健全
  I17  合规        合规        合规
  I19  完善        完善        完善
  I20  公开        公开        公开
  I21  合规        合规        合规
  I22  健全        健全        健全
  I23  规范        规范        规范
  I25  健全        健全        健全
  I26  规范        规范        规范
  I27  健全        健全        健全
  I28  有效        有效        有效
  I32  有效        有效        有效
  I33  及时        及时        及时
  I34  14          29          16 29      behind at half: 征收 began late
  I35  21          50          25 50
  I36  100         100         100
  I37  基本及时    及时        及时
  I38  16          22          16 22
  I39  112800      221350      112800 220000
  I40  52          93          50 90
  I41  100         100         100
  I42  3           7           3 7
  I43  100         100         100
  I44  4           8           6 8        behind at half
  I45  100         100         100
  I46  120         598         174 643    behind all year
  I47  基本及时    基本及时    及时
  I48  100         100         100
  I49  7000        7000        7000
  I50  健全        健全        健全
  I51  34          34          34
  I52  5312        4800        5300 4800
  I53  1           1           1
  I54  100         100         100
  I55  及时        及时        及时
  I56  及时        及时        及时
  I57  386         1042        500 1000
  I58  及时        及时        及时
  I59  及时        及时        及时
  I60  16          16          16
  I61  251600      452300      250835 450989
  I62  100         100         100
  I63  1           1           1
  I64  650         1150        650 1150
  I65  63500       145275      60000 145275
  I66  3           3           3
  I67  100         100         100
  I68  3           3           3
  I69  100         100         100
  I70  及时        及时        及时
  I71  1           1           1
  I72  300         600         300 600
  I73  100         100         100
  I74  100         100         100
  I75  100         96.4        100
  I76  100         100         100
  I77  100         100         100
  I78  完善        完善        完善
  I79  健全        健全        健全
  I80  健全        健全        健全
  I81  健全        健全        健全
`;

// fact, by 30 June, by 31 December; money in yuan
const FACTS = `
  establishment                35             35
  staff-in-post                34             35
  fixed-assets                 18653200.00    18921400.00
  fixed-assets-in-use          18653200.00    18921400.00
  procurement-budget           2600000.00     2600000.00
  procurement-planned          980000.00      2600000.00
  procurement-contracted       980000.00      2548000.00
  procurement-paid             731500.00      2401200.00
  non-tax-budget               12000000.00    12000000.00
  non-tax-planned              6000000.00     12000000.00
  non-tax-collected            6310000.00     12480000.00
  non-tax-refunded             100000.00      150000.00
  project-money-required       2045880100.00  2045880100.00
  project-money-covered        2045880100.00  2045880100.00
  projects-required            19             19
  projects-covered             19             19
  organisation-tasks-planned   12             24
  organisation-tasks-on-time   12             24
  training-tasks-planned       10             20
  training-tasks-on-time       10             20
`;

// indicator and the lines that pay for it
const LINKS = `
  I34 P17    I35 P17    I38 P13    I39 P13    I40 P05    I44 P19    I46 P19    I51 P08    I60 P02
  I61 P02    I63 P07    I64 P07    I65 P16    I66 P16    I68 P09    I71 P03    I72 P03
`;

/** Results and facts of both halves, and the links; recorded on the office day after each half. */
export function suzhouWork(): Entry[] {
  return [
    write('2024-03-05T10:12:44.310', {
      type: 'LinkIndicators',
      effectiveDate: civilDate('2024-01-01'),
      links: [...LINKS.matchAll(/(I\d+) (P\d+)/g)].map(([, indicator = '', line = '']) => ({
        indicator,
        lines: [line],
      })),
    }),
    write('2024-07-04T09:31:20.117', { type: 'RecordBaseFacts', checkpoint: 'half', facts: facts(HALF, 0) }),
    write('2024-07-04T10:02:51.604', { type: 'RecordResults', checkpoint: 'half', results: results(HALF, 0) }),
    write('2025-01-07T09:26:33.870', { type: 'RecordBaseFacts', checkpoint: 'annual', facts: facts(END, 1) }),
    write('2025-01-07T10:15:09.245', { type: 'RecordResults', checkpoint: 'annual', results: results(END, 1) }),
  ];
}

const CHECKPOINTS = ['06', '12'] as const;

const evidence = (half: 0 | 1): readonly Evidence[] => [
  { title: `${['上半年', '全年'][half]}工作台账（示例）`, document: { number: `示例台账〔2024〕${half + 1}号` } },
];

const rowsOf = (table: string): readonly (readonly string[])[] =>
  table
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/));

const results = (effectiveDate: CivilDate, half: 0 | 1): readonly NewResult[] =>
  rowsOf(WORK).map(([indicator = '', ...values]) => {
    const found = values[half] ?? '';
    return {
      effectiveDate,
      resultId: `JG${YEAR}-${CHECKPOINTS[half]}-${indicator}`,
      indicator,
      result: /^-?\d/.test(found) ? { value: found } : { text: found },
      evidence: evidence(half),
    };
  });

const facts = (effectiveDate: CivilDate, half: 0 | 1): readonly NewBaseFact[] =>
  rowsOf(FACTS).map(([name, ...values]) => {
    const fact = FACT_KINDS.find((kind) => kind === name);
    if (fact === undefined) throw new Error(`there is no base fact ${name}`);
    return {
      effectiveDate,
      factId: `JC${YEAR}-${CHECKPOINTS[half]}-${fact}`,
      fact,
      value: values[half] ?? '',
      evidence: evidence(half),
    };
  });
