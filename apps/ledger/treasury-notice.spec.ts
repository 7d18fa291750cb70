import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { NOTICE_KINDS, type TreasuryNotice } from '#messaging/treasury.js';
import { idsOf, readNotice } from './treasury-notice.js';
import { TREASURY_SCHEMA } from './treasury-schema.js';

const PAYMENT = {
  kind: 'payment',
  unit: 'U0001',
  year: 2024,
  voucherNo: 'V-1',
  effectiveDate: '2024-06-28',
  line: 'P01',
  amount: '92080.00',
  payee: { name: '某工程公司', kind: 'organisation' },
  purpose: '进度款',
};
const RETURN = {
  kind: 'return',
  unit: 'U0001',
  year: 2024,
  returnNo: 'T-1',
  voucherNo: 'V-1',
  effectiveDate: '2025-02-01',
  amount: '1.00',
  returned: 'passive',
};
const CORRECTION = {
  kind: 'correction',
  unit: 'U0001',
  year: 2024,
  correctionNo: 'K-1',
  voucherNo: 'V-1',
  effectiveDate: '2024-07-01',
  fromLine: 'P01',
  toLine: '道路工程',
  amount: '0.5',
};
const CODE = {
  kind: 'code-correction',
  unit: 'U0001',
  year: 2024,
  correctionNo: 'K-2',
  voucherNo: 'V-1',
  effectiveDate: '2024-07-01',
  toCode: '30213',
};
const EACH = [PAYMENT, RETURN, CORRECTION, CODE] as const;

const bytes = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const problemsOf = (value: Uint8Array | null): string[] => {
  const reading = readNotice(value);
  return 'problems' in reading ? reading.problems.map(({ pointer, code }) => `${pointer} ${code}`) : [];
};
const wrong = (more: object, of: object = PAYMENT): string[] => problemsOf(bytes({ ...of, ...more }));

describe('a notice', () => {
  it.each(EACH)('of kind $kind is read', (notice) => {
    expect(readNotice(bytes(notice))).toEqual({ notice });
  });

  it('of every kind is among them', () => {
    expect(EACH.map(({ kind }) => kind)).toEqual(NOTICE_KINDS);
  });

  it('may hold all that a payment can', () => {
    const more = {
      payee: { name: '张三', ref: '6222-01', kind: 'person' },
      departmentEconomic: '30201',
      requestId: 'R-1',
      final: true,
      originYear: 2023,
    };
    expect(wrong(more)).toEqual([]);
  });

  it('is brought to Unicode form NFC', () => {
    const decomposed = 'Cafe\u0301';
    expect(readNotice(bytes({ ...PAYMENT, purpose: decomposed }))).toMatchObject({ notice: { purpose: 'Caf\u00e9' } });
  });
});

describe('a malformed message is told with every problem and its place', () => {
  it.each([
    ['no value', null, [' EMPTY']],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), [' NOT_UTF8']],
    ['no JSON', bytes('{"kind":'), [' NOT_JSON']],
    ['lists in lists', bytes(`{"kind":"payment","line":${'['.repeat(100_000)}${']'.repeat(100_000)}}`), [' TOO_DEEP']],
    ['a list', bytes([PAYMENT]), [' INVALID_VALUE']],
    ['no kind', bytes({ unit: 'U0001' }), ['/kind REQUIRED']],
    ['another kind', bytes({ ...PAYMENT, kind: 'refund' }), ['/kind INVALID_VALUE']],
    [
      'nothing but a kind',
      bytes({ kind: 'code-correction' }),
      ['unit', 'year', 'voucherNo', 'effectiveDate', 'correctionNo', 'toCode'].map((name) => `/${name} REQUIRED`),
    ],
    ['null', bytes({ ...PAYMENT, requestId: null }), ['/requestId NULL', '/requestId INVALID_VALUE']],
    [
      'half of a character',
      bytes('{"kind":"payment","purpose":"\\ud800"}'),
      [
        '/purpose INVALID_TEXT',
        '/unit REQUIRED',
        '/year REQUIRED',
        '/voucherNo REQUIRED',
        '/effectiveDate REQUIRED',
        '/line REQUIRED',
        '/amount REQUIRED',
        '/payee REQUIRED',
      ],
    ],
  ])('%s', (_what, value, problems) => {
    expect(problemsOf(value)).toEqual(problems);
  });

  it.each([
    ['/unit', ['u0001', '', 'A'.repeat(22), 7]],
    ['/year', ['2024', 2024.5, 1989, 2100]],
    ['/voucherNo', ['', ' V', 'V ', 'a/b', '..', 'x'.repeat(65), 'V\n1']],
    ['/effectiveDate', ['2024-02-30', '2024-6-1', '20240628', '2024-06-28T00:00:00Z', '']],
    ['/line', ['', '  ', 'P\u0000']],
    ['/amount', ['0', '0.00', '-1', '1,000', '1e3', '1.005', '01', '.5', '1.', '12345678901234', 1]],
    ['/purpose', ['', ' ', 'x'.repeat(501), 'a\u0007']],
    ['/departmentEconomic', ['3020', '20201', '302011']],
    ['/originYear', ['2023', 1900]],
    ['/payee', ['某公司', []]],
  ])('%s', (pointer, values) => {
    for (const value of values) {
      const problems = wrong({ [pointer.slice(1)]: value });
      expect(`${JSON.stringify(value)}: ${problems.join()}`).toMatch(new RegExp(`: ${pointer} INVALID_VALUE`));
      expect(problems.every((problem) => problem === `${pointer} INVALID_VALUE`)).toBe(true);
    }
  });

  it('all at once', () => {
    const message = { ...PAYMENT, year: 24, amount: '1,5', payee: { kind: 'company', age: 3 }, final: true, 'a/b': 1 };
    expect(problemsOf(bytes(message)).sort()).toEqual([
      '/amount INVALID_VALUE',
      '/a~1b UNKNOWN_PROPERTY',
      '/payee/age UNKNOWN_PROPERTY',
      '/payee/kind INVALID_VALUE',
      '/payee/name REQUIRED',
      '/requestId REQUIRED',
      '/year INVALID_VALUE',
    ]);
  });

  it('up to a thousand, however many there are and however long their names', () => {
    const many = Object.fromEntries(Array.from({ length: 150_000 }, (_, index) => [`x${index}`, 1]));
    expect(wrong(many)).toHaveLength(1_000);
    expect(wrong(Object.fromEntries(Object.keys(many).map((name) => [name, null])))).toHaveLength(1_000);
    const pointers = wrong({ ['~'.repeat(890_000)]: 1, ['n'.repeat(890_000)]: null });
    expect(pointers).toHaveLength(3);
    expect(Math.max(...pointers.map((pointer) => pointer.length))).toBeLessThan(250);
  });

  it('a date outside the year, but of money that comes back later', () => {
    expect(wrong({ effectiveDate: '2025-01-01' })).toEqual(['/effectiveDate DATE_OUTSIDE_YEAR']);
    expect(wrong({ effectiveDate: '2023-12-31' }, CORRECTION)).toEqual(['/effectiveDate DATE_OUTSIDE_YEAR']);
    expect(wrong({ effectiveDate: '2023-12-31' }, RETURN)).toEqual(['/effectiveDate DATE_OUTSIDE_YEAR']);
    expect(wrong({ effectiveDate: '2026-12-31' }, RETURN)).toEqual([]);
  });

  it('in words that say what to write', () => {
    const reading = readNotice(bytes({ ...PAYMENT, amount: '1,5' }));
    expect(reading).toEqual({
      problems: [
        {
          pointer: '/amount',
          code: 'INVALID_VALUE',
          message: 'must be: Yuan as a plain decimal above 0 with at most two decimals: no separator, sign or exponent',
        },
      ],
    });
  });
});

describe('the identity of a notice', () => {
  const ids = (more: object, of: object = PAYMENT) => idsOf({ ...of, ...more } as TreasuryNotice);

  it('does not hang on how it is written', () => {
    const reordered = Object.fromEntries(Object.entries(PAYMENT).reverse());
    expect(ids(reordered)).toEqual(ids({}));
    expect(ids({ amount: '92080' })).toEqual(ids({ amount: '92080.0' }));
  });

  it('hangs on unit, year, kind, number and what it says', () => {
    const all = [{}, { unit: 'U2' }, { year: 2023 }, { voucherNo: 'V-2' }, { amount: '1.00' }].map(
      (more) => ids(more).id,
    );
    expect(new Set(all).size).toBe(all.length);
  });

  it('of a payment and a return makes the command; of a correction its number alone', () => {
    for (const notice of [PAYMENT, RETURN]) {
      expect(ids({ amount: '2.00' }, notice).commandId).not.toBe(ids({ amount: '3.00' }, notice).commandId);
    }
    const [one, other] = [ids({ amount: '2.00' }, CORRECTION), ids({ amount: '3.00' }, CORRECTION)];
    expect(one.commandId).toBe(other.commandId);
    expect([one.id === other.id, one.digest === other.digest]).toEqual([false, false]);
  });

  it('is the same for ever', () => {
    expect(ids({})).toEqual({
      digest: 'c27654cf74ff56e66e9f7601be5bd79864b8cf9a281f99a5898a28969f77e082',
      id: 'e98f577d-6314-5c3d-9b1a-5e015da3b658',
      commandId: 'e98f577d-6314-5c3d-9b1a-5e015da3b658',
    });
  });
});

describe('treasury-payments.schema.json', () => {
  const shipped: unknown = JSON.parse(
    readFileSync(new URL('./treasury-payments.schema.json', import.meta.url), 'utf8'),
  );

  it('says what the feed checks', () => {
    expect(shipped).toEqual(JSON.parse(JSON.stringify(TREASURY_SCHEMA)));
  });

  it('is a schema of draft 2020-12 that knows every kind', () => {
    const ajv = new Ajv2020({ strictTypes: false, formats: { date: true } });
    expect(ajv.validateSchema(shipped as object)).toBe(true);
    const validate = ajv.compile(shipped as object);
    for (const notice of EACH) expect(validate(notice)).toBe(true);
    expect(validate({ ...PAYMENT, amount: '0' })).toBe(false);
  });

  it('is what the documentation shows', () => {
    const text = readFileSync(new URL('./treasury.md', import.meta.url), 'utf8');
    const examples = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => bytes(json));
    expect(examples.length).toBeGreaterThanOrEqual(EACH.length);
    const kinds = examples.map((example) => {
      const reading = readNotice(example);
      return 'notice' in reading ? reading.notice.kind : reading.problems;
    });
    expect(kinds).toEqual(expect.arrayContaining([...NOTICE_KINDS]));
    expect(kinds.every((kind) => typeof kind === 'string')).toBe(true);
  });
});
