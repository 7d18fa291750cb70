/** An amount down to its events: formula, parts with their signs, plans, entries, and the link under which it stays the same. */
import { shownAmount } from './amounts.js';
import type { FigureExplanationBody } from './compare-bodies.js';
import { columnWord, valueWord } from './labels.js';
import { figures, headings, page, PLAIN, scopeWord, type Style } from './page.js';
import { entriesTable, more, plansTable } from './render-entries.js';
import { printable, table } from './table.js';

export function renderFigure(body: FigureExplanationBody, style: Style = PLAIN): string {
  const { language, moneyUnit, colours } = style;
  const zh = language === 'zh';
  const of = body.line ?? (body.scope ? scopeWord(body.scope, language) : '');
  const amount = `${body.assumed ? '*' : ''}${shownAmount(body.amount, moneyUnit)}`;
  const text = [
    `${body.name[language]} (${body.figure}, v${body.version}), ${of}: ${amount}`,
    `${columnWord('formula', language)}: ${body.formula}`,
    `${columnWord('source', language)}: ${body.source}`,
  ].map(printable);
  const inputs = table(
    [...headings(['input', 'formula'], language), { heading: '' }, ...figures(['amount'], language)],
    body.inputs.map(({ name, symbol = '', sign, amount: yuan }) => [
      valueWord(name, language),
      symbol,
      sign === undefined ? '' : sign < 0 ? '−' : '+',
      shownAmount(yuan, moneyUnit),
    ]),
    { colours },
  );
  const plans = body.plans === undefined ? [] : [plansTable(body.plans, style)];
  const link = `${zh ? '固定链接' : 'Permanent link'}: ${body.link}`;
  const whole = [...text, '', inputs, ...plans, entriesTable(body.entries, style)].join('\n');
  return page(body, style, whole, [more(body.next, language), link]);
}
