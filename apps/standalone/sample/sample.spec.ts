import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { BUDGET_EVENT_VERSIONS, type PaymentExecuted } from '#domain/budget/events.js';
import { budgetDecider, decide } from '#domain/budget/decide.js';
import { available, liveLine } from '#domain/budget/state.js';
import { civilDate, endOfShanghaiDay, shanghaiDate } from '#domain/calendar.js';
import { DIRECTORY_EVENT_VERSIONS } from '#domain/directory/events.js';
import type { Envelope } from '#domain/envelope.js';
import { ALL, lineQuantities, quantities, scopeKey, type Scope } from '#domain/metrics/quantities.js';
import { ratesReport } from '#domain/metrics/report.js';
import { formatWanYuan, formatYuan } from '#domain/money.js';
import { PERFORMANCE_EVENT_VERSIONS } from '#domain/performance/events.js';
import { createHandler } from '#event-store/handler.js';
import { importLog, logFileLine } from '#event-store/log-file.js';
import { createMemoryStore } from '#event-store/memory.js';
import { createMemoryProcesses, createMemoryProcessStore } from '#event-store/process/memory.js';
import { startProcesses } from '#event-store/process/runner.js';
import { booksOf, pictureOf, targetsOf, type Question } from '../../../test/golden/picture.js';
import { wan } from './office-days.js';
import { FORM_FILE, SAMPLE_FILE, sampleEvents, sampleText } from './sample.js';
import { SUZHOU } from './suzhou-plan.js';
import { INVENTED } from './units.js';
import { organisation } from './vouchers.js';

const GENERAL_PUBLIC: Scope = { funds: ['general-public'], expenditure: 'all' };
const half = civilDate('2024-06-30');
const yearEnd = civilDate('2024-12-31');
const atHalf: Question = { unit: SUZHOU, year: 2024, asOf: half };

let form: Uint8Array;
let events: readonly Envelope[];
beforeAll(async () => {
  form = await readFile(FORM_FILE);
  events = sampleEvents(form);
});

const of = (question: Question, metric: string, scope: Scope = ALL, log = events) => {
  const checkpoint = question.asOf <= half ? 'half' : 'annual';
  return ratesReport(pictureOf(log, question), targetsOf(log, question), { checkpoint }).find(
    (rate) => rate.metric === metric && scopeKey(rate.scope) === scopeKey(scope),
  );
};
const payments = (unit: string) =>
  events.filter(({ type, stream }) => type === 'PaymentExecuted' && stream.startsWith(`budget-${unit}`));

describe('the file', () => {
  it('is what the generator writes, byte for byte', async () => {
    // After a change: npm run build && node dist/apps/standalone/sample/write-sample.js
    expect((await readFile(SAMPLE_FILE, 'utf8')) === sampleText(form)).toBe(true);
  });

  it('is small', () => expect(Buffer.byteLength(sampleText(form))).toBeLessThan(1_200_000));

  it('is taken into an empty log, which then holds the same events', async () => {
    const store = createMemoryStore();
    const lines = (await readFile(SAMPLE_FILE, 'utf8')).split('\n');
    expect(await importLog(store, () => lines)).toEqual({ events: events.length });
    const stored = await store.readAll('start', 10_000);
    expect(stored.map(logFileLine)).toEqual(events.map(logFileLine));
    await store.close();
  });
});

describe('its closed year', () => {
  it('is of the first shape of a close, is folded as ever, and has nothing to carry over that is not there already', async () => {
    const store = createMemoryStore();
    await importLog(store, () => sampleText(form).split('\n'));
    const closes = events.filter(({ type }) => type === 'YearClosed');
    expect(closes.map(({ version }) => version)).toEqual([1, 1]);
    const handler = createHandler({ store });
    const { state } = await handler.load(`budget-${INVENTED}-2023`, budgetDecider(INVENTED, 2023));
    expect([state.closed?.closure, state.closed?.lots.length]).toEqual([2, 5]);
    const kept = createMemoryProcesses();
    const processes = createMemoryProcessStore(kept);
    const onError = (error: unknown) => {
      throw error;
    };
    const runner = await startProcesses({ store, handler, processes, onError });
    expect(await runner.waitFor(BigInt(events.length), 20_000)).toBe(true);
    await runner.stop();
    const outcomes = [...kept.entries.values()].map((entry) => [entry.year, entry.state, entry.written?.events]);
    expect(outcomes).toEqual([
      [2023, 'superseded', undefined],
      [2023, 'done', 0],
    ]);
    expect(await store.readAll('start', 10_000)).toHaveLength(events.length);
    await store.close();
  });
});

describe('what it holds', () => {
  it('shows every event there is', () => {
    const known = { ...BUDGET_EVENT_VERSIONS, ...PERFORMANCE_EVENT_VERSIONS, ...DIRECTORY_EVENT_VERSIONS };
    expect([...new Set(events.map(({ type }) => type))].sort()).toEqual(Object.keys(known).sort());
  });

  it('was recorded in order from 2023 to January 2025, on office days, never before the fact', () => {
    events.reduce((before, { recordedAt }) => (expect(recordedAt).toBeGreaterThanOrEqual(before), recordedAt), 0);
    for (const { recordedAt, effectiveDate } of events) {
      const day = shanghaiDate(recordedAt);
      expect(['2023', '2024', '2025']).toContain(day.slice(0, 4));
      expect([0, 6]).not.toContain(new Date(`${day}T00:00:00Z`).getUTCDay());
      expect(day >= effectiveDate).toBe(true);
    }
  });

  it('says of every payment that it is an example, and who recorded it', () => {
    for (const { data } of [...payments(SUZHOU), ...payments(INVENTED)]) {
      expect((data as PaymentExecuted['data']).purpose).toMatch(/（示例）$/);
    }
    expect([...new Set(events.map(({ meta }) => JSON.stringify(meta.actor)))]).toEqual([
      '{"id":"sample","name":"示例数据"}',
    ]);
  });

  it('repeats no id', () => expect(new Set(events.map(({ id }) => id)).size).toBe(events.length));
});

describe('the land reserve centre in 2024', () => {
  it('has the published plan', () => {
    const { lines } = booksOf(events, atHalf).state;
    const published = quantities(pictureOf(events, { ...atHalf, asOf: civilDate('2024-01-01') }), ALL);
    expect(lines.size).toBe(20);
    expect(formatWanYuan(published.original)).toBe('206142.24');
    expect(targetsOf(events, atHalf)).toHaveLength(81);
  });

  it('is 0.71 points short of ＝38 % at half', () => {
    expect(of(atHalf, 'execution-rate', GENERAL_PUBLIC)).toMatchObject({
      percent: '37.29',
      indicator: 'I09',
      verdict: 'missed',
      distance: '-0.71',
    });
    expect(of(atHalf, 'execution-rate')).toMatchObject({ percent: '42.77' });
    expect(of(atHalf, 'payment-progress')).toMatchObject({ percent: '96.87', verdict: 'missed' });
  });

  it('was two payments of June poorer as it was known on 30 June', () => {
    const then: Question = { ...atHalf, knownAt: endOfShanghaiDay(half) };
    expect(of(then, 'execution-rate', GENERAL_PUBLIC)).toMatchObject({ percent: '36.22' });
    expect(of(then, 'execution-rate')).toMatchObject({ percent: '41.57' });
    const late = payments(SUZHOU).filter(
      ({ effectiveDate, recordedAt }) => effectiveDate <= half && recordedAt > endOfShanghaiDay(half),
    );
    expect(late.map(({ data }) => (data as PaymentExecuted['data']).line)).toEqual(['P17', 'P14']);
  });

  it('meets ＝38 % once 100,000.00 yuan more are paid on P10 in June, for which there is money', () => {
    const { state } = booksOf(events, { ...atHalf, asOf: yearEnd });
    const line = liveLine(state, 'P10');
    expect(line && formatYuan(available(line.totals))).toBe('134000.00');
    const payment = {
      ...{ voucherNo: 'V-9001', effectiveDate: civilDate('2024-06-28'), line: 'P10', fen: wan('10') },
      ...{ payee: organisation('某维修公司'), purpose: '屋面维修' },
    };
    const decision = decide({ type: 'ExecutePayments', payments: [payment] }, state);
    if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
    const [paid] = decision.events;
    expect(paid?.data).toMatchObject({ overdrawn: false, beforeApproval: false });
    const last = events.at(-1) as Envelope;
    const log = [...events, { ...last, ...paid, stream: `budget-${SUZHOU}-2024` } as Envelope];
    expect(of(atHalf, 'execution-rate', GENERAL_PUBLIC, log)).toMatchObject({ percent: '37.80', verdict: 'met' });
  });

  it('ends at 97.39 %', () => {
    const atEnd = { ...atHalf, asOf: yearEnd };
    expect(of(atEnd, 'execution-rate')).toMatchObject({ percent: '97.39' });
    expect(of(atEnd, 'execution-rate', GENERAL_PUBLIC)).toMatchObject({ percent: '97.83' });
    expect(of(atEnd, 'adjustment-rate')).toMatchObject({ percent: '0.30', verdict: 'met' });
    expect(of(atEnd, 'adjustment-rate-all')).toMatchObject({ percent: '1.32' });
  });

  it('has one payment above what its line had, and its year is open', () => {
    const overdrawn = payments(SUZHOU).filter(({ data }) => (data as PaymentExecuted['data']).overdrawn);
    expect(overdrawn.map(({ data }) => (data as PaymentExecuted['data']).line)).toEqual(['P18']);
    const { state } = booksOf(events, { ...atHalf, asOf: yearEnd });
    expect(state.seals).toEqual([]);
    expect(state.closed).toBeUndefined();
    expect(payments(SUZHOU).length).toBe(385);
  });
});

describe('the invented unit', () => {
  const closed: Question = { unit: INVENTED, year: 2023, asOf: civilDate('2023-12-31') };
  const open: Question = { unit: INVENTED, year: 2024, asOf: yearEnd };

  it('closed 2023 twice: what is left is carried over or surplus by line and lot', () => {
    const { closed: close, seals } = booksOf(events, closed).state;
    expect(seals).toEqual(['2023-06-30']);
    expect(close?.closure).toBe(2);
    expect(close?.lots.map((lot) => [lot.line, lot.originYear, formatWanYuan(lot.fen), lot.class, lot.reason])).toEqual(
      [
        ['B02', 2023, '7.20', 'carry-over', 'unspent'],
        ['P01', 2023, '8.00', 'surplus', 'finished'],
        ['P02', 2023, '24.80', 'carry-over', 'unspent'],
        ['P03', 2022, '32.00', 'surplus', 'two-years'],
        ['P03', 2023, '40.00', 'carry-over', 'unspent'],
      ],
    );
  });

  it('brought forward what the second close carried over, and cites it', () => {
    const closing = events.filter(({ type }) => type === 'YearClosed').at(-1);
    const brought = events.filter(({ type, stream }) => type === 'CarryOverBroughtForward' && stream.endsWith('2024'));
    expect(brought.map(({ data }) => data)).toMatchObject(
      ['B02', 'P02', 'P03'].map((line) => ({
        line,
        source: { stream: closing?.stream, revision: closing?.revision, closure: 2 },
      })),
    );
  });

  it('can answer the questions that need codes and a year before', () => {
    expect(of(closed, 'execution-rate')).toMatchObject({ percent: '86.34' });
    expect(of(open, 'execution-rate')).toMatchObject({ percent: '93.53' });
    expect(of(open, 'running-cost-control')).toMatchObject({ percent: '93.95' });
    expect(of(open, 'three-public-change')).toMatchObject({ percent: '-8.33' });
    expect(of(open, 'carry-over-change')).toMatchObject({ percent: '-52.86' });
  });

  it('never shows a line below nothing at the end of a year', () => {
    for (const question of [closed, open]) {
      for (const [line, { available: left }] of lineQuantities(pictureOf(events, question))) {
        expect([line, left >= 0]).toEqual([line, true]);
      }
    }
  });
});
