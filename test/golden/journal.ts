/**
 * A golden file: a journal of commands, questions, and the page that each question gives.
 *
 *     ; a remark
 *     @ 2024-06-28 10:00                        recorded from here on, Shanghai time
 *     table suzhou-2024.txt U0001               the published table: unit, budget, targets
 *     pay 2024-06-28 V-001 P01 135600.00 某食堂 伙食费
 *
 *     > rates --at half --known-at 2024-06-30
 *     the page, to the next question or the end
 */
import { readFileSync } from 'node:fs';
import { civilDate } from '#domain/calendar.js';
import type { Envelope } from '#domain/envelope.js';
import { parseYuan, type Fen } from '#domain/money.js';
import { parseTableText } from '#forms/import/table-text.js';
import { inBudget, keepBooks, type Entry, type LocalTime } from '../../apps/standalone/sample/bookkeeper.js';
import { contentOf, tableEntries } from '../../apps/standalone/sample/suzhou-plan.js';

export const FOLDER = 'test/golden';

export interface Golden {
  /** All before the first question, as it stands in the file. */
  readonly journal: string;
  readonly questions: readonly { readonly words: string; readonly page: string }[];
}

export function readGolden(text: string): Golden {
  const [journal = '', ...rest] = text.split(/^> /m);
  return {
    journal,
    questions: rest.map((part) => {
      const [words = '', ...page] = part.split('\n');
      return { words, page: page.join('\n') };
    }),
  };
}

export const writeGolden = ({ journal, questions }: Golden): string =>
  journal + questions.map(({ words, page }) => `> ${words}\n${page}`).join('');

/** The events that the deciders make of a journal. Throws on a line that says nothing, and on what the rules refuse. */
export function eventsOf(journal: string): readonly Envelope[] {
  const entries: Entry[] = [];
  let at: LocalTime = '';
  let unit = '';
  for (const line of journal.split('\n')) {
    const [verb = '', ...words] = line.trim().split(/\s+/);
    if (verb === '' || verb === ';') continue;
    if (verb === '@') at = `${words[0]}T${words[1]}:00.000`;
    else if (verb === 'table') {
      const [file = '', code = ''] = words;
      unit = code;
      entries.push(...tableEntries(code, contentOf(parseTableText(readFileSync(`${FOLDER}/${file}`))), [at, at, at]));
    } else if (verb === 'pay') entries.push(payment(unit, at, words));
    else throw new Error(`the journal does not know: ${line}`);
  }
  return keepBooks(entries);
}

function payment(unit: string, at: LocalTime, words: readonly string[]): Entry {
  const [date = '', voucherNo = '', line = '', amount = '', payee = '', ...purpose] = words;
  const paid = { voucherNo, effectiveDate: civilDate(date), line, fen: yuan(amount) };
  const about = { payee: { name: payee, kind: 'organisation' } as const, purpose: purpose.join(' ') };
  const write = inBudget(unit, Number(date.slice(0, 4)));
  return write(at, { type: 'ExecutePayments', payments: [{ ...paid, ...about }] });
}

function yuan(text: string): Fen {
  const amount = parseYuan(text);
  if (typeof amount === 'string') throw new Error(`${text}: ${amount}`);
  return amount;
}
