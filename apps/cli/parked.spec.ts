import { afterEach, describe, expect, it } from '@jest/globals';
import { problem, standIn, type Answer, type StandIn } from './stand-in.js';

const STOPPED = {
  stream: 'budget-U1-2024',
  unit: 'U1',
  year: 2024,
  revision: 6,
  type: 'BudgetExploded',
  error: 'unknown event type BudgetExploded',
  heldBack: 3,
  since: '2024-07-01T08:15:02.113Z',
};
const RETRY = 'POST /api/v1/parked/budget-U1-2024/retry';
const difference = {
  asOf: '2024-07-01',
  lines: [{ line: 'P05', changes: [{ amount: 'paid', before: '40000.00', after: '41200.00', change: '1200.00' }] }],
  rates: [
    {
      metric: 'execution-rate',
      name: { zh: '预算执行率', en: 'Execution rate' },
      scope: { funds: 'all', expenditure: 'all' },
      before: null,
      after: '38.31',
    },
  ],
};

let system: StandIn | undefined;
afterEach(async () => {
  await system?.close();
  system = undefined;
});
const stand = async (answers: Readonly<Record<string, Answer | readonly Answer[]>>) =>
  (system = await standIn(answers));

describe('parked', () => {
  it('lists the streams that stopped, since when and why', async () => {
    const { budget } = await stand({
      'GET /api/v1/parked': [{ body: { parked: [STOPPED] } }, { body: { parked: [] } }],
    });
    expect(await budget(['parked', '--lang', 'en'])).toEqual({
      code: 0,
      err: '',
      out:
        'Stream          Revision  Type            Held back  Since                           Why\n' +
        '--------------  --------  --------------  ---------  ------------------------------  ---------------------------------\n' +
        'budget-U1-2024         6  BudgetExploded          3  2024-07-01 16:15:02.113 +08:00  unknown event type BudgetExploded\n',
    });
    expect(await budget(['parked'])).toEqual({ code: 0, out: '没有停住的事件流。\n', err: '' });
  });

  it('shows what a second try changed', async () => {
    const { budget } = await stand({ [RETRY]: { body: { stream: STOPPED.stream, resumed: true, difference } } });
    const { code, out } = await budget(['parked', '--retry', 'budget-U1-2024']);
    expect(code).toBe(0);
    expect(out).toBe(
      'budget-U1-2024 已恢复：全部事件都已计入。\n' +
        '截至 2024-07-01 的变化：\n' +
        '\n' +
        '编号  类别       变动前     变动后      差额\n' +
        '----  ------  ---------  ---------  --------\n' +
        'P05   执行数  40,000.00  41,200.00  1,200.00\n' +
        '\n' +
        '指标        代码            口径      变动前  变动后  差额\n' +
        '----------  --------------  --------  ------  ------  ----\n' +
        '预算执行率  execution-rate  全部资金       -  38.31%\n',
    );
  });

  it('ends with 1 when the stream stays where it is', async () => {
    const nothing = { ...difference, lines: [], rates: [] };
    const body = { stream: STOPPED.stream, resumed: false, parked: STOPPED, difference: nothing };
    const { budget } = await stand({ [RETRY]: { body } });
    expect(await budget(['parked', '--retry', 'budget-U1-2024', '--lang', 'en'])).toEqual({
      code: 1,
      err: '',
      out:
        'budget-U1-2024 still stops at event 6, BudgetExploded: unknown event type BudgetExploded (3 events held back)\n' +
        'No figure as of 2024-07-01 has changed.\n',
    });
  });

  it('says so when the stream is not parked', async () => {
    const { budget } = await stand({ [RETRY]: problem(404, 'NOT_PARKED', 'budget-U1-2024 is not parked.') });
    expect(await budget(['parked', '--retry', 'budget-U1-2024'])).toMatchObject({
      code: 2,
      err: 'budget-U1-2024 is not parked. [NOT_PARKED]\n',
    });
  });
});
