/** `processes`: what closes caused in the next year, and another try of what was refused. */
import type { Command } from 'commander';
import { does, type Cli } from './cli.js';
import { path, type Client } from './client.js';
import { Refused } from './faults.js';
import { figure, text as textColumn, type CsvColumn } from './csv.js';
import type { Language } from './labels.js';
import { atLeastOf } from './moment.js';
import { pageOf, pageOptions, pages } from './paging.js';
import { localTime, PLAIN, type Style } from './page.js';
import { printable, table, type Tone } from './table.js';
import { jsonText, show, viewOf, viewOptions } from './view.js';

const STATES = ['open', 'refused', 'failed', 'done', 'superseded', 'undone'] as const;

type Words = Readonly<Record<Language, string>>;

interface ProcessBody {
  readonly id: string;
  readonly rule: string;
  readonly unit: string;
  readonly year: number;
  readonly state: string;
  readonly attempts: number;
  readonly cause: { readonly type: string; readonly position: string; readonly recordedAt: string };
  readonly target?: { readonly year: number };
  readonly written?: { readonly events: number; readonly position: string };
  readonly rejection?: {
    readonly code: string;
    readonly detail: string;
    readonly faults?: readonly { readonly message: string }[];
  };
}

interface ProcessesBody {
  readonly through: string;
  readonly entries: readonly ProcessBody[];
  readonly next?: string;
}

export function processesVerb(program: Command, cli: Cli): void {
  const command = program
    .command('processes')
    .description('what closes caused in the next year, newest first; or try one again that was refused')
    .option('--unit <code>', 'only of this unit')
    .option('--year <year>', 'only of this closed year')
    .option('--state <state>', STATES.join(', '))
    .option('--at-least <position>', 'wait until what this log position causes is answered')
    .option('--retry <id>', 'try this one again');
  does(cli, pageOptions(viewOptions(command)), async (given) => {
    given.alone('retry', ['unit', 'year', 'state', 'at-least', 'limit', 'cursor', 'all']);
    const view = viewOf(given, cli.terminal);
    const id = given.optionalText('retry');
    const query = {
      unit: given.optionalText('unit'),
      year: given.optionalYear('year')?.toString(),
      state: given.optionalChoice('state', STATES),
      ...atLeastOf(given),
    };
    const page = pageOf(given);
    given.check();
    if (id === undefined) {
      const body = await pages<ProcessesBody>(cli, '/api/v1/processes', { ...page, query });
      await show(cli, view, body, { table: renderProcesses, columns: COLUMNS, rows: ({ entries }) => entries });
      return 0;
    }
    const { body } = await cli.client().write<ProcessBody>('POST', path`/api/v1/processes/${id}/retry`, {});
    if (view.format === 'json') await cli.terminal.out(jsonText(body));
    else await cli.terminal.out(renderRetried(body, view.style));
    return ['done', 'superseded'].includes(body.state) ? 0 : 1;
  });
}

/** What a close caused, in one line, as soon as it is answered; where to look for it when that takes longer. */
export async function causedBy(
  client: Client,
  { stream, position }: { readonly stream: string; readonly position: string },
  language: Language,
): Promise<string> {
  const [, unit, year] = /^budget-(.+)-(\d{4})$/.exec(stream) ?? [];
  const entry = await client.get<ProcessesBody>('/api/v1/processes', { unit, year, atLeast: position }).then(
    ({ body }) => body.entries.find(({ cause }) => cause.position === position),
    (error: unknown) => {
      // The close itself is booked; that its consequence is not known yet is no failure of it.
      if (error instanceof Refused) return undefined;
      throw error;
    },
  );
  if (entry === undefined) return `${LOOK_THERE[language]}\n`;
  // Whoever looks at the next year now must see it.
  if (entry.written !== undefined) await client.get('/api/v1/units', { atLeast: entry.written.position });
  const what = RULE_WORDS[entry.rule]?.(language, entry.target?.year ?? entry.year + 1) ?? entry.rule;
  const facts = [stateWord(entry.state, language), outcomeOf(entry, language)].filter((part) => part !== '');
  return language === 'zh'
    ? printable(`${what}：${facts.join('，')}`) + '\n'
    : printable(`${what}: ${facts.join(', ')}`) + '\n';
}

const LOOK_THERE: Words = {
  zh: '下年转入情况：budget processes',
  en: 'What came of it in the next year: budget processes',
};

const COLUMNS: readonly CsvColumn<ProcessBody>[] = [
  textColumn('id', ({ id }) => id),
  textColumn('rule', ({ rule }) => rule),
  textColumn('unit', ({ unit }) => unit),
  figure('year', ({ year }) => String(year)),
  textColumn('state', ({ state }) => state),
  figure('attempts', ({ attempts }) => String(attempts)),
  figure('position', ({ cause }) => cause.position),
  textColumn('recordedAt', ({ cause }) => cause.recordedAt),
  figure('events', ({ written }) => written && String(written.events)),
  textColumn('code', ({ rejection }) => rejection?.code),
];

const HEADINGS: readonly Words[] = [
  { zh: '单位代码', en: 'Unit' },
  { zh: '年度', en: 'Year' },
  { zh: '事项', en: 'What' },
  { zh: '登记时间', en: 'Recorded at' },
  { zh: '状态', en: 'State' },
  { zh: '结果', en: 'Outcome' },
  { zh: '编号', en: 'Id' },
];

const STATE_WORDS: Readonly<Record<string, Words>> = {
  open: { zh: '处理中', en: 'open' },
  refused: { zh: '被拒', en: 'refused' },
  failed: { zh: '失败', en: 'failed' },
  done: { zh: '完成', en: 'done' },
  superseded: { zh: '已被取代', en: 'superseded' },
  undone: { zh: '已撤回', en: 'undone' },
};

const RULE_WORDS: Readonly<Record<string, (language: Language, target: number) => string>> = {
  'carry-forward': (language, target) => (language === 'zh' ? `结账，转入 ${target} 年` : `close, into ${target}`),
};

const stateWord = (state: string, language: Language): string => STATE_WORDS[state]?.[language] ?? state;

const toneOf = (state: string): Tone =>
  state === 'refused' || state === 'failed' ? 'bad' : state === 'done' ? 'good' : 'dim';

function renderProcesses({ entries, through, next }: ProcessesBody, { language, colours }: Style = PLAIN): string {
  const zh = language === 'zh';
  if (entries.length === 0) return zh ? '没有结账触发的事项。\n' : 'Nothing was caused by a close.\n';
  const rows = entries.map((entry) => [
    entry.unit,
    String(entry.year),
    RULE_WORDS[entry.rule]?.(language, entry.target?.year ?? entry.year + 1) ?? entry.rule,
    localTime(entry.cause.recordedAt),
    { text: stateWord(entry.state, language), tone: toneOf(entry.state) },
    outcomeOf(entry, language),
    entry.id,
  ]);
  const columns = HEADINGS.map((words) => ({ heading: words[language] }));
  const head = zh ? `已处理至日志位置 ${through}` : `Answered through log position ${through}`;
  const waiting = entries.some(({ state }) => state === 'refused' || state === 'failed');
  const retry = zh
    ? '原因消除后重试：budget processes --retry 编号'
    : 'Once the cause is gone: budget processes --retry ID';
  const more = zh ? `还有更多：--all，或 --cursor ${next}` : `There is more: --all, or --cursor ${next}`;
  const notes = [...(waiting ? [retry] : []), ...(next === undefined ? [] : [more])];
  return [printable(head), '', table(columns, rows, { colours }).trimEnd(), ...notes, ''].join('\n');
}

function outcomeOf({ state, written, rejection }: ProcessBody, language: Language): string {
  if (rejection !== undefined) return [rejection.code, rejection.detail].join(': ');
  if (state !== 'done' || written === undefined) return '';
  const { events } = written;
  if (language === 'zh') return events === 0 ? '无需变动' : `登记 ${events} 笔`;
  return events === 0 ? 'nothing to change' : `${events} events written`;
}

function renderRetried(entry: ProcessBody, { language }: Style): string {
  const facts = [stateWord(entry.state, language), outcomeOf(entry, language)].filter((part) => part !== '');
  const faults = (entry.rejection?.faults ?? []).map(({ message }) => `  ${message}`);
  const lone = faults.length === 1 && entry.rejection?.detail === entry.rejection?.faults?.[0]?.message;
  return [`${entry.unit} ${entry.year}: ${facts.join(', ')}`, ...(lone ? [] : faults), '']
    .map(printableLine)
    .join('\n');
}

const printableLine = (line: string): string => printable(line);
