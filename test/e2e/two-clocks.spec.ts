/**
 * Every read of the API and every reading verb of the command line, as they are found in the OpenAPI document and in the help:
 * what was asked about the past is answered alike for ever, whatever is booked afterwards. A read that is added later is asked
 * without a line being written here; one that has no clocks must be named with its reason.
 */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { budgetAt } from '../../apps/cli/stand-in.js';
import type { Answer } from '../support/asking.js';
import { startTestSystem, type TestSystem } from '../support/system.js';

const WITHOUT_CLOCKS: Readonly<Record<string, string>> = {
  '/api/v1/formulas': 'the registry belongs to the program, not to the log',
  '/api/v1/scoring-profiles': 'they belong to the program, not to the log',
  '/api/v1/stream': 'tells what comes, never what was',
  '/api/v1/imports/{id}': 'a preview is no fact of the log',
  '/api/v1/processes': 'tells how far the work is now',
  '/api/v1/parked': 'tells what stands still now',
  '/api/v1/units/{unit}/over-years': 'each year is as of its own end',
  '/api/v1/units/{unit}/years/{year}/compare': 'names both clocks of each moment in a and b',
  '/api/v1/units/{unit}/years/{year}/results/{resultId}':
    'has both clocks and is not there before it was recorded: asked beside its list in apps/query/results.spec.ts',
  '/api/v1/units/{unit}/years/{year}/seals': 'a seal is a moment of its own',
  '/api/v1/units/{unit}/years/{year}/seals/{number}': 'a seal is a moment of its own',
  '/api/v1/units/{unit}/years/{year}/seals/{number}/reports/{kind}/{scope}': 'the bytes as they were sealed',
  '/api/v1/units/{unit}/years/{year}/seals/{number}/restatement': 'is as of the date of the seal',
  '/api/v1/units/{unit}/years/{year}/forms/{form}':
    'has both clocks and answers a file: asked as known before a result in test/e2e/forms.spec.ts',
  '/api/v1/attachments/{sha256}': 'is named by what it holds',
  '/api/v1/admin/log': 'is the log itself, each event with its own time',
};

/** Names in addresses; any other name is taken from the example in the document. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ unit: 'U0001', year: '2024', line: 'P05', metric: 'execution-rate', indicator: 'I09' },
};

const VERBS_WITHOUT_CLOCKS: Readonly<Record<string, string>> = {
  help: 'tells of verbs',
  processes: 'tells how far the work is now',
  parked: 'tells what stands still now',
  compare: 'names both clocks of each moment',
  'over-years': 'each year is as of its own end',
  seals: 'a seal is a moment of its own',
  restatement: 'is as of the date of the seal',
  import: 'writes',
  feed: 'sends messages',
  tray: 'tells what waits now',
  formulas: 'the registry belongs to the program, not to the log',
  'scoring-profiles': 'they belong to the program, not to the log',
  forms: 'writes a file of what the reads tell, or books one',
  verify: 'compares what is now',
  rebuild: 'fills what is now',
  'export-log': 'is the log itself, each event with its own time',
  'import-log': 'writes',
};

/** What a verb must be told besides; several ways are asked one after another. */
const ARGUMENTS: Readonly<Record<string, readonly string[][]>> = {
  explain: [['execution-rate'], ['adjustment-rate', '--funds', 'general-public']],
  export: [['lines'], ['rates'], ['journal']],
  journal: [['--all'], ['--line', 'P05', '--kind', 'paid']],
  history: [['--all'], ['--line', 'P05', '--lang', 'en']],
};

const SAMPLE = 'apps/standalone/sample/sample.ndjson';
/** The sample keeps its own times only in a log that has not promised yet that nothing older will come. */
const clock = { now: Date.parse('2020-01-01T00:00:00Z') };
let system: TestSystem;
let operations: readonly Operation[];
let verbs: readonly Verb[];
beforeAll(async () => {
  system = await startTestSystem({ clock: () => clock.now });
  clock.now = Date.parse('2026-03-02T01:00:00Z');
  const { code, err } = await budgetAt(system.address, ['import-log', SAMPLE]);
  if (code !== 0) throw new Error(err);
  operations = await readOperations();
  verbs = await readVerbs();
}, 120_000);
afterAll(() => system.stop());

interface Operation {
  readonly route: string;
  /** With the names filled in and without a query. */
  readonly address: string;
  readonly parameters: readonly string[];
  /** Parameters that must be given, with the example of the document. */
  readonly required: Readonly<Record<string, string>>;
}

async function readOperations(): Promise<readonly Operation[]> {
  const { paths } = (await system.get('/api/openapi.json')).body;
  return Object.entries<any>(paths).flatMap(([route, { get }]) => (get === undefined ? [] : [operationOf(route, get)]));
}

function operationOf(route: string, get: any): Operation {
  const all: any[] = get.parameters ?? [];
  const exampleOf = ({ name, example, schema }: any): string => NAMES[name] ?? String(example ?? schema?.example);
  const named = new Map<string, string>(all.map((parameter) => [parameter.name, exampleOf(parameter)]));
  const query = all.filter((parameter) => parameter.in === 'query');
  const required = query.filter((parameter) => parameter.required);
  return {
    route,
    address: route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(named.get(name) ?? name)),
    parameters: query.map(({ name }) => name),
    required: Object.fromEntries(required.map((parameter) => [parameter.name, exampleOf(parameter)])),
  };
}

interface Verb {
  readonly verb: string;
  readonly help: string;
}

async function readVerbs(): Promise<readonly Verb[]> {
  const help = (await budgetAt(system.address, ['--help'])).out;
  const names = [...help.slice(help.indexOf('Commands:')).matchAll(/^ {2}([a-z][\w-]*)/gm)].map(
    ([, name = '']) => name,
  );
  const told = names.map(async (verb) => ({ verb, help: (await budgetAt(system.address, [verb, '--help'])).out }));
  return Promise.all(told);
}

const withClocks = (): readonly Operation[] => operations.filter(({ route }) => !(route in WITHOUT_CLOCKS));
const readingVerbs = (): readonly Verb[] =>
  verbs.filter(({ verb, help }) => !(verb in VERBS_WITHOUT_CLOCKS) && help.includes('--known-at'));

/** Links name the moment as the question did: an instant or a position. `money` leads from a target to its entries. */
const withoutLink = ({ link: _link, money: _money, ...body }: any): object => body;

interface Question {
  /** A checkpoint or a date. */
  readonly at: string;
  readonly knownAt: string;
}

function queryOf({ parameters, required }: Operation, { at, knownAt }: Partial<Question>): string {
  const isCheckpoint = at === 'half' || at === 'annual';
  const asked = {
    ...required,
    ...(parameters.includes('limit') ? { limit: '1000' } : {}),
    ...(isCheckpoint && parameters.includes('checkpoint') ? { checkpoint: at } : {}),
    ...(!isCheckpoint && at !== undefined && parameters.includes('asOf') ? { asOf: at } : {}),
    ...(knownAt === undefined ? {} : { knownAt }),
  };
  return new URLSearchParams(asked).toString();
}

const ask = (operation: Operation, question: Partial<Question>): Promise<Answer> =>
  system.get(`${operation.address}?${queryOf(operation, question)}`);

const words = ({ route }: Operation, { at, knownAt }: Question): string => `${route} at ${at} as known at ${knownAt}`;

/** Answers by what was asked, so that a difference names the question. */
async function answersTo(questions: readonly Question[]): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const question of questions) {
    for (const operation of withClocks()) {
      const { status, body } = await ask(operation, question);
      answers[words(operation, question)] = { status, body };
    }
  }
  return answers;
}

async function printedFor(questions: readonly Question[]): Promise<Record<string, unknown>> {
  const printed: Record<string, unknown> = {};
  for (const { at, knownAt } of questions) {
    for (const verb of readingVerbs()) {
      for (const more of ARGUMENTS[verb.verb] ?? [[]]) {
        const argv = [
          verb.verb,
          ...more,
          ...placeOf(verb),
          ...dateOf(verb, at),
          '--known-at',
          knownAt,
          '--format',
          'json',
        ];
        printed[argv.join(' ')] = await budgetAt(system.address, argv);
      }
    }
  }
  return printed;
}

const placeOf = ({ help }: Verb): string[] => (help.includes('--year') ? ['--unit', 'U0001', '--year', '2024'] : []);
const dateOf = ({ help }: Verb, at: string): string[] =>
  /--at <\w+> +half/.test(help) || /^\d/.test(at) ? ['--at', at] : [];

/** Faults of the kind `what: problem`, all at once. */
async function faultsOf(find: (operation: Operation) => Promise<string | undefined>): Promise<string[]> {
  const found = await Promise.all(
    withClocks().map(async (operation) => {
      const fault = await find(operation);
      return fault === undefined ? [] : [`${operation.route}: ${fault}`];
    }),
  );
  return found.flat();
}

const refused = async (operation: Operation, question: Partial<Question>, status: number, code: string) => {
  const { status: got, body } = await ask(operation, question);
  return got === status && body.code === code ? undefined : `${JSON.stringify(question)} answered ${got} ${body.code}`;
};

const seed = randomInt(2 ** 31);

describe('every read', () => {
  it('takes asOf, knownAt and atLeast, or is named here with its reason', () => {
    const wanted = ['asOf', 'knownAt', 'atLeast'];
    const missing = withClocks().flatMap(({ route, parameters }) => {
      const names = wanted.filter((name) => !parameters.includes(name));
      return names.length === 0 ? [] : [`${route} does not take ${names.join(', ')}`];
    });
    expect(missing).toEqual([]);
    expect(withClocks().length).toBeGreaterThanOrEqual(13);
    expect(Object.keys(WITHOUT_CLOCKS).filter((route) => !operations.some((each) => each.route === route))).toEqual([]);
  });

  it('of the command line takes --at, --known-at and --at-least, or writes, or is named here with its reason', () => {
    const named = (verb: string) => verb in VERBS_WITHOUT_CLOCKS;
    const others = verbs.filter(
      ({ verb, help }) => !named(verb) && !help.includes('--known-at') && !help.includes('--key <'),
    );
    expect(others.map(({ verb }) => verb)).toEqual([]);
    const halves = readingVerbs().filter(({ help }) => !/--at </.test(help) || !help.includes('--at-least'));
    expect(halves.map(({ verb }) => verb)).toEqual([]);
    expect(readingVerbs().length).toBeGreaterThanOrEqual(10);
  });

  it(`answers about the past alike after 300 more bookings, over HTTP and as JSON of the command line (seed ${seed})`, async () => {
    const now = await linesNow('1');
    clock.now += 60_000;
    const instant = new Date(clock.now - 1).toISOString();
    const moments = [
      '2024-04-10',
      '2024-06-30T15:59:59.999Z',
      instant,
      now.position as string,
      String(now.position - 200),
    ];
    const dates = ['half', 'annual', '2024-03-31', '2024-11-15'];
    const questions = moments.flatMap((knownAt, index) =>
      dates.filter((_, date) => (date + index) % 2 === 0).map((at) => ({ at, knownAt })),
    );
    const before = await answersTo(questions);
    const printed = await printedFor(questions.slice(0, 4));
    const bad = Object.entries<any>(before).filter(([, { status, body }]) => status !== 200 || !('position' in body));
    expect(bad).toEqual([]);
    expect(Object.entries<any>(printed).filter(([, { code, out }]) => code !== 0 || !isJson(out))).toEqual([]);

    const last = (await bookAtRandom(300)).body;
    expect(Number(last.position)).toBeGreaterThanOrEqual(Number(now.position) + 300);
    expect((await linesNow(last.position)).totals).not.toEqual(now.totals);
    expect(await answersTo(questions)).toEqual(before);
    expect(await printedFor(questions.slice(0, 4))).toEqual(printed);
  }, 300_000);

  it('as known at a position says what it says as known at the instant of that position', async () => {
    const { position, recordedAt } = await linesNow((await bookAtRandom(1)).body.position);
    clock.now += 1_000;
    const faults = await faultsOf(async (operation) => {
      const [there, then] = await Promise.all([
        ask(operation, { at: 'annual', knownAt: position }),
        ask(operation, { at: 'annual', knownAt: recordedAt }),
      ]);
      expect(there.body.position).toBe(position);
      expect([operation.route, withoutLink(there.body)]).toEqual([operation.route, withoutLink(then.body)]);
      return there.status === 200 ? undefined : `answered ${there.status}`;
    });
    expect(faults).toEqual([]);
  });

  it('as known at a bare date includes that day in Shanghai to its last millisecond', async () => {
    clock.now = Date.parse('2026-03-05T15:59:59.998Z');
    const { position } = (await bookAtRandom(1)).body;
    clock.now = Date.parse('2026-03-05T16:00:00.000Z') - 1;
    const last = (await bookAtRandom(1)).body;
    // Between the two clocks of a second day.
    clock.now = Date.parse('2026-03-05T16:00:00.000Z');
    await bookAtRandom(1);
    clock.now += 1_000;
    expect(Number(last.position)).toBe(Number(position) + 1);
    const faults = await faultsOf(async (operation) => {
      const day = await ask(operation, { at: 'annual', knownAt: '2026-03-05' });
      const instant = await ask(operation, { at: 'annual', knownAt: '2026-03-05T15:59:59.999Z' });
      const there = await ask(operation, { at: 'annual', knownAt: '2026-03-05T23:59:59.999+08:00' });
      expect([operation.route, day.body, there.body]).toEqual([operation.route, instant.body, instant.body]);
      return day.body.position === last.position ? undefined : `ends at ${day.body.position}, not ${last.position}`;
    });
    expect(faults).toEqual([]);
  });

  it('refuses a moment that is not past', async () => {
    const { position } = (await system.get('/api/v1/units')).body;
    const today = new Date(clock.now + 8 * 3_600_000).toISOString().slice(0, 10);
    const instant = new Date(clock.now).toISOString();
    for (const knownAt of ['2031-01-01T00:00:00Z', today, instant, String(Number(position) + 1)]) {
      expect(await faultsOf((operation) => refused(operation, { knownAt }, 422, 'KNOWN_AT_NOT_PAST'))).toEqual([]);
    }
  });

  it('refuses a moment before anything was known, never with an empty list or zeros', async () => {
    for (const knownAt of ['1999-01-01', '1999-01-01T00:00:00Z', '0']) {
      expect(await faultsOf((operation) => refused(operation, { knownAt }, 404, 'NOTHING_KNOWN_YET'))).toEqual([]);
    }
  });

  it('refuses a moment that is none', async () => {
    for (const knownAt of ['yesterday', '2024-02-30', '2024-07-01T16:00:00']) {
      expect(await faultsOf((operation) => refused(operation, { knownAt }, 400, 'INVALID_REQUEST'))).toEqual([]);
    }
    expect(await faultsOf((operation) => refused(operation, { at: '2024-02-30' }, 400, 'INVALID_REQUEST'))).toEqual([]);
  });

  it('of a year refuses a date outside it, and a date that is not that of the checkpoint', async () => {
    const ofYear = ({ route }: Operation): boolean => route.includes('{year}');
    for (const at of ['2023-12-31', '2025-01-01']) {
      const outside = await faultsOf(async (operation) =>
        ofYear(operation) ? refused(operation, { at }, 422, 'DATE_OUTSIDE_YEAR') : undefined,
      );
      expect(outside).toEqual([]);
    }
    const faults = await faultsOf(async (operation) => {
      if (!ofYear(operation)) return undefined;
      if (!operation.parameters.includes('checkpoint')) return 'takes no checkpoint';
      const query = `${queryOf(operation, { at: '2024-06-29' })}&checkpoint=half`;
      const { body } = await system.get(`${operation.address}?${query}`);
      return body.faults?.[0]?.code === 'AS_OF_NOT_CHECKPOINT' ? undefined : `answered ${JSON.stringify(body)}`;
    });
    expect(faults).toEqual([]);
  });

  it('includes the write that atLeast names', async () => {
    const { position } = (await bookAtRandom(1)).body;
    const faults = await faultsOf(async (operation) => {
      const { status, body } = await system.get(`${operation.address}?${queryOf(operation, {})}&atLeast=${position}`);
      return status === 200 && Number(body.position) >= Number(position) ? undefined : `${status} at ${body.position}`;
    });
    expect(faults).toEqual([]);
  });

  it('of the command line refuses the same with exit code 1 or 2, and prints nothing', async () => {
    const questions = [
      ['2024-06-30', '2031-01-01', 'KNOWN_AT_NOT_PAST', 1],
      ['2024-06-30', '1999-01-01', 'NOTHING_KNOWN_YET', 2],
      ['2024-06-30', 'yesterday', 'INVALID_KNOWN_AT', 2],
      ['2025-01-01', '2024-07-01', 'DATE_OUTSIDE_YEAR', 1],
    ] as const;
    for (const [at, knownAt, code, exit] of questions) {
      for (const verb of readingVerbs()) {
        if (code === 'DATE_OUTSIDE_YEAR' && !/--at <\w+> +half/.test(verb.help)) continue;
        const argv = [
          verb.verb,
          ...(ARGUMENTS[verb.verb]?.[0] ?? []),
          ...placeOf(verb),
          '--at',
          at,
          '--known-at',
          knownAt,
        ];
        const said = await budgetAt(system.address, argv);
        expect([argv.join(' '), said.code, said.out, said.err.includes(code) ? code : said.err]).toEqual([
          argv.join(' '),
          exit,
          '',
          code,
        ]);
      }
    }
  });
});

const linesNow = async (atLeast: string): Promise<any> =>
  (await system.get(`/api/v1/units/U0001/years/2024/lines?atLeast=${atLeast}`)).body;

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const random = randomOf(seed);
const chance = (sides: number): number => Math.floor(random() * sides);
const LINES = ['P01', 'P02', 'P05', 'P10'];
let numbers = 0;

/** Books `count` commands that are accepted, dated anywhere in the year; the answer to the last. */
async function bookAtRandom(count: number): Promise<Answer> {
  let last: Answer | undefined;
  for (let booked = 0; booked < count;) {
    const [path, body] = command();
    if (count > 1) clock.now += 1 + chance(60_000);
    const answer = await system.send('POST', path, body);
    if (answer.status === 201) {
      booked += 1;
      last = answer;
    } else if (answer.status >= 500 || answer.status === 400) {
      throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
  }
  if (last === undefined) throw new Error('nothing was to be booked');
  return last;
}

function command(): [path: string, body: object] {
  const [line = '', other = ''] = [LINES[chance(LINES.length)], LINES[chance(LINES.length)]];
  const month = String(1 + chance(12)).padStart(2, '0');
  const effectiveDate = `2024-${month}-${String(1 + chance(28)).padStart(2, '0')}`;
  const amount = `${1 + chance(900)}.${String(chance(100)).padStart(2, '0')}`;
  const number = `Z${(numbers += 1)}`;
  const base = '/api/v1/units/U0001/years/2024';
  const payee = { name: '某公司', kind: 'organisation' };
  switch (chance(7)) {
    case 0:
      return [`${base}/payment-requests`, { requestId: number, effectiveDate, line, amount, payee, purpose: '货款' }];
    case 1:
      return [`${base}/freezes`, { freezeId: number, effectiveDate, line, amount }];
    case 2: {
      const movements = [{ kind: 'add', line, amount }];
      return [`${base}/adjustments`, { adjustmentId: number, effectiveDate, reasonCode: 'ORDINARY', movements }];
    }
    case 3: {
      const movements = [{ kind: 'transfer', from: line, to: other, amount }];
      return [`${base}/adjustments`, { adjustmentId: number, effectiveDate, reasonCode: 'ORDINARY', movements }];
    }
    case 4:
      return ['/api/v1/units', { unit: number, name: `单位${number}`, parent: 'U0001', validFrom: effectiveDate }];
    default:
      return [`${base}/payments`, { voucherNo: number, effectiveDate, line, amount, payee, purpose: '货款' }];
  }
}

function randomOf(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
