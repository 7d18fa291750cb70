/** The judge of all faults finds what it is there for. */
import { describe, expect, it } from '@jest/globals';
import { approvePlan, smallAddition, type Command } from './commands.js';
import type { Sent } from './load.js';
import { judgeLog, type LogRow } from './oracle.js';
import { openSums, paidByLine } from './oracle-sums.js';

interface Known {
  readonly outcome?: Sent['outcome'];
  readonly times?: number;
}

/** A log as it is stored, by one event a command. */
class Story {
  readonly log: LogRow[] = [];
  readonly sent: Sent[] = [];

  /** Sent, and known to its client as `outcome`; in the log `times`. */
  book(command: Command, { outcome = 'acknowledged', times = 1 }: Known = {}): this {
    const rows = Array.from({ length: times }, () => this.#store(command));
    const [first] = rows;
    this.sent.push({
      ...command,
      outcome,
      attempts: 1,
      events: outcome === 'acknowledged' ? [{ id: first?.id ?? 'none', revision: first?.revision ?? 0 }] : [],
      position: outcome === 'acknowledged' ? String(first?.position ?? 0) : '',
    });
    return this;
  }

  #store({ stream, commandId, body }: Command): LogRow {
    const nth = this.log.length + 1;
    const position = BigInt(nth);
    const revision = this.log.filter((row) => row.stream === stream).length;
    const row = { position, stream, revision, id: `e${nth}`, type: 'BudgetAdded', data: body, commandId };
    this.log.push({ ...row, effectiveDate: '2024-05-01', recordedAt: 1_000 + nth });
    return { ...row, effectiveDate: '2024-05-01', recordedAt: 1_000 + nth };
  }

  get findings() {
    const { lost, doubled, order } = judgeLog(this.log, this.sent);
    return { lost: lost.length, doubled: doubled.length, order: order.length };
  }
}

const NOTHING = { lost: 0, doubled: 0, order: 0 };

describe('the oracle on what was sent', () => {
  it('has nothing to say when every acknowledgement stands once, a refusal not at all, and an open write at most once', () => {
    const story = new Story()
      .book(smallAddition('F1'))
      .book(smallAddition('F2'), { outcome: 'refused', times: 0 })
      .book(smallAddition('F1'), { outcome: 'open', times: 0 })
      .book(smallAddition('F1'), { outcome: 'open', times: 1 });
    expect(story.findings).toEqual(NOTHING);
  });

  it('finds an acknowledged write that is not in the log', () => {
    expect(new Story().book(smallAddition('F1'), { times: 0 }).findings).toEqual({ ...NOTHING, lost: 1 });
  });

  it('finds an acknowledged write that is there twice, or under another id', () => {
    expect(new Story().book(smallAddition('F1'), { times: 2 }).findings).toEqual({ ...NOTHING, lost: 1 });
    const story = new Story().book(smallAddition('F1'));
    story.log[0] = { ...story.log[0]!, id: 'another' };
    expect(story.findings).toEqual({ ...NOTHING, lost: 1 });
  });

  it('finds a refused write that is in the log', () => {
    expect(new Story().book(smallAddition('F1'), { outcome: 'refused' }).findings).toEqual({ ...NOTHING, doubled: 1 });
  });

  it('finds a write nobody waited for that was stored in two parts', () => {
    const open = smallAddition('F1');
    const story = new Story().book(open, { outcome: 'open' }).book(smallAddition('F1'));
    story.log.push({ ...story.log[0]!, position: 3n, revision: 2, id: 'e3', recordedAt: 1_003 });
    expect(story.findings).toEqual({ ...NOTHING, doubled: 1 });
  });

  it('finds a number that two commands booked, and an event that nobody asked for', () => {
    const command = smallAddition('F1');
    const twin = { ...smallAddition('F1'), body: command.body };
    expect(new Story().book(command).book(twin).findings).toEqual({ ...NOTHING, doubled: 1 });
    const story = new Story().book(smallAddition('F1'));
    story.sent.length = 0;
    expect(story.findings).toEqual({ ...NOTHING, doubled: 1 });
  });

  it('takes what the system does by itself when it names the event behind it', () => {
    const story = new Story().book(smallAddition('F1')).book(smallAddition('F2'));
    story.sent.pop();
    story.log[1] = { ...story.log[1]!, causationId: 'e1' };
    expect(story.findings).toEqual(NOTHING);
  });
});

describe('the oracle on the order of the log', () => {
  const story = (): Story => new Story().book(approvePlan('F1')).book(smallAddition('F1')).book(smallAddition('F2'));

  it.each<[string, (log: LogRow[]) => void]>([
    ['a revision that is missing', (log) => (log[1] = { ...log[1]!, revision: 2 })],
    ['a position that is missing', (log) => (log[2] = { ...log[2]!, position: 4n })],
    ['a stamp that goes back', (log) => (log[2] = { ...log[2]!, recordedAt: 1_001 })],
  ])('finds %s', (_what, spoil) => {
    const { log, sent } = story();
    spoil(log);
    expect(judgeLog(log, sent).order).toHaveLength(1);
  });

  it('takes gaps between positions where the store leaves some, and no step back', () => {
    const { log, sent } = story();
    log[2] = { ...log[2]!, position: 40n };
    sent[2]!.position = '40';
    expect(judgeLog(log, sent, { isDense: false })).toEqual({ lost: [], doubled: [], order: [] });
    log[2] = { ...log[2], position: 2n };
    expect(judgeLog(log, sent, { isDense: false }).order).toEqual(['position 2 after 2']);
  });
});

describe('the oracle on sums', () => {
  const row = (type: string, data: object): LogRow => ({
    ...new Story().book(smallAddition('F1')).log[0]!,
    type,
    data,
  });
  const log = [
    row('PaymentExecuted', { voucherNo: 'V1', line: 'P01', fen: 500 }),
    row('PaymentExecuted', { voucherNo: 'V2', line: 'P02', fen: 100 }),
    row('PaymentReturned', { voucherNo: 'V1', returnNo: 'T1', fen: 200 }),
  ];
  const line = (name: string, paid: string, available: string, rest: Record<string, string> = {}) => ({
    line: name,
    original: '10.00',
    current: '10.00',
    paid,
    available,
    ...rest,
  });
  const totals = { original: '20.00', current: '20.00', paid: '4.00', available: '16.00' };

  it('takes payments less what came back, by the line of the voucher', () => {
    expect(paidByLine(log)).toEqual(
      new Map([
        ['P01', 300n],
        ['P02', 100n],
      ]),
    );
    const lines = [line('P01', '3.00', '7.00'), line('P02', '1.00', '9.00')];
    expect(openSums({ lines, totals }, paidByLine(log))).toEqual([]);
  });

  it('finds a line, a total and a transfer that do not add up', () => {
    const wrong = [line('P01', '2.00', '8.00'), line('P02', '1.00', '9.00', { transferredIn: '1.00' })];
    expect(openSums({ lines: wrong, totals: { ...totals, transferredIn: '1.00' } }, paidByLine(log))).toEqual([
      'paid of P01: 200 fen, expected 300',
      'current of P02: 1000 fen, expected 1100',
      'total of paid: 400 fen, expected 300',
      'total of available: 1600 fen, expected 1700',
      'transfers: 100 fen, expected 0',
    ]);
  });

  it('finds a line that was paid and is not listed', () => {
    const lines = [line('P01', '3.00', '7.00')];
    const only = { original: '10.00', current: '10.00', paid: '3.00', available: '7.00' };
    expect(openSums({ lines, totals: only }, paidByLine(log))).toEqual(['paid lines: 1 fen, expected 0']);
  });
});
