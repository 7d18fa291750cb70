/** What a seal keeps: the same bytes for the same events, small enough to be stored, and where they differ when they do. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import type { BudgetCommand } from '#domain/budget/commands.js';
import { REPORT_BYTES } from '#domain/budget/rules.js';
import {
  add,
  adjust,
  approved,
  cut,
  on,
  openLine,
  pay,
  plan,
  returnPayment,
  reversePayment,
  yuan,
} from '#domain/budget/specification.js';
import { budgetDecider, budgetStream, decide } from '#domain/budget/decide.js';
import { civilDate } from '#domain/calendar.js';
import { METRICS } from '#domain/metrics/registry.js';
import { differences } from '#domain/metrics/reproduction.js';
import type { LinesReport, RatesReport } from '#domain/metrics/sealed-report.js';
import { ratioTarget } from '#domain/metrics/picture.fixture.js';
import { performanceDecider, performanceStream } from '#domain/performance/decide.js';
import { createHandler } from './handler.js';
import { createMemoryStore } from './memory.js';
import type { EventStore } from './port.js';
import {
  digestOfText,
  keptOf,
  openSources,
  readSources,
  reportTexts,
  StreamDamaged,
  type KeptText,
} from './reports.js';

const OF = { unit: 'U1', year: 2024, asOf: civilDate('2024-06-30') };
const EVERYTHING = () => Infinity;

let commands = 0;
async function book(store: EventStore, year: number, ...booked: readonly BudgetCommand[]): Promise<void> {
  const handler = createHandler({ store });
  const meta = () => ({
    commandId: `00000000-0000-4000-8000-${String((commands += 1)).padStart(12, '0')}`,
    actor: { id: 'spec' },
  });
  const outcomes = await Promise.all(
    booked.map((command) =>
      handler.handle(budgetStream('U1', year), budgetDecider('U1', year), command, { meta: meta() }),
    ),
  );
  for (const outcome of outcomes) if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
}

async function approveTargets(store: EventStore): Promise<void> {
  const command = {
    type: 'ApproveTargets',
    effectiveDate: civilDate('2024-01-20'),
    indicators: [
      ratioTarget('I08', 'execution-rate', '＝38%', '＝100%', { funds: ['general-public'], expenditure: 'all' }),
    ],
  } as const;
  const meta = { commandId: '00000000-0000-4000-9000-000000000000', actor: { id: 'spec' } };
  await createHandler({ store }).handle(performanceStream('U1', 2024), performanceDecider(2024), command, { meta });
}

const YEAR_2024 = [
  approved({
    B01: { amount: '1000.00', name: '人员经费', expenditure: 'basic', halfYearPlanFen: yuan('400.00') },
    P01: { amount: '500.00', name: '培训费', fund: 'government-funds' },
  }),
  pay('V1', 'B01', '382.00'),
  adjust('A1', [add('P01', '20.00')]),
  pay('V2', 'P01', '99.99', on('07-01')),
];

async function stored(store = createMemoryStore({ clock: () => 1_720_000_000_000 })): Promise<EventStore> {
  await book(store, 2023, approved({ B01: '900.00' }, on('2023-01-01')));
  await book(store, 2024, ...YEAR_2024);
  await approveTargets(store);
  return store;
}

const linesOf = (reports: readonly KeptText[]): readonly LinesReport[] =>
  reports.filter(({ kind }) => kind === 'lines').map((report) => JSON.parse(report.canonicalJson) as LinesReport);
const ratesOf = (reports: readonly KeptText[]): readonly RatesReport[] =>
  reports.filter(({ kind }) => kind === 'rates').map((report) => JSON.parse(report.canonicalJson) as RatesReport);

describe('the reports of a small year', () => {
  it('are these bytes for ever', async () => {
    const reports = reportTexts(await readSources(await stored(), OF, EVERYTHING), ['execution-rate']);
    const line = (name: string) => reports.find(({ kind }) => kind === name)?.canonicalJson;
    // Stored seals are compared with what the program makes: a change here is a new version of the form.
    expect(line('lines')).toBe(
      '{"approved":true,"checkpoint":"half","columns":["line","name","expenditure","fund","original","carryOverIn","added",' +
        '"cut","transferredIn","transferredOut","current","frozen","requested","paid","takenBack","available","planned",' +
        '"plannedAssumed"],"form":"sealed-lines","money":"fen","part":1,"parts":1,"rows":[' +
        '["B01","人员经费","basic","general-public",100000,0,0,0,0,0,100000,0,0,38200,0,61800,40000,false],' +
        '["P01","培训费","project","government-funds",50000,0,2000,0,0,0,52000,0,0,0,0,52000,25858,true]],' +
        '"streams":[{"revision":5,"stream":"budget-U1-2024"}],"through":"2024-06-30","totals":[' +
        '{"amounts":[150000,0,2000,0,0,0,152000,0,0,38200,0,113800,65858],"expenditure":"all","funds":"all"},' +
        '{"amounts":[100000,0,0,0,0,0,100000,0,0,38200,0,61800,40000],"expenditure":"basic","funds":"all"},' +
        '{"amounts":[50000,0,2000,0,0,0,52000,0,0,0,0,52000,25858],"expenditure":"project","funds":"all"},' +
        '{"amounts":[100000,0,0,0,0,0,100000,0,0,38200,0,61800,40000],"expenditure":"all","funds":["general-public"]},' +
        '{"amounts":[50000,0,2000,0,0,0,52000,0,0,0,0,52000,25858],"expenditure":"all","funds":["government-funds"]}],' +
        '"unit":"U1","version":1,"year":2024}',
    );
    expect(line('rates')).toBe(
      '{"approved":true,"checkpoint":"half","form":"sealed-rates","formulas":[{"metric":"execution-rate","version":1}],' +
        '"money":"yuan","part":1,"parts":1,"rates":[' +
        '{"denominator":"1520.00","metric":"execution-rate","numerator":"382.00","percent":"25.13",' +
        '"scope":{"expenditure":"all","funds":"all"},"status":"OK","version":1},' +
        '{"denominator":"1000.00","distance":"0.20","indicator":"I08","metric":"execution-rate","numerator":"382.00",' +
        '"percent":"38.20","scope":{"expenditure":"all","funds":["general-public"]},"status":"OK",' +
        '"target":{"checkpoint":"half","comparator":"=","value":"38"},"verdict":"met","version":1}],' +
        '"streams":[{"revision":5,"stream":"budget-U1-2024"},{"revision":0,"stream":"performance-U1-2024"},' +
        '{"revision":1,"stream":"budget-U1-2023"}],"through":"2024-06-30","unit":"U1","version":1,"year":2024}',
    );
  });

  it('have the digests of their bytes', async () => {
    for (const { canonicalJson, sha256 } of reportTexts(await readSources(await stored(), OF, EVERYTHING))) {
      expect(sha256).toBe(createHash('sha256').update(Buffer.from(canonicalJson)).digest('hex'));
    }
  });

  it('rest on the revisions that they cite, whatever came after', async () => {
    const store = await stored();
    const before = keptOf(await readSources(store, OF, EVERYTHING));
    await book(store, 2024, pay('V3', 'B01', '1.00'), plan('P01', Array<string>(12).fill('500.00')));
    await book(store, 2023, pay('V1', 'B01', '1.00', on('2023-05-01')));
    const cited = new Map(before.streams.map(({ stream, revision }) => [stream, revision]));
    expect(keptOf(await readSources(store, OF, (stream) => cited.get(stream) ?? -1))).toEqual(before);
    expect(keptOf(await readSources(store, OF, EVERYTHING)).reports).not.toEqual(before.reports);
  });

  it('are the same in another store, at another time and between other events', async () => {
    const other = createMemoryStore({ clock: () => 1 });
    await book(other, 2022, approved({ B01: '1.00' }, on('2022-01-01')));
    await stored(other);
    const reportsIn = async (store: EventStore) => keptOf(await readSources(store, OF, EVERYTHING)).reports;
    expect(await reportsIn(other)).toEqual(await reportsIn(await stored()));
  });

  it('of a year without any event are there, and empty', async () => {
    const reports = keptOf(await readSources(createMemoryStore(), OF, EVERYTHING)).reports;
    expect(linesOf(reports)).toMatchObject([{ approved: false, rows: [], streams: [] }]);
    expect(ratesOf(reports)[0]?.rates).toHaveLength(METRICS.length);
  });
});

describe('equal streams', () => {
  const history = fc.array(
    fc.oneof(
      fc.tuple(fc.constantFrom('01-05', '05-31', '07-01'), fc.integer({ min: 1, max: 90_000 })).map(
        ([date, cents]) =>
          (n: number) =>
            pay(
              `V${n}`,
              n % 2 === 0 ? 'A' : 'B',
              `${cents / 100}`.includes('.') ? (cents / 100).toFixed(2) : `${cents / 100}.00`,
              on(date),
            ),
      ),
      fc.constant((n: number) => adjust(`A${n}`, [cut('A', '0.01')], on('06-01'))),
      fc.constant((n: number) => returnPayment(`R${n}`, `V${n - 1}`, '0.01', on('07-02'))),
      fc.constant((n: number) => reversePayment(`V${n - 2}`, on('07-03'))),
      fc.constant((n: number) => openLine(`L${n}`)),
    ),
    { maxLength: 40 },
  );

  it('give equal bytes, however they come in', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 7 }), async (made, size) => {
        const accepted: BudgetCommand[] = [];
        const state = budgetDecider('U1', 2024).initialState();
        for (const command of [approved({ A: '500.00', B: '500.00' }), ...made.map((of, index) => of(index))]) {
          const decision = decide(command, state);
          if (!decision.accepted || decision.events.length === 0) continue;
          accepted.push(command);
          for (const event of decision.events) budgetDecider('U1', 2024).evolve(state, event);
        }
        const [one, other] = [createMemoryStore(), createMemoryStore({ clock: () => 7 })];
        for (const command of accepted) await book(one, 2024, command);
        for (let from = 0; from < accepted.length; from += size)
          await book(other, 2024, ...accepted.slice(from, from + size));
        const [a, b] = [await readSources(one, OF, EVERYTHING), await readSources(other, OF, EVERYTHING)];
        expect(reportTexts(b)).toEqual(reportTexts(a));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a plan of 2,000 lines with long numbers', () => {
  const line = (index: number, name: string) => ({
    amount: `${1_000_000_000 + index}.99`,
    name,
    halfYearPlanFen: yuan('987654321.98'),
  });
  const linesNamed = (name: string) =>
    Object.fromEntries(
      Array.from({ length: 2_000 }, (_, index) => [`P-2024-0000-${10_000 + index}`, line(index, name)]),
    );
  /** What one append of the seal would hold: the texts once more as JSON. */
  const bytesOf = (reports: readonly KeptText[]) => Buffer.byteLength(JSON.stringify(reports));

  const reportsOf = (name: string): readonly KeptText[] => {
    const { take, sources } = openSources(OF);
    const decision = decide(approved(linesNamed(name)), budgetDecider('U1', 2024).initialState());
    if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
    decision.events.forEach((event, revision) =>
      take({ ...event, stream: budgetStream('U1', 2024), revision, version: 1, recordedAt: 0 } as never),
    );
    return keptOf(sources()).reports;
  };

  it('fits in parts, which together are all lines in their order', () => {
    const reports = reportsOf('城乡基础设施维护改造专项');
    const parts = linesOf(reports);
    expect(reports.map(({ kind, scope }) => `${kind} ${scope}`)).toEqual([
      ...parts.map((_, index) => `lines part-${index + 1}-of-${parts.length}`),
      'rates all',
    ]);
    expect(parts.length).toBeGreaterThan(1);
    for (const { canonicalJson } of reports) expect(Buffer.byteLength(canonicalJson)).toBeLessThanOrEqual(REPORT_BYTES);
    expect(parts.map(({ part, parts: of }) => [part, of])).toEqual(parts.map((_, index) => [index + 1, parts.length]));
    expect(parts.flatMap(({ rows }) => rows.map(([id]) => id))).toEqual(Object.keys(linesNamed('')));
    expect(new Set(parts.map(({ totals }) => JSON.stringify(totals))).size).toBe(1);
    expect(bytesOf(reports)).toBeLessThan(950_000);
  });

  it('goes without the names when they are too long, and says so by its columns', () => {
    const reports = reportsOf('长'.repeat(200));
    expect(linesOf(reports)[0]?.columns.slice(0, 3)).toEqual(['line', 'expenditure', 'fund']);
    expect(bytesOf(reports)).toBeLessThan(950_000);
  });
});

describe('what does not come out the same', () => {
  it('is told by figure, in yuan', async () => {
    const store = await stored();
    const kept = reportTexts(await readSources(store, OF, EVERYTHING));
    await book(store, 2024, pay('V3', 'B01', '1.00'), openLine('N'));
    const made = reportTexts(await readSources(store, OF, EVERYTHING));
    const found = differences(parsed(kept), made);
    expect(found).toContainEqual({ code: 'FIGURE_DIFFERS', where: 'lines B01 paid', sealed: '382.00', now: '383.00' });
    expect(found).toContainEqual({
      code: 'FIGURE_DIFFERS',
      where: 'rates execution-rate general-public/all I08 percent',
      sealed: '38.20',
      now: '38.30',
    });
    expect(found).toContainEqual({ code: 'FIGURE_DIFFERS', where: 'lines N name', sealed: null, now: 'Line N' });
    expect(found.map(({ where }) => where)).not.toContain('lines P01 paid');
    expect(differences(parsed(made), made)).toEqual([]);
  });

  it('is laid to the formula where that has another version now', async () => {
    const made = reportTexts(await readSources(await stored(), OF, EVERYTHING));
    const [lines, rates] = parsed(made);
    const older = structuredClone(rates!.value) as {
      formulas: { version: number }[];
      rates: { percent: string | null }[];
    };
    older.formulas[0]!.version = 0;
    older.rates[0]!.percent = '12.00';
    expect(differences([lines!, { ...rates!, value: older }], made)).toEqual([
      { code: 'FORMULA_VERSION_CHANGED', where: 'execution-rate', sealed: '0', now: '1' },
    ]);
  });

  it('is not looked for in a form that is not known', async () => {
    const made = reportTexts(await readSources(await stored(), OF, EVERYTHING));
    const [lines, rates] = parsed(made);
    const later = { ...lines!, value: { ...(lines!.value as object), version: 9 } };
    expect(differences([later, rates!], made)).toContainEqual({
      code: 'FORM_UNKNOWN',
      where: 'lines all',
      sealed: 'sealed-lines 9',
      now: null,
    });
  });

  const parsed = (reports: readonly KeptText[]) =>
    reports.map(({ kind, scope, canonicalJson }) => ({ kind, scope, value: JSON.parse(canonicalJson) as unknown }));
});

it('a log whose events cannot follow each other is damaged, and where is said', () => {
  const { take } = openSources(OF);
  const event = { stream: budgetStream('U1', 2024), revision: 3, type: 'PaymentReversed', version: 1, recordedAt: 0 };
  const data = { voucherNo: 'V9', reason: 'never booked' };
  expect(() => take({ ...event, effectiveDate: OF.asOf, data } as never)).toThrow(StreamDamaged);
  expect(() => take({ ...event, effectiveDate: OF.asOf, data } as never)).toThrow(/revision 3/);
  expect(digestOfText('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

it('a damaged performance table is told like damaged books, by stream and revision', () => {
  const { take } = openSources(OF);
  const event = { stream: performanceStream('U1', 2024), revision: 7, type: 'ResultWithdrawn', version: 1 };
  const data = { resultId: 'R9', reason: 'never recorded' };
  const broken = () => take({ ...event, recordedAt: 0, effectiveDate: OF.asOf, data } as never);
  expect(broken).toThrow(StreamDamaged);
  expect(broken).toThrow('performance-U1-2024: the event at revision 7');
});
