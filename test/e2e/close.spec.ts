/** From the close of a year to the next: preview, carry-over, several years, and what happens when something is in the way. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { budgetDecider, budgetStream } from '#domain/budget/decide.js';
import { civilDate } from '#domain/calendar.js';
import { createHandler } from '#event-store/handler.js';
import { openPostgresStore } from '#event-store/postgres/store.js';
import { createLogger } from '#platform/logging.js';
import { listenOnLoopback } from '#platform/http.js';
import { createSystem } from '../../apps/standalone/system.js';
import { createDatabase } from '../support/postgres.js';
import { approvePlan, payment, startTestSystem, UNIT_YEAR, type TestSystem } from '../support/system.js';

const yearOf = (year: number, unit = 'T1') => `/api/v1/units/${unit}/years/${year}`;

/** A write that must succeed, on the revision that the books have. */
async function write(system: TestSystem, path: string, body: object): Promise<any> {
  const year = /^(.*\/years\/\d+)/.exec(path)?.[1] ?? '';
  const plan = await system.get(`${year}/payment-plan`);
  const revision = plan.headers.get('stream-revision') ?? 'none';
  const first = await system.send('POST', path, body, { headers: { 'if-match': `"${revision}"` } });
  // The reports may be a moment behind.
  const answer =
    first.status === 412
      ? await system.send('POST', path, body, { headers: { 'if-match': `"${first.body.revision}"` } })
      : first;
  if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Closes a year and waits for what it causes. */
async function close(system: TestSystem, year: number, more: object = {}, unit = 'T1'): Promise<any> {
  const answer = await write(system, `${yearOf(year, unit)}/close`, { effectiveDate: `${year}-12-31`, ...more });
  return (await system.get(`/api/v1/processes?unit=${unit}&year=${year}&atLeast=${answer.position}`)).body;
}

/** Original, carry-over in and paid of each line that has anything. */
async function lines(system: TestSystem, year: number, unit = 'T1'): Promise<Record<string, string>> {
  const { through } = (await system.get('/api/v1/processes')).body;
  const { body } = await system.get(`${yearOf(year, unit)}/lines?checkpoint=annual&atLeast=${through}`);
  return Object.fromEntries(
    body.lines.map((line: any) => [
      line.line,
      `${line.name}: ${line.original} + ${line.carryOverIn}, paid ${line.paid}`,
    ]),
  );
}

describe('closing a year', () => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem();
    await approvePlan(system, { P1: '100.00', P2: '50.00', P3: '20.00' });
    await write(system, `${UNIT_YEAR}/payments`, payment('V1', 'P1', '70.00'));
    const request = { requestId: 'R1', effectiveDate: '2024-11-01', line: 'P2', amount: '5.00', purpose: '货款' };
    await write(system, `${UNIT_YEAR}/payment-requests`, {
      ...request,
      payee: { name: '某公司', kind: 'organisation' },
    });
  });
  afterAll(() => system.stop());

  const body = {
    effectiveDate: '2024-12-31',
    surplus: [{ line: 'P3', reason: 'finished' }],
    lots: [{ line: 'P2', toLine: 'P9' }],
  };

  it('is shown before, also while something blocks it, and writes nothing', async () => {
    const before = await system.events();
    const answer = await system.send('POST', `${UNIT_YEAR}/close?dryRun=true`, body);
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'OPEN_REQUESTS', faults: [{ requests: [{ requestId: 'R1', amount: '5.00' }] }] },
    });
    expect(answer.body.preview).toMatchObject({
      year: 2024,
      closure: 1,
      nextYear: 2025,
      lots: [
        {
          line: 'P1',
          name: '项目 P1',
          originYear: 2024,
          amount: '30.00',
          class: 'carry-over',
          reason: 'unspent',
          toLine: 'P1',
          opens: true,
          existing: '0.00',
          difference: '30.00',
        },
        { line: 'P2', amount: '50.00', toLine: 'P9', opens: true },
        { line: 'P3', amount: '20.00', class: 'surplus', reason: 'finished' },
      ],
      withdrawn: [],
      totals: { unspent: '100.00', carryOver: '80.00', surplus: '20.00', existing: '0.00', difference: '80.00' },
      warnings: [{ code: 'TARGET_LINE_OPENED', line: 'P2', toLine: 'P9', message: expect.any(String) }],
    });
    expect(answer.body.preview.lots[2]).not.toHaveProperty('toLine');
    expect(await system.events()).toBe(before);
  });

  it('opens the next year, in the name of whoever closed', async () => {
    const cancel = { effectiveDate: '2024-12-30' };
    await write(system, `${UNIT_YEAR}/payment-requests/R1/cancellation`, cancel);
    const trial = await system.send('POST', `${UNIT_YEAR}/close?dryRun=true`, body);
    expect(trial).toMatchObject({ status: 200, body: { dryRun: true, preview: { totals: { carryOver: '80.00' } } } });
    const processes = await close(system, 2024, body);
    expect(processes).toMatchObject({
      entries: [
        {
          rule: 'carry-forward',
          state: 'done',
          attempts: 1,
          cause: { type: 'YearClosed', stream: 'budget-T1-2024' },
          target: { unit: 'T1', year: 2025, stream: 'budget-T1-2025' },
          written: { revision: 3, events: 4 },
        },
      ],
    });
    expect(await lines(system, 2025)).toEqual({
      P1: '项目 P1: 0.00 + 30.00, paid 0.00',
      P9: '项目 P2: 0.00 + 50.00, paid 0.00',
    });
    const { entries } = (await system.get(`${yearOf(2025)}/history`)).body;
    expect(entries.at(-1).sentence).toBe(
      '2025-01-01 转入 2024 年结转资金 50.00 元 至 P9 项目 P2（原项目 P2，结转号 JZ2025-P2-2024，2024 年第 1 次结账）。' +
        `记录人 spec，记录日期 ${entries.at(-1).recordedAt.slice(0, 10)}。`.replace(/\d{4}-\d\d-\d\d/, shanghaiToday()),
    );
  });

  it('a second time shows what it would change, and refuses a line of another fund', async () => {
    await write(system, `${UNIT_YEAR}/reopenings`, { kind: 'year', effectiveDate: '2024-12-31', reason: '漏记' });
    await write(system, `${UNIT_YEAR}/payments`, payment('V2', 'P1', '10.00', '2024-12-30'));
    const fund = 'government-funds';
    const open = { line: 'F1', name: '基金项目', expenditure: 'project', fund };
    await write(system, `${yearOf(2025)}/lines`, { effectiveDate: '2025-01-01', lines: [open] });
    const wrong = { effectiveDate: '2024-12-31', lots: [{ line: 'P1', toLine: 'F1' }] };
    expect(await system.send('POST', `${UNIT_YEAR}/close?dryRun=true`, wrong)).toMatchObject({
      status: 409,
      body: { code: 'TARGET_LINE_DIFFERS', faults: [{ pointer: '/lots/0/toLine', toLine: 'F1', toFund: fund }] },
    });
    const trial = await system.send('POST', `${UNIT_YEAR}/close?dryRun=true`, { effectiveDate: '2024-12-31' });
    expect(trial.body.preview).toMatchObject({
      closure: 2,
      lots: [
        { line: 'P1', amount: '20.00', toLine: 'P1', opens: false, existing: '30.00', difference: '-10.00' },
        { line: 'P2', amount: '50.00', toLine: 'P9', opens: false, existing: '50.00', difference: '0.00' },
        { line: 'P3', amount: '20.00', toLine: 'P3', opens: true, existing: '0.00', difference: '20.00' },
      ],
      totals: { existing: '80.00', difference: '10.00' },
    });
    const { entries } = await close(system, 2024);
    expect(entries.map(({ state }: any) => state)).toEqual(['done', 'done']);
    expect(await lines(system, 2025)).toMatchObject({
      P1: '项目 P1: 0.00 + 20.00, paid 0.00',
      P3: '项目 P3: 0.00 + 20.00, paid 0.00',
    });
  });

  it('names no date of the next year when the whole year is sealed', async () => {
    const seal = { effectiveDate: '2025-12-31', through: '2025-12-31', reason: '封存' };
    await write(system, `${yearOf(2025)}/seals`, seal);
    const refused = await system.send('POST', `${yearOf(2025)}/payments`, payment('W1', 'P1', '1.00', '2025-03-01'));
    expect(refused).toMatchObject({ status: 409, body: { code: 'PERIOD_SEALED' } });
    expect(refused.body.faults[0]).not.toHaveProperty('firstOpenDate');
    expect(refused.body.detail).toContain('the whole year is sealed');
  });

  it('lists what it caused, page by page', async () => {
    const first = (await system.get('/api/v1/processes?limit=1&state=done')).body;
    expect(first.entries).toMatchObject([{ state: 'done' }]);
    const second = (await system.get(`/api/v1/processes?limit=1&state=done&cursor=${first.next}`)).body;
    expect(second.entries).toHaveLength(1);
    expect(second).not.toHaveProperty('next');
    expect(second.entries[0].id).not.toBe(first.entries[0].id);
    expect(await system.get('/api/v1/processes?state=maybe&limit=0')).toMatchObject({ status: 400 });
    expect(await system.send('POST', `/api/v1/processes/${randomUUID()}/retry`, {})).toMatchObject({
      status: 404,
      body: { code: 'UNKNOWN_PROCESS' },
    });
  });
});

const shanghaiToday = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

describe('three years from their tables, without line codes', () => {
  const UNIT = 'U0001';
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem();
  });
  afterAll(() => system.stop());

  const total = (amounts: readonly number[]) => String(amounts.reduce((left, amount) => left + amount, 0));
  /** A table of general public budget; amounts in yuan, those printed include `carryOver`. */
  function table(year: number, printed: Readonly<Record<string, number>>, carryOver = 0, split?: readonly object[]) {
    const amounts = ([name, annual]: [string, number]) => ({ name, half: '0', annual: String(annual) });
    const { 基本支出: basic = 0, ...projects } = printed;
    const own = Number(total(Object.values(printed))) - carryOver;
    const income = { total: String(own + carryOver), appropriation: String(own), 'general-public': String(own) };
    const none = { 'government-funds': '0', 'special-account': '0', 'state-capital': '0', 'social-insurance': '0' };
    return {
      form: '部门整体预算绩效目标表',
      version: 1,
      title: '某市市级部门整体预算绩效目标表',
      year,
      unit: { name: '某市档案馆' },
      amountUnit: '元',
      income: { ...income, ...none, 'carry-over': String(carryOver), other: '0' },
      basic: { half: '0', annual: String(basic) },
      project: { half: '0', annual: total(Object.values(projects)) },
      lines: [
        { ...amounts(['基本支出', basic]), expenditure: 'basic' },
        ...Object.entries(projects).map((entry) => ({ ...amounts(entry), expenditure: 'project' })),
      ],
      ...(split === undefined ? {} : { carryOverByLine: split }),
      indicators: [{ level1: '决策', level2: '计划制定', level3: '工作计划制定健全性', half: '健全', annual: '健全' }],
    };
  }

  async function preview(form: object): Promise<any> {
    const { status, body } = await system.send('POST', '/api/v1/imports', form);
    expect(status).toBe(201);
    return body;
  }

  async function book(form: object): Promise<any> {
    const shown = await preview(form);
    expect(shown.problems).toEqual([]);
    const headers = { 'if-match': `"${shown.fingerprint}"` };
    const { body } = await system.send('POST', `/api/v1/imports/${shown.id}/confirmation`, {}, { headers });
    expect(body).toMatchObject({ state: 'booked', left: 0 });
    return shown;
  }

  const pay = (year: number, line: string, amount: string, voucherNo = `V-${year}-${line}`, day = '11-30') =>
    write(system, `${yearOf(year, UNIT)}/payments`, payment(voucherNo, line, amount, `${year}-${day}`));

  it('2023: close it with 30 left of 维修 and 5 of 基本支出', async () => {
    await book(table(2023, { 基本支出: 50, 设备: 40, 维修: 100 }));
    await pay(2023, 'B01', '45.00');
    await pay(2023, 'P01', '40.00');
    await pay(2023, 'P02', '70.00');
    expect((await close(system, 2023, {}, UNIT)).entries).toMatchObject([{ state: 'done' }]);
    expect(await lines(system, 2024, UNIT)).toEqual({
      B01: '基本支出: 0.00 + 5.00, paid 0.00',
      P02: '维修: 0.00 + 30.00, paid 0.00',
    });
  });

  it('2024: the table finds the lines that the close opened, and its printed carry-over there', async () => {
    const printed = { 基本支出: 65, 维修: 90, 培训: 20 };
    const twice = [{ line: 'P01', originYear: 2023, amount: '30' }];
    const shown = await preview(table(2024, printed, 35, twice));
    expect(shown.problems).toEqual([]);
    const wrong = await preview(table(2024, printed, 35, [{ line: 'P01', originYear: 2023, amount: '29' }]));
    expect(wrong.problems).toMatchObject([{ code: 'CARRY_OVER_BOOKED_DIFFERS', booked: '30.00', found: '29.00' }]);
    const less = await preview(table(2024, printed, 34));
    expect(less.problems).toMatchObject([{ code: 'CARRY_OVER_TOTAL_DIFFERS', printed: '34.00', split: '35.00' }]);
    await book(table(2024, printed, 35, twice));
    // 培训 stands second: its own number is that of 维修, so it gets the next one above the table.
    expect(await lines(system, 2024, UNIT)).toEqual({
      B01: '基本支出: 60.00 + 5.00, paid 0.00',
      P02: '维修: 60.00 + 30.00, paid 0.00',
      P04: '培训: 20.00 + 0.00, paid 0.00',
    });
    expect(await preview(table(2024, printed, 35, twice))).toMatchObject({ repeats: 3, differences: [], problems: [] });
  });

  it('2024: close it; money of 2023 that is still there is surplus, but for basic expenditure', async () => {
    await pay(2024, 'P02', '20.00');
    await pay(2024, 'P04', '15.00');
    const { entries } = await close(system, 2024, {}, UNIT);
    expect(entries).toMatchObject([{ state: 'done' }]);
    // 2025: basic 5 of 2023 and 60 of 2024; 维修 60 of 2024, while 10 of 2023 are surplus; 培训 5.
    expect(await lines(system, 2025, UNIT)).toEqual({
      B01: '基本支出: 0.00 + 65.00, paid 0.00',
      P02: '维修: 0.00 + 60.00, paid 0.00',
      P04: '培训: 0.00 + 5.00, paid 0.00',
    });
  });

  it('2025: a table that prints no carry-over is older than the close, and is taken as printed', async () => {
    const shown = await book(table(2025, { 基本支出: 70, 维修: 10, 档案: 7 }));
    expect(shown.notes).toMatchObject([{ code: 'CARRY_OVER_NOT_PRINTED', booked: '130.00' }]);
    expect(await lines(system, 2025, UNIT)).toEqual({
      B01: '基本支出: 70.00 + 65.00, paid 0.00',
      P02: '维修: 10.00 + 60.00, paid 0.00',
      P04: '培训: 0.00 + 5.00, paid 0.00',
      P05: '档案: 7.00 + 0.00, paid 0.00',
    });
  });

  it('2023 reopened for a forgotten payment and closed again: 2024, which is closed, refuses the difference', async () => {
    const why = { kind: 'year', effectiveDate: '2023-12-31', reason: '漏记一笔' };
    await write(system, `${yearOf(2023, UNIT)}/reopenings`, why);
    await pay(2023, 'P02', '12.00', 'V-2023-late', '12-28');
    expect((await lines(system, 2024, UNIT))['P02']).toBe('维修: 60.00 + 30.00, paid 20.00');
    const trial = await system.send('POST', `${yearOf(2023, UNIT)}/close?dryRun=true`, { effectiveDate: '2023-12-31' });
    expect(trial.body.preview.warnings).toMatchObject([{ code: 'NEXT_YEAR_CLOSED', year: 2024 }]);
    const { entries } = await close(system, 2023, {}, UNIT);
    expect(entries).toMatchObject([
      {
        state: 'refused',
        attempts: 1,
        rejection: { code: 'YEAR_CLOSED', detail: '2024 is closed; reopen the year first, or book in an open one' },
      },
      { state: 'done' },
    ]);
    const retried = await system.send('POST', `/api/v1/processes/${entries[0].id}/retry`, {});
    expect(retried).toMatchObject({ status: 200, body: { state: 'refused', attempts: 2 } });
  });

  it('and takes it after it was reopened; its own second close passes the difference on', async () => {
    const why = { kind: 'year', effectiveDate: '2024-12-31', reason: '上年结转变动' };
    await write(system, `${yearOf(2024, UNIT)}/reopenings`, why);
    const [refused] = (await system.get(`/api/v1/processes?state=refused&unit=${UNIT}`)).body.entries;
    const retried = await system.send('POST', `/api/v1/processes/${refused.id}/retry`, {});
    expect(retried).toMatchObject({ status: 200, body: { state: 'done', attempts: 3, written: { events: 1 } } });
    const { position } = retried.body.written;
    const history = (await system.get(`${yearOf(2024, UNIT)}/history?limit=1000&atLeast=${position}`)).body.entries;
    expect(history.at(-1)).toMatchObject({
      type: 'CarryOverRevised',
      sentence: expect.stringContaining(
        '结转号 JZ2024-P02-2023 的结转资金由 30.00 元 改为 18.00 元，原因：2023年度第2次结账',
      ),
    });
    // 2 of 2023 less were there: 20 paid take 18 of 2023 and 2 of 2024, so that 58 of 2024 go on and none are surplus.
    await close(system, 2024, {}, UNIT);
    expect((await lines(system, 2025, UNIT))['P02']).toBe('维修: 10.00 + 58.00, paid 0.00');
    expect((await system.get(`/api/v1/processes?state=refused`)).body.entries).toEqual([]);
  });
});

describe('the description of the whole system', () => {
  it('is valid OpenAPI 3.1 and has the preview of a close and the processes', async () => {
    const system = await startTestSystem();
    try {
      const { body: document } = await system.get('/api/openapi.json');
      const { valid, errors } = await new Validator().validate(structuredClone(document));
      expect([valid, errors]).toEqual([true, undefined]);
      const schemaOf = (path: string, method: string) =>
        document.paths[path][method].responses['200'].content['application/json'].schema.$ref;
      expect(schemaOf('/api/v1/units/{unit}/years/{year}/close', 'post')).toBe('#/components/schemas/CloseTrialDto');
      expect(schemaOf('/api/v1/processes', 'get')).toBe('#/components/schemas/ProcessesDto');
      expect(schemaOf('/api/v1/processes/{id}/retry', 'post')).toBe('#/components/schemas/ProcessDto');
      const named = document.paths['/api/v1/processes'].get.parameters.map(({ name }: any) => name);
      expect(named.sort()).toEqual(['atLeast', 'cursor', 'limit', 'state', 'unit', 'year']);
      expect((await system.get('/readyz')).body.checks).toContain('processes');
    } finally {
      await system.stop();
    }
  });
});

describe('a system that was ended between the close and the next year', () => {
  it('opens it after the restart, once', async () => {
    const database = await createDatabase();
    const config = {
      port: 0,
      dataDir: '/nowhere',
      databaseUrl: database.url,
      budgetUrl: '',
      logLevel: 'silent',
      actor: 'spec',
    } as const;
    const start = async () => {
      const system = createSystem(config, createLogger('silent'), { sample: false });
      const address = await listenOnLoopback(await system.start(), 0);
      const send = async (path: string, body?: object) => {
        const headers = { 'content-type': 'application/json', 'idempotency-key': path };
        const init = body && { method: 'POST', headers, body: JSON.stringify(body) };
        return (await fetch(`${address}/api/v1${path}`, init)).json() as Promise<any>;
      };
      return { send, stop: () => system.stop() };
    };
    try {
      const first = await start();
      const line = { line: 'P1', name: '项目', expenditure: 'project', fund: 'general-public', original: '10.00' };
      await first.send('/units', { unit: 'T1', name: '测试单位', validFrom: '2024-01-01' });
      const plan = { effectiveDate: '2024-01-01', income: [], basic: '0.00', project: '10.00', lines: [line] };
      await first.send('/units/T1/years/2024/budget', plan);
      await first.stop();

      // As a process leaves it that dies right after the append: the close is in the log, and nobody has looked at it.
      const store = await openPostgresStore({ url: database.url });
      const meta = { commandId: randomUUID(), actor: { id: 'spec' } };
      const command = { type: 'CloseYear', effectiveDate: civilDate('2024-12-31') } as const;
      const stream = budgetStream('T1', 2024);
      const closed = await createHandler({ store }).handle(stream, budgetDecider('T1', 2024), command, { meta });
      await store.close();
      if (closed.kind !== 'done') throw new Error(JSON.stringify(closed));

      for (const again of [1, 2]) {
        const system = await start();
        const { entries } = await system.send(`/processes?atLeast=${closed.position}`);
        expect([again, entries]).toMatchObject([again, [{ state: 'done', attempts: 1, written: { events: 2 } }]]);
        const at = entries[0].written.position;
        const { totals } = await system.send(`/units/T1/years/2025/lines?checkpoint=half&atLeast=${at}`);
        expect(totals).toMatchObject({ carryOverIn: '10.00' });
        await system.stop();
      }
    } finally {
      await database.drop();
    }
  });
});
