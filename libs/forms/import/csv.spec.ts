import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseAdjustmentsCsv } from './adjustments-csv.js';
import { lineDirectory } from './csv-cells.js';
import { parsePaymentsCsv } from './payments-csv.js';

const options = {
  year: 2025,
  lines: lineDirectory([
    { line: 'P01', name: '档案数字化' },
    { line: 'P02', name: '库房改造' },
    { line: '库房改造', name: '线路改造' },
  ]),
};
const bytes = (text: string) => new TextEncoder().encode(text);
const payments = (text: string | Uint8Array) =>
  parsePaymentsCsv(typeof text === 'string' ? bytes(text) : text, options);
const adjustments = (text: string) => parseAdjustmentsCsv(bytes(text), options);
const header = 'voucherNo,effectiveDate,line,amount,payee,purpose';
const row = 'V1,2025-03-01,P01,100.00,某公司,服务费';
const adjusting = 'adjustmentId,effectiveDate,kind,from,to,amount,reasonCode,documentNumber';

describe('a payments file', () => {
  it('gives one payment a row, with the row as a spreadsheet shows it', () => {
    expect(
      payments(
        `${header},economicCode,requestId\n${row},30227,R1\n\n"V2",2025-12-31,档案数字化,0.01,"某公司, 分部","付""尾款""",,\n`,
      ),
    ).toEqual({
      content: [
        {
          row: 2,
          payment: {
            effectiveDate: '2025-03-01',
            voucherNo: 'V1',
            line: 'P01',
            fen: 10_000,
            payee: { name: '某公司', kind: 'organisation' },
            purpose: '服务费',
            requestId: 'R1',
            departmentEconomic: '30227',
          },
        },
        {
          row: 4,
          payment: {
            effectiveDate: '2025-12-31',
            voucherNo: 'V2',
            line: 'P01',
            fen: 1,
            payee: { name: '某公司, 分部', kind: 'organisation' },
            purpose: '付"尾款"',
          },
        },
      ],
      problems: [],
      problemCount: 0,
      notes: [],
    });
  });

  it.each([
    ['with a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes(`${header}\n${row}`)])],
    ['with the line ends of Windows', bytes(`${header}\r\n${row}\r\n`)],
    ['with blanks around its cells', bytes(`${header}\n${row.replaceAll(',', ' , ')}`)],
    ['without optional columns', bytes(`${header}\n${row}`)],
    ['with one of the two optional columns', bytes(`${header},requestId\n${row},`)],
  ])('is read %s', (_, file) => {
    const { content, problems } = payments(file);
    expect(problems).toEqual([]);
    expect(content?.[0]?.payment).toMatchObject({
      voucherNo: 'V1',
      line: 'P01',
      fen: 10_000,
      payee: { name: '某公司' },
    });
  });

  it('gives a late fact both dates, and needs no other optional column for that', () => {
    const late = `${header},belongsTo\n${row.replace('2025-03-01', '2025-07-08')},2025-06-28\n${row.replace('V1', 'V2')},\n`;
    const dates = payments(late).content?.map(({ payment: { effectiveDate, belongsTo } }) => [
      effectiveDate,
      belongsTo,
    ]);
    expect(dates).toEqual([
      ['2025-07-08', '2025-06-28'],
      ['2025-03-01', undefined],
    ]);
    expect(payments(late.replace('2025-06-28', '2025-6-28')).problems).toEqual([
      { at: '第 2 行, belongsTo', code: 'DATE_NOT_VALID', found: '2025-6-28' },
    ]);
  });

  it('is read in GBK, which is noted', () => {
    // 某公司 and 服务费 in GBK
    const gbk = Buffer.concat([
      bytes(`${header}\nV1,2025-03-01,P01,100.00,`),
      Buffer.from([0xc4, 0xb3, 0xb9, 0xab, 0xcb, 0xbe, 0x2c, 0xb7, 0xfe, 0xce, 0xf1, 0xb7, 0xd1, 0x0a]),
    ]);
    const { content, notes } = payments(gbk);
    expect(content?.[0]?.payment).toMatchObject({ payee: { name: '某公司' }, purpose: '服务费' });
    expect(notes).toEqual([{ at: '文件', code: 'DECODED_AS_GB18030' }]);
  });

  it('names the columns it expects and those it found', () => {
    expect(payments('date,amount\n2025-03-01,1').problems).toEqual([
      {
        at: '第 1 行',
        code: 'HEADER_WRONG',
        expected: 'voucherNo,effectiveDate,line,amount,payee,purpose[,economicCode][,requestId][,belongsTo]',
        found: 'date,amount',
      },
    ]);
  });

  it('takes an id before a name', () => {
    expect(payments(`${header}\n${row.replace('P01', '库房改造')}`).content?.[0]?.payment.line).toBe('库房改造');
  });

  it('tells an equal row from a different one under the same number', () => {
    const file = `${header}\n${row}\n${row}\n${row.replace('100.00', '100.01')}`;
    expect(payments(file).problems).toEqual([
      { at: '第 3 行, voucherNo', code: 'DUPLICATE_IN_FILE', number: 'V1', first: 2, equal: true },
      { at: '第 4 行, voucherNo', code: 'DUPLICATE_IN_FILE', number: 'V1', first: 2, equal: false },
    ]);
  });

  it('with one bad row is refused whole, and the row is named', () => {
    const good = Array.from({ length: 50 }, (_, index) => row.replace('V1', `V${index + 10}`));
    const { content, problems } = payments([header, ...good, row.replace('100.00', '1,00')].join('\n'));
    expect(content).toBeUndefined();
    expect(problems).toEqual([{ at: '第 52 行', code: 'ROW_WIDTH_WRONG', expected: 6, found: 7 }]);
  });

  it.each`
    amount                 | code
    ${'"1,000.00"'}        | ${'AMOUNT_NOT_DECIMAL'}
    ${'1e3'}               | ${'AMOUNT_NOT_DECIMAL'}
    ${'１００'}            | ${'AMOUNT_NOT_DECIMAL'}
    ${'100元'}             | ${'AMOUNT_NOT_DECIMAL'}
    ${'.5'}                | ${'AMOUNT_NOT_DECIMAL'}
    ${'007'}               | ${'AMOUNT_NOT_DECIMAL'}
    ${''}                  | ${'AMOUNT_NOT_DECIMAL'}
    ${'0.001'}             | ${'AMOUNT_TOO_PRECISE'}
    ${'0'}                 | ${'AMOUNT_NOT_POSITIVE'}
    ${'-1.00'}             | ${'AMOUNT_NOT_POSITIVE'}
    ${'90071992547409.92'} | ${'AMOUNT_OUT_OF_RANGE'}
    ${'9'.repeat(100)}     | ${'AMOUNT_OUT_OF_RANGE'}
  `('with the amount $amount is refused: $code', ({ amount, code }) => {
    const { problems } = payments(`${header}\n${row.replace('100.00', amount as string)}`);
    expect(problems).toMatchObject([{ at: '第 2 行, amount', code }]);
  });
});

describe('an adjustments file', () => {
  it('gives the rows of one adjustment together, wherever they stand', () => {
    const file = [
      `${adjusting},documentDate`,
      'A1,2025-04-01,add,,P01,10.00,NATIONAL_POLICY,3号,2025-03-28',
      'A2,2025-05-01,transfer,P01,P02,1.00,ORDINARY,,',
      'A1,2025-04-01,cut,库房改造,,5.00,NATIONAL_POLICY,3号,2025-03-28',
    ].join('\n');
    expect(adjustments(file).content).toEqual([
      {
        rows: [2, 4],
        adjustment: {
          adjustmentId: 'A1',
          effectiveDate: '2025-04-01',
          reasonCode: 'NATIONAL_POLICY',
          document: { number: '3号', date: '2025-03-28' },
          movements: [
            { kind: 'add', line: 'P01', fen: 1_000 },
            { kind: 'cut', line: '库房改造', fen: 500 },
          ],
        },
      },
      {
        rows: [3],
        adjustment: {
          adjustmentId: 'A2',
          effectiveDate: '2025-05-01',
          reasonCode: 'ORDINARY',
          movements: [{ kind: 'transfer', from: 'P01', to: 'P02', fen: 100 }],
        },
      },
    ]);
  });

  it('says that an exemption without number and date counts for nothing', () => {
    const { problems, notes } = adjustments(`${adjusting}\nA1,2025-04-01,add,,P01,10.00,FORCE_MAJEURE,3号`);
    expect(problems).toEqual([]);
    expect(notes).toEqual([
      { at: '第 2 行, documentNumber', code: 'EXEMPTION_NOT_DOCUMENTED', reasonCode: 'FORCE_MAJEURE' },
    ]);
  });

  it('may belong to a sealed period, as a whole', () => {
    const rows = [
      'A1,2025-07-08,add,,P01,1.00,ORDINARY,,2025-06-28',
      'A1,2025-07-08,add,,P02,1.00,ORDINARY,,2025-06-28',
    ];
    const file = `${adjusting},belongsTo\n${rows.join('\n')}`;
    expect(adjustments(file).content?.[0]?.adjustment).toMatchObject({
      effectiveDate: '2025-07-08',
      belongsTo: '2025-06-28',
    });
    expect(adjustments(file.replace(/28$/, '29')).problems).toMatchObject([
      { at: '第 3 行, belongsTo', code: 'ADJUSTMENT_INCONSISTENT', expected: '2025-06-28', found: '2025-06-29' },
    ]);
  });

  it('shows in which column the rows of one adjustment differ', () => {
    const file = `${adjusting}\nA1,2025-04-01,add,,P01,1.00,ORDINARY,\nA1,2025-04-02,add,,P02,1.00,ORDINARY,`;
    expect(adjustments(file).problems).toEqual([
      {
        at: '第 3 行, effectiveDate',
        code: 'ADJUSTMENT_INCONSISTENT',
        adjustmentId: 'A1',
        first: 2,
        expected: '2025-04-01',
        found: '2025-04-02',
      },
    ]);
  });
});

describe('any text at all', () => {
  const cell = fc.constantFrom(
    'V1',
    '2025-03-01',
    'P01',
    '1.00',
    '"',
    '""',
    ',',
    '\n',
    '\r\n',
    'add',
    '，',
    '\u0000',
    'é',
  );
  it('is read or refused, never thrown at the caller', () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 40 }), fc.boolean(), (cells, asAdjustments) => {
        const read = asAdjustments ? adjustments : payments;
        const { content, problemCount } = read(`${asAdjustments ? adjusting : header}\n${cells.join('')}`);
        expect(content === undefined).toBe(problemCount > 0);
      }),
      { numRuns: 300, seed: 8, endOnFailure: true },
    );
  });
});
