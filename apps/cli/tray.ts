/** `tray`: notices of the treasury that could not be booked yet, another try of one, and a decision against one. */
import type { Command } from 'commander';
import { shownAmount } from './amounts.js';
import { does, type Cli } from './cli.js';
import { path } from './client.js';
import { figure, text as textColumn, type CsvColumn } from './csv.js';
import { BadInput, Refused } from './faults.js';
import type { Language } from './labels.js';
import { localTime, PLAIN, type Style } from './page.js';
import { pageOf, pageOptions, pages } from './paging.js';
import { printable, table, type Column, type Tone } from './table.js';
import { jsonText, show, viewOf, viewOptions } from './view.js';

const STATES = ['waiting', 'booked', 'dismissed', 'all'] as const;

type Words = Readonly<Record<Language, string>>;

interface NoticeBody {
  readonly id: string;
  readonly state: string;
  readonly kind: string;
  readonly unit: string;
  readonly year: number;
  readonly number: string;
  readonly voucherNo: string;
  readonly effectiveDate: string;
  readonly amount?: string;
  readonly since: string;
  readonly attempts: number;
  readonly reason: { readonly code: string; readonly detail: string };
  readonly written?: { readonly position: string; readonly events: number };
  readonly dismissal?: { readonly reason: string; readonly by: string };
}

interface TrayBody {
  readonly entries: readonly NoticeBody[];
  readonly next?: string;
}

export function trayVerb(program: Command, cli: Cli): void {
  const command = program
    .command('tray')
    .description('notices of the treasury that could not be booked yet, oldest first; or try one, or decide against it')
    .option('--unit <code>', 'only of this unit')
    .option('--year <year>', 'only of this year')
    .option('--state <state>', `${STATES.join(', ')} (default: waiting)`)
    .option('--retry <id>', 'try to book this one now')
    .option('--dismiss <id>', 'this one is not to be booked; needs --reason')
    .option('--reason <words>', 'why it is not to be booked');
  does(cli, pageOptions(viewOptions(command)), async (given) => {
    const listing = ['unit', 'year', 'state', 'limit', 'cursor', 'all'];
    given.alone('retry', [...listing, 'dismiss', 'reason']);
    given.alone('dismiss', listing);
    const view = viewOf(given, cli.terminal);
    const [retry, dismiss] = [given.optionalText('retry'), given.optionalText('dismiss')];
    if (dismiss === undefined) given.onlyWith('--dismiss', retry === undefined ? ['reason'] : []);
    const reason = dismiss === undefined ? '' : given.text('reason');
    const query = {
      unit: given.optionalText('unit'),
      year: given.optionalYear('year')?.toString(),
      state: given.optionalChoice('state', STATES),
    };
    const page = pageOf(given);
    given.check();
    if (retry === undefined && dismiss === undefined) {
      const body = await pages<TrayBody>(cli, ADDRESS, { ...page, query }).catch(withoutTray);
      await show(cli, view, body, { table: renderTray, columns: COLUMNS, rows: ({ entries }) => entries });
      return 0;
    }
    const [address, request] =
      dismiss === undefined
        ? [path`/api/v1/treasury/tray/${retry ?? ''}/retry`, {}]
        : [path`/api/v1/treasury/tray/${dismiss}/dismissal`, { body: { reason } }];
    const { body } = await cli.client().write<NoticeBody>('POST', address, request).catch(withoutTray);
    await cli.terminal.out(view.format === 'json' ? jsonText(body) : renderOne(body, view.style));
    return body.state === (dismiss === undefined ? 'booked' : 'dismissed') ? 0 : 1;
  });
}

const ADDRESS = '/api/v1/treasury/tray';

/** A system that runs in one process has no broker, and no tray. */
function withoutTray(error: unknown): never {
  if (!(error instanceof Refused && error.problem.code === 'NOT_FOUND')) throw error;
  const message = 'this system has no tray: only a ledger beside a message broker takes notices of the treasury';
  throw new BadInput({ place: 'BUDGET_URL', code: 'NO_TRAY', message });
}

const COLUMNS: readonly CsvColumn<NoticeBody>[] = [
  textColumn('id', ({ id }) => id),
  textColumn('state', ({ state }) => state),
  textColumn('unit', ({ unit }) => unit),
  figure('year', ({ year }) => String(year)),
  textColumn('kind', ({ kind }) => kind),
  textColumn('number', ({ number }) => number),
  textColumn('voucherNo', ({ voucherNo }) => voucherNo),
  figure('effectiveDate', ({ effectiveDate }) => effectiveDate),
  figure('amount', ({ amount }) => amount),
  textColumn('since', ({ since }) => since),
  figure('attempts', ({ attempts }) => String(attempts)),
  textColumn('code', ({ reason }) => reason.code),
];

const HEADINGS: readonly (Words & Pick<Column, 'align'>)[] = [
  { zh: '单位代码', en: 'Unit' },
  { zh: '年度', en: 'Year' },
  { zh: '通知', en: 'Notice' },
  { zh: '单号', en: 'Number' },
  { zh: '凭证号', en: 'Voucher' },
  { zh: '日期', en: 'Date' },
  { zh: '金额', en: 'Amount', align: 'right' },
  { zh: '收到时间', en: 'Since' },
  { zh: '状态', en: 'State' },
  { zh: '原因', en: 'Reason' },
  { zh: '编号', en: 'Id' },
];

const KIND_WORDS: Readonly<Record<string, Words>> = {
  payment: { zh: '支付', en: 'payment' },
  return: { zh: '退款', en: 'return' },
  correction: { zh: '更正（指标）', en: 'correction of the line' },
  'code-correction': { zh: '更正（经济分类）', en: 'correction of the code' },
};

const STATE_WORDS: Readonly<Record<string, Words>> = {
  waiting: { zh: '待登记', en: 'waiting' },
  booked: { zh: '已登记', en: 'booked' },
  dismissed: { zh: '不予登记', en: 'dismissed' },
};

const TONES: Readonly<Record<string, Tone>> = { waiting: 'bad', booked: 'good', dismissed: 'dim' };

function renderTray({ entries, next }: TrayBody, { language, moneyUnit, colours }: Style = PLAIN): string {
  const zh = language === 'zh';
  if (entries.length === 0) return zh ? '没有这样的国库通知。\n' : 'There is no such notice of the treasury.\n';
  const rows = entries.map((entry) => [
    entry.unit,
    String(entry.year),
    KIND_WORDS[entry.kind]?.[language] ?? entry.kind,
    entry.number,
    entry.voucherNo,
    entry.effectiveDate,
    shownAmount(entry.amount, moneyUnit),
    localTime(entry.since),
    { text: STATE_WORDS[entry.state]?.[language] ?? entry.state, tone: TONES[entry.state] ?? 'dim' },
    whyOf(entry),
    entry.id,
  ]);
  const columns = HEADINGS.map(({ align, ...words }) => ({ heading: words[language], ...(align && { align }) }));
  const retry = zh
    ? '原因消除后自动登记；立即重试：budget tray --retry 编号；不予登记：budget tray --dismiss 编号 --reason 理由'
    : 'Booked by itself once its reason is gone. At once: budget tray --retry ID. Not at all: budget tray --dismiss ID --reason WHY';
  const more = zh ? `还有更多：--all，或 --cursor ${next}` : `There is more: --all, or --cursor ${next}`;
  const isWaiting = entries.some(({ state }) => state === 'waiting');
  const notes = [...(isWaiting ? [retry] : []), ...(next === undefined ? [] : [more])];
  return [table(columns, rows, { colours }).trimEnd(), ...notes, ''].join('\n');
}

/** Why it waits, or who decided against it; nothing of one that is booked. */
function whyOf({ state, reason, dismissal }: NoticeBody): string {
  if (dismissal !== undefined) return `${dismissal.by}: ${dismissal.reason}`;
  return state === 'booked' ? '' : `${reason.code}: ${reason.detail}`;
}

function renderOne(entry: NoticeBody, { language }: Style): string {
  const { unit, year, number, state, written } = entry;
  const word = STATE_WORDS[state]?.[language] ?? state;
  const where =
    written === undefined
      ? ''
      : language === 'zh'
        ? `日志位置 ${written.position}`
        : `log position ${written.position}`;
  const facts = [word, whyOf(entry), where].filter((part) => part !== '');
  return `${printable(`${unit} ${year} ${number}: ${facts.join(language === 'zh' ? '，' : ', ')}`)}\n`;
}
