import { describe, expect, it } from '@jest/globals';
import { csv, figure, text } from './csv.js';

interface Row {
  readonly payee?: string;
  readonly amount: string | null;
}

const columns = [text<Row>('payee', ({ payee }) => payee), figure<Row>('amount', ({ amount }) => amount)];
const rowOf = (payee: string, amount = '1.00') => csv(columns, [{ payee, amount }]).split('\r\n')[1];

describe('CSV', () => {
  it('has a header, CR LF after every row, and empty cells for what is not there', () => {
    expect(csv(columns, [{ payee: '某工程公司', amount: '92080.00' }, { amount: null }])).toBe(
      'payee,amount\r\n某工程公司,92080.00\r\n,\r\n',
    );
  });

  it('is a header alone when there is nothing', () => {
    expect(csv(columns, [])).toBe('payee,amount\r\n');
  });

  it('quotes commas, quotes and line breaks (RFC 4180)', () => {
    expect(csv(columns, [{ payee: 'A, "B"\nC', amount: '1.00' }])).toBe('payee,amount\r\n"A, ""B""\nC",1.00\r\n');
  });

  it('takes the force out of text that a spreadsheet would run', () => {
    expect(rowOf('=HYPERLINK(A1)')).toBe("'=HYPERLINK(A1),1.00");
    expect(rowOf('+86 512')).toBe("'+86 512,1.00");
    expect(rowOf('-x')).toBe("'-x,1.00");
    expect(rowOf('@x')).toBe("'@x,1.00");
    expect(rowOf('\t=x')).toBe("'\t=x,1.00");
  });

  it('never changes a figure', () => {
    expect(rowOf('a', '-92080.00')).toBe('a,-92080.00');
  });
});
