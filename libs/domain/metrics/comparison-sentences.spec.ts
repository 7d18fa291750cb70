import { describe, expect, it } from '@jest/globals';
import { amountChanges, lineChanges, rateChanges } from '#domain/metrics/comparison.js';
import { type Compared, comparisonSentences, isTurned } from '#domain/metrics/comparison-sentences.js';
import { picture, ratioTarget, yuan } from '#domain/metrics/picture.fixture.js';
import { ALL, type Scope, quantities } from '#domain/metrics/quantities.js';
import { ratesReport } from '#domain/metrics/report.js';
import { type MovedSum, WHYS, whyMoved } from '#domain/metrics/why-moved.js';
import { BUDGET_EVENT_VERSIONS } from '#domain/budget/events.js';

const GENERAL_PUBLIC: Scope = { funds: ['general-public'], expenditure: 'all' };
const TARGETS = [ratioTarget('I09', 'execution-rate', '＝38%', '＝100%', GENERAL_PUBLIC)];
const books = (paid: string, asOf = '2024-06-30', more = '') =>
  picture(
    asOf,
    `P05 GP project original 19656600.00\nP05 GP project paid ${paid}\nP05 GP project planned 7508100.00\n${more}`,
  );

const JUNE = Date.parse('2024-06-30T23:59:59.999+08:00');
const JULY = Date.parse('2024-07-31T23:59:59.999+08:00');
const late: MovedSum = {
  why: 'entry',
  late: true,
  onlyIn: 'b',
  events: 1,
  amounts: [{ kind: 'paid', fen: yuan('148100.00') }],
};

function compared(
  before: ReturnType<typeof books>,
  after: ReturnType<typeof books>,
  {
    moved = [],
    known = [JUNE, JULY],
    seal,
  }: { moved?: readonly MovedSum[]; known?: readonly number[]; seal?: number } = {},
): Compared {
  return {
    a: { asOf: before.asOf, knownAt: known[0]!, ...(seal === undefined ? {} : { seal }) },
    b: { asOf: after.asOf, knownAt: known[1]! },
    totals: amountChanges(quantities(before, ALL), quantities(after, ALL)),
    lines: lineChanges(before, after).map((line) => ({ ...line, name: '征地和拆迁补偿' })),
    rates: rateChanges(ratesReport(before, TARGETS), ratesReport(after, TARGETS)),
    moved,
  };
}

describe('a late voucher', () => {
  const sentences = comparisonSentences(compared(books('7360000.00'), books('7508100.00'), { moved: [late] }));

  it('is told in Chinese', () =>
    expect(sentences.zh).toEqual([
      '截至 2024-06-30：预算执行率（一般公共预算资金）按 2024-06-30 所知 37.44%，按 2024-07-31 所知 38.20%，上升 0.76 个百分点。',
      '其间变动 1 笔：迟记入账 1 笔（执行数 +148,100.00 元）。',
      '合计：执行数由 7,360,000.00 元变为 7,508,100.00 元（+148,100.00 元）；可用余额由 12,296,600.00 元变为 12,148,500.00 元（−148,100.00 元）。',
      '涉及 1 个项目：P05 征地和拆迁补偿（执行数 +148,100.00 元）。',
      '判定有变：预算执行率（一般公共预算资金）由未达标变为达标。',
    ]));

  it('is told in English', () =>
    expect(sentences.en).toEqual([
      'As of 2024-06-30: Budget execution rate (general public budget) 37.44% as known on 2024-06-30, 38.20% as known on 2024-07-31, up 0.76 percentage points.',
      '1 event lies between them: 1 late entry (paid +148,100.00 yuan).',
      'Totals: paid from 7,360,000.00 yuan to 7,508,100.00 yuan (+148,100.00 yuan); available from 12,296,600.00 yuan to 12,148,500.00 yuan (−148,100.00 yuan).',
      '1 line moved: P05 征地和拆迁补偿 (paid +148,100.00 yuan).',
      'Verdicts turned: Budget execution rate (general public budget) from missed to met.',
    ]));
});

describe('the sentences of a comparison', () => {
  it('say that nothing moved', () => {
    const { zh, en } = comparisonSentences(compared(books('7360000.00'), books('7360000.00')));
    expect(zh.slice(0, 3)).toEqual([
      expect.stringContaining('没有变化'),
      '两者之间没有任何变动。',
      '合计金额没有变化。',
    ]);
    expect(en).toHaveLength(3);
    expect(en[0]).toContain('unchanged');
  });

  it('name both dates where they differ, and say what only the other has', () => {
    const backwards = compared(books('7508100.00', '2024-09-30'), books('7360000.00'), {
      moved: [{ ...late, late: false, onlyIn: 'a' }],
      known: [JULY, JUNE],
    });
    const { zh, en } = comparisonSentences(backwards);
    expect(zh[0]).toBe(
      '预算执行率（一般公共预算资金）：截至 2024-09-30 按 2024-07-31 所知 38.20%，截至 2024-06-30 按 2024-06-30 所知 37.44%，下降 0.76 个百分点。',
    );
    expect(zh[1]).toBe('其间变动 1 笔：不再计入的入账 1 笔（执行数 −148,100.00 元）。');
    expect(en[1]).toBe('1 event lies between them: 1 entry no longer counted (paid −148,100.00 yuan).');
    expect(en[0]).toContain('down 0.76 percentage points');
  });

  it('tell moments of one day apart by their time, and a seal by its number', () => {
    const known = [Date.parse('2024-07-05T06:30:00Z'), Date.parse('2024-07-05T06:30:01Z')];
    const { zh } = comparisonSentences(compared(books('1.00'), books('1.00'), { known }));
    expect(zh[0]).toContain('按 2024-07-05 14:30:00 所知');
    expect(zh[0]).toContain('按 2024-07-05 14:30:01 所知');
    const sealed = comparisonSentences(compared(books('1.00'), books('1.00'), { seal: 1 }));
    expect([sealed.zh[0], sealed.en[0]]).toEqual([
      expect.stringContaining('按第 1 次封存时所知'),
      expect.stringContaining('as known at seal 1'),
    ]);
  });

  it('put what came late first, and count each kind by itself', () => {
    const moved: MovedSum[] = [
      { why: 'entry', late: false, onlyIn: 'b', events: 3, amounts: [{ kind: 'paid', fen: yuan('9.00') }] },
      { why: 'correction', late: true, onlyIn: 'b', events: 2, amounts: [{ kind: 'paid', fen: yuan('0.00') }] },
      { why: 'plan', late: false, onlyIn: 'b', events: 1, amounts: [] },
    ];
    const { zh, en } = comparisonSentences(compared(books('1.00'), books('10.00'), { moved }));
    expect(zh[1]).toBe('其间变动 6 笔：迟记更正 2 笔；入账 3 笔（执行数 +9.00 元）；用款计划 1 笔。');
    expect(en[1]).toBe('6 events lie between them: 2 late corrections; 3 entries (paid +9.00 yuan); 1 payment plan.');
  });

  it('name the three lines that moved most', () => {
    const many = (amounts: readonly string[]) =>
      books('1.00', '2024-06-30', amounts.map((amount, n) => `L${n} GP project paid ${amount}`).join('\n'));
    const { zh, en } = comparisonSentences(compared(many([]), many(['1.00', '4.00', '3.00', '2.00'])));
    expect(zh[3]).toContain('涉及 4 个项目，变动最大的是 L1 ');
    expect(zh[3]).not.toContain('L0');
    expect(en[3]).toMatch(/^4 lines moved, most of all L1 .*, L2 .*, L3 /);
  });

  it('say that a rate has no figure', () => {
    const { zh, en } = comparisonSentences(compared(picture('2024-06-30', ''), books('1.00')));
    expect(zh[0]).toContain('不适用');
    expect(en[0]).toContain('not applicable');
  });
});

describe('a verdict', () => {
  const turned = (before: ReturnType<typeof books>, after: ReturnType<typeof books>) =>
    rateChanges(ratesReport(before, TARGETS), ratesReport(after, TARGETS))
      .filter(isTurned)
      .map(({ b }) => b?.metric);

  it('turns when the same target is met no more, or met at last', () => {
    expect(turned(books('7360000.00'), books('7508100.00'))).toEqual(['execution-rate']);
    expect(turned(books('7508100.00'), books('7360000.00'))).toEqual(['execution-rate']);
    expect(turned(books('7508100.00'), books('7508200.00'))).toEqual([]);
  });

  it('does not turn when another checkpoint is looked at', () =>
    expect(turned(books('7508100.00'), books('7508100.00', '2024-09-30'))).toEqual([]));
});

describe('why an event moved figures', () => {
  it('is known of every event but those that move none', () => {
    const unmoving = ['PeriodSealed', 'PeriodReopened', 'YearClosed', 'YearReopened'];
    for (const type of Object.keys(BUDGET_EVENT_VERSIONS)) {
      if (unmoving.includes(type)) expect(() => whyMoved(type)).toThrow('moves no figure');
      else expect(WHYS).toContain(whyMoved(type));
    }
    expect(() => whyMoved('constructor')).toThrow('moves no figure');
  });
});
