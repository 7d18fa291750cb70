import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from '#platform/config.js';
import { OutputClosed } from './faults.js';
import { run } from './run.js';
import { budgetAt, problem, standIn, type Answer, type StandIn } from './stand-in.js';

let system: StandIn | undefined;
afterEach(async () => {
  await system?.close();
  system = undefined;
});
const stand = async (answers: Readonly<Record<string, Answer | readonly Answer[]>>) =>
  (system = await standIn(answers));

const UNITS = 'GET /api/v1/units';
const one: Answer = { body: { units: [{ unit: 'U0001', name: '某单位' }] } };
const two: Answer = {
  body: { units: [...(one.body as { units: object[] }).units, { unit: 'U0002', name: '示例单位' }] },
};
const LINES = 'GET /api/v1/units/U0001/years/2024/lines';
const lines: Answer = {
  body: {
    asOf: '2024-06-30',
    knownAt: '2024-07-01T00:00:00.000Z',
    position: '7',
    approved: true,
    lines: [],
    totals: {},
  },
};

describe('unit and year', () => {
  it('are implied when there is only one of each', async () => {
    const { budget, asked } = await stand({
      [UNITS]: one,
      'GET /api/v1/units/U0001/years': { body: { years: [{ year: 2024 }] } },
      [LINES]: lines,
    });
    expect((await budget(['lines'])).code).toBe(0);
    expect(asked.map(({ path }) => path)).toContain('/api/v1/units/U0001/years/2024/lines');
  });

  it('are asked for with the choices when there are several: exit code 2', async () => {
    const { budget } = await stand({
      [UNITS]: two,
      'GET /api/v1/units/U0001/years': { body: { years: [{ year: 2023 }, { year: 2024 }] } },
    });
    expect(await budget(['lines'])).toEqual({
      code: 2,
      out: '',
      err: '--unit: say which one:\n    U0001 某单位\n    U0002 示例单位 [NOT_CHOSEN]\n',
    });
    expect((await budget(['lines', '--unit', 'U0001'])).err).toBe(
      '--year: say which one:\n    2023\n    2024 [NOT_CHOSEN]\n',
    );
  });

  it('are not asked for when they are said', async () => {
    const { budget, asked } = await stand({ [LINES]: lines });
    expect((await budget(['lines', '--unit', 'U0001', '--year', '2024'])).code).toBe(0);
    expect(asked).toHaveLength(1);
  });

  it('cannot be implied when there is none', async () => {
    const { budget } = await stand({ [UNITS]: { body: { units: [] } } });
    const { code, err } = await budget(['lines']);
    expect(code).toBe(2);
    expect(err).toContain('no unit is registered yet');
  });
});

describe('exit code 2, bad input', () => {
  it('names every fault of the options at once and asks the system nothing', async () => {
    const { budget, asked } = await stand({});
    const { code, err } = await budget(['pay', '--amount', '1,000', '--date', '2024-02-30', '--format', 'csv']);
    expect(code).toBe(2);
    expect(err.split('\n').map((line) => line.trim().replace(/^(--[\w-]+): .*\[(\w+)\]$/, '$1 $2'))).toEqual([
      '7 things are not as they must be:',
      '--voucher REQUIRED',
      '--date INVALID_DATE',
      '--line REQUIRED',
      '--amount AMOUNT_NOT_DECIMAL',
      '--payee REQUIRED',
      '--purpose REQUIRED',
      '--format NOT_A_CHOICE',
      '',
    ]);
    expect(asked).toEqual([]);
  });

  it('names the faults that the system found in the form of the request', async () => {
    const faults = [
      { parameter: 'knownAt', code: 'INVALID_KNOWN_AT', message: 'knownAt must be an instant' },
      { parameter: 'asOf', code: 'INVALID_DATE', message: 'asOf must be a date' },
    ];
    const { budget } = await stand({ [LINES]: problem(400, 'INVALID_REQUEST', '2 things are wrong.', { faults }) });
    expect(await budget(['lines', '--unit', 'U0001', '--year', '2024'])).toEqual({
      code: 2,
      out: '',
      err:
        '2 things are wrong. [INVALID_REQUEST]\n' +
        '  --known-at: knownAt must be an instant [INVALID_KNOWN_AT]\n' +
        '  --at: asOf must be a date [INVALID_DATE]\n',
    });
  });

  it.each([
    [['linse'], /unknown command 'linse'/],
    [['lines', '--frmat', 'csv'], /unknown option '--frmat'/],
    [['lines', 'more'], /too many arguments/],
    [['explain'], /missing required argument 'metric'/],
    [['lines', '--at', 'summer'], /--at: "summer" is none of half, annual and a date/],
    [['lines', '--at', 'summer', '--known-at', '2024-02-30'], /--known-at: "2024-02-30" is not a date/],
    [['seals', '--known-at', '2024-07-01T25:00:00Z'], /--known-at: "2024-07-01T25:00:00Z" is not a date/],
    [['units', '--at-least', 'x1'], /--at-least: "x1" is not a log position/],
    [['lines', '--year', '24'], /--year: "24" is not a year/],
    [['rates', '--funds', 'all,lottery'], /--funds: "all", "lottery": not one of general-public/],
    [['lines', '--format', 'csv', '--unit-of-money', 'wan'], /--unit-of-money: is for tables/],
    [['reverse', 'everything', '1', '--date', '2024-01-01', '--reason', 'x'], /<what>: everything is none of voucher/],
    [['reverse', 'voucher', '..', '--date', '2024-01-01', '--reason', 'x'], /\.\. cannot be the number/],
    [['approve', '/nowhere/plan.json'], /plan.json: cannot be read \(ENOENT\) \[FILE_NOT_READABLE\]/],
    [[], /Usage: budget/],
  ])('%j', async (argv, words) => {
    const { code, err } = await budgetAt('http://127.0.0.1:9', argv);
    expect(err).toMatch(words);
    expect(code).toBe(2);
  });

  it.each(['ftp://localhost', 'localhost:3000', 'http://name:word@localhost', 'http://localhost/?a=b'])(
    'BUDGET_URL=%s',
    async (url) => {
      const { code, err } = await budgetAt(url, ['units']);
      expect(err).toMatch(/^BUDGET_URL: must be an http:\/\/ or https:\/\/ address/);
      expect(code).toBe(2);
    },
  );

  it('tells every fault of the configuration', async () => {
    const fault = { variable: 'BUDGET_URL', code: 'NOT_A_URL', message: 'BUDGET_URL=x: give a URL' };
    let err = '';
    const terminal = {
      colours: false,
      redraws: false,
      interactive: false,
      out: async () => undefined,
      err: (text: string) => void (err += text),
      progress: () => undefined,
      onInterrupt: () => () => undefined,
      confirm: async () => false,
    };
    const code = await run(['units'], terminal, () => {
      throw new ConfigError([fault]);
    });
    expect({ code, err }).toEqual({ code: 2, err: 'The configuration is not usable:\n  BUDGET_URL=x: give a URL\n' });
  });
});

describe('exit code 1, refused by a rule', () => {
  it('says the rule with its figures, once when there is one fault', async () => {
    const detail = 'line P01 has 100.00 available, 120.00 is asked: 20.00 short';
    const faults = [{ pointer: '/amount', code: 'LINE_OVERDRAWN', message: detail, available: '100.00' }];
    const { budget } = await stand({
      'POST /api/v1/units/U0001/years/2024/freezes': problem(409, 'LINE_OVERDRAWN', detail, { faults }),
    });
    const options = '--id F1 --line P01 --amount 120.00 --date 2024-03-01 --unit U0001 --year 2024'.split(' ');
    expect(await budget(['freeze', ...options])).toEqual({
      code: 1,
      out: '',
      err: `--amount: ${detail} [LINE_OVERDRAWN]\n`,
    });
  });

  it('shows the first entry under a number that is taken', async () => {
    const first = { effectiveDate: '2024-03-01', data: { voucherNo: 'V1', amount: '5.00' } };
    const message = 'voucher V1 is booked already, dated 2024-03-01, with other content';
    const faults = [{ pointer: '', code: 'NUMBER_TAKEN', message, kind: 'voucher', number: 'V1', first }];
    const { budget } = await stand({ [LINES]: problem(409, 'NUMBER_TAKEN', message, { faults }) });
    const { code, err } = await budget(['lines', '--unit', 'U0001', '--year', '2024']);
    expect(code).toBe(1);
    expect(err).toBe(`${message} [NUMBER_TAKEN]\n  first: 2024-03-01, voucherNo V1, amount 5.00\n`);
  });

  it.each([409, 412, 422, 428])('status %i', async (status) => {
    const { budget } = await stand({ [LINES]: problem(status, 'SOME_RULE', 'No.') });
    expect(await budget(['lines', '--unit', 'U0001', '--year', '2024'])).toEqual({
      code: 1,
      out: '',
      err: 'No. [SOME_RULE]\n',
    });
  });
});

describe('exit code 3, the system cannot be reached', () => {
  it('nobody listens', async () => {
    const port = await freePort();
    const { code, err } = await budgetAt(`http://127.0.0.1:${port}`, ['units']);
    expect(err).toBe(
      `No answer from http://127.0.0.1:${port} (ECONNREFUSED). Start the system with \`npm start\`, or set BUDGET_URL to its address.\n`,
    );
    expect(code).toBe(3);
  });

  it('somebody else answers', async () => {
    const { budget } = await stand({ [UNITS]: { text: '<html>', type: 'text/html' } });
    const { code, err } = await budget(['units']);
    expect(err).toMatch(/Something that is not this system answers at .* \(200, text\/html\)/);
    expect(code).toBe(3);
  });

  it('it says that it failed, with the id under which its log has the cause', async () => {
    const { budget } = await stand({
      [UNITS]: problem(500, 'INTERNAL', 'Something went wrong here.', { correlationId: 'c-1' }),
    });
    expect(await budget(['units'])).toEqual({
      code: 3,
      out: '',
      err: 'Something went wrong here. [INTERNAL]\n  correlation id c-1\n',
    });
  });

  it('its database is gone', async () => {
    const { budget } = await stand({ [UNITS]: problem(503, 'DATABASE_UNAVAILABLE', 'Try again.') });
    expect((await budget(['units'])).code).toBe(3);
  });
});

describe('exit code 0', () => {
  it('help, also without a system or a configuration', async () => {
    const { code, out } = await budgetAt('not a URL', ['--help']);
    expect(code).toBe(0);
    expect(out).toContain('Exit codes: 0 done');
  });

  it('help whose reader has gone (`budget --help | head`)', async () => {
    let err = '';
    const terminal = {
      colours: false,
      redraws: false,
      interactive: false,
      out: () => Promise.reject(new OutputClosed()),
      err: (text: string) => void (err += text),
      progress: () => undefined,
      onInterrupt: () => () => undefined,
      confirm: async () => false,
    };
    const code = await run(['--help'], terminal, () => 'not a URL');
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
