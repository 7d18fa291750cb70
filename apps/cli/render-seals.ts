/** Seals and restatements as text for people. Pure: an answer of the API in, tables out. */
import { shownAmount } from './amounts.js';
import { nameOf } from './bodies.js';
import { inputWord, valueWord, type Language } from './labels.js';
import { localTime, page, PLAIN, scopeWord, type Style } from './page.js';
import type { AmountRestatedBody, KeptBody, RestatementBody, SealBody, SealedBody, SealsBody } from './seal-bodies.js';
import { printable, table, type Cell, type Column } from './table.js';

type Words = readonly [zh: string, en: string];

const HEADINGS = {
  actor: ['经办人', 'Recorded by'],
  belongsTo: ['所属日期', 'Belongs to'],
  bytes: ['字节', 'Bytes'],
  change: ['差额', 'Change'],
  date: ['业务日期', 'Date'],
  digest: ['摘要 SHA-256', 'SHA-256'],
  document: ['文号', 'Document'],
  paper: ['凭单号', 'Paper'],
  figure: ['数据', 'Figure'],
  line: ['编号', 'Line'],
  name: ['名称', 'Name'],
  now: ['现在', 'Now'],
  number: ['封存号', 'Seal'],
  rate: ['指标', 'Rate'],
  reason: ['原因', 'Reason'],
  recordedAt: ['登记时间', 'Recorded at'],
  report: ['报表', 'Report'],
  restated: ['重述数', 'Restated'],
  scope: ['口径', 'Scope'],
  sealed: ['封存数', 'As sealed'],
  sealedOn: ['封存日期', 'Sealed on'],
  sentence: ['事项', 'What happened'],
  since: ['起自', 'Since'],
  state: ['状态', 'State'],
  through: ['封存至', 'Through'],
  touches: ['关系', 'How it touches'],
  verdict: ['判定', 'Verdict'],
  where: ['位置', 'Where'],
  why: ['情形', 'What'],
} as const satisfies Readonly<Record<string, Words>>;

/** Codes of these answers in words; one that is not listed is shown as it is. */
const CODES: Readonly<Record<string, Words>> = {
  lines: ['项目', 'lines'],
  rates: ['指标', 'rates'],
  'belongs-to': ['补记，属于封存期间', 'late, belongs to the period'],
  'dated-inside': ['重开后登记', 'dated inside, recorded after'],
  'year-before': ['上年变动', 'change of the year before'],
  NO_REPORTS: ['封存时未留存报表', 'no report was kept'],
  DIGEST_DIFFERS: ['留存文本与摘要不符', 'the stored text has another digest'],
  NOT_READABLE: ['留存文本无法读取', 'the stored text cannot be read'],
  FORM_UNKNOWN: ['报表格式不再支持', 'a form not made any more'],
  STREAM_SHORTER: ['日志少于封存所引', 'the log holds less than was cited'],
  LOG_DAMAGED: ['日志损坏', 'the log is damaged'],
  FORMULA_VERSION_CHANGED: ['公式版本已变', 'another version of the formula'],
  FIGURE_DIFFERS: ['数据不同', 'another figure'],
  TEXT_DIFFERS: ['数据相同，文本不同', 'same figures, another text'],
};

const pick = ([zh, en]: Words, language: Language): string => (language === 'zh' ? zh : en);
const codeWord = (code: string, language: Language): string =>
  Object.hasOwn(CODES, code) ? pick(CODES[code] ?? [code, code], language) : valueWord(code, language);

const columns = (language: Language, names: readonly (keyof typeof HEADINGS)[]): Column[] =>
  names.map((name) => ({
    heading: pick(HEADINGS[name], language),
    ...(RIGHT.has(name) ? { align: 'right' as const } : {}),
  }));
const RIGHT: ReadonlySet<string> = new Set(['bytes', 'change', 'number', 'restated', 'sealed']);

export function renderSeals(body: SealsBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  const text = table(
    columns(language, ['number', 'through', 'sealedOn', 'recordedAt', 'actor', 'reason', 'state']),
    body.seals.map((seal) => [
      String(seal.number),
      seal.through,
      seal.sealedOn,
      localTime(seal.recordedAt),
      nameOf(seal.by),
      seal.reason,
      stateOf(seal, language),
    ]),
    { colours },
  );
  const none = language === 'zh' ? '本年没有封存过任何期间。' : 'No period of this year was ever sealed.';
  return page(body, style, text, body.seals.length === 0 ? [none] : []);
}

function stateOf({ reopened, reports }: SealBody, language: Language): Cell {
  const zh = language === 'zh';
  if (reopened !== undefined) {
    const { on, reason } = reopened;
    return { text: zh ? `${on} 重开：${reason}` : `reopened ${on}: ${reason}`, tone: 'dim' };
  }
  const kept = reports.length === 0 ? (zh ? '，未留存报表' : ', no reports kept') : '';
  return { text: `${zh ? '有效' : 'in force'}${kept}` };
}

/** One seal: what it is, what it rests on, its reports by digest, and whether they come out the same. */
export function renderSeal(body: SealedBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  const { seal, reports } = body;
  const zh = language === 'zh';
  const rests = seal.streams.map(({ stream, revision }) => `${stream} ≤ ${revision}`).join(zh ? '、' : ', ');
  const state = stateOf(seal, language).text;
  const head = [
    zh
      ? `封存 ${seal.number}：至 ${seal.through}，${seal.sealedOn} 由 ${nameOf(seal.by)} 封存（${seal.reason}），${state}`
      : `Seal ${seal.number} through ${seal.through}, sealed ${seal.sealedOn} by ${nameOf(seal.by)} (${seal.reason}), ${state}`,
    `${zh ? '依据' : 'Rests on'}: ${rests}`,
  ].map(printable);
  const kept = table(
    columns(language, ['report', 'bytes', 'digest']),
    reports.map((report) => [
      reportName(report, language),
      String(report.bytes),
      { text: report.sha256, ...(report.digestHolds ? {} : { tone: 'bad' as const }) },
    ]),
    { colours },
  );
  return page(body, style, [...head, '', kept, renderReproduction(body, style)].join('\n'));
}

const reportName = ({ kind, scope }: KeptBody, language: Language): string =>
  `${codeWord(kind, language)}${scope === 'all' ? '' : ` ${scope}`}`;

/** Whether the reports come out the same, with every reason why not. Ends with a line break. */
export function renderReproduction({ reproduction }: SealedBody, { language, colours }: Style = PLAIN): string {
  const { same, reasons = [], more } = reproduction;
  const zh = language === 'zh';
  if (same) {
    return zh
      ? '按封存所引日志重新生成，各报表逐字节相同。\n'
      : 'Made again from what the seal cites, every report is the same byte for byte.\n';
  }
  const head = zh ? '重新生成的报表与封存的不同：' : 'Made again, the reports are not the same:';
  const text = table(
    columns(language, ['why', 'where', 'sealed', 'now']),
    reasons.map(({ code, where, sealed, now }) => [
      { text: codeWord(code, language), tone: 'bad' },
      where,
      sealed ?? '-',
      now ?? '-',
    ]),
    { colours },
  );
  const rest = more === undefined ? '' : zh ? `另有 ${more} 处。\n` : `And ${more} more.\n`;
  return `${head}\n${text}${rest}`;
}

/** What came in since, then what it changes by line and by rate. */
export function renderRestatement(body: RestatementBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  if (!body.touched && body.rates.length === 0) return page(body, style, printable(body.sentence));
  const zh = language === 'zh';
  const entries = table(
    columns(language, ['date', 'belongsTo', 'touches', 'paper', 'document', 'recordedAt', 'actor', 'sentence']),
    body.entries.map((entry) => [
      entry.effectiveDate,
      entry.belongsTo ?? '',
      `${codeWord(entry.touches, language)}${entry.knownWhenSealed ? (zh ? '（封存时已知）' : ' (known when sealed)') : ''}`,
      entry.ref ?? '',
      entry.document ?? '',
      localTime(entry.recordedAt),
      nameOf(entry.actor),
      entry.sentence,
    ]),
    { colours },
  );
  const text = [printable(body.sentence), '', entries, linesTable(body, style), ratesTable(body, style)].join('\n');
  const more = zh ? `还有更多：--all，或 --cursor ${body.next}` : `There is more: --all, or --cursor ${body.next}`;
  const basis = zh
    ? '封存数取自读模型：该封存没有可读的报表。'
    : 'The sealed side comes from the read models: the seal has no report that can be read.';
  return page(body, style, text, [
    body.next === undefined ? undefined : more,
    body.basis === 'reports' ? undefined : basis,
  ]);
}

function linesTable({ lines, totals }: RestatementBody, { language, moneyUnit, colours }: Style): string {
  const amounts = ({ amount, sealed, restated, change }: AmountRestatedBody): string[] => [
    inputWord(amount, language),
    ...[sealed, restated, change].map((yuan) => shownAmount(yuan, moneyUnit)),
  ];
  const whole = language === 'zh' ? '合计' : 'Total';
  return table(
    columns(language, ['line', 'name', 'figure', 'sealed', 'restated', 'change', 'since']),
    [
      ...lines.flatMap(({ line, name, since, changes }) =>
        changes.map((change) => [line, name, ...amounts(change), since === undefined ? '' : localTime(since)]),
      ),
      ...totals.map((change) => [whole, '', ...amounts(change)]),
    ],
    { colours },
  );
}

function ratesTable({ rates }: RestatementBody, { language, colours }: Style): string {
  const percent = (rate: { readonly percent: string | null; readonly reason?: string } | undefined): string =>
    rate === undefined ? '-' : rate.percent === null ? valueWord(rate.reason ?? '', language) : `${rate.percent}%`;
  const verdict = ({ sealed, restated, turned }: RestatementBody['rates'][number]): Cell => {
    const word = (code: string | undefined) => (code === undefined ? '-' : valueWord(code, language));
    if (!turned) return { text: restated?.verdict === undefined ? '' : word(restated.verdict) };
    const tone = restated?.verdict === 'met' ? 'good' : 'bad';
    return { text: `${word(sealed?.verdict)} → ${word(restated?.verdict)}`, tone };
  };
  return table(
    columns(language, ['rate', 'scope', 'sealed', 'restated', 'change', 'verdict', 'since']),
    rates.map((rate) => {
      const of = rate.restated ?? rate.sealed;
      return [
        of?.name[language] ?? '',
        of === undefined ? '' : scopeWord(of.scope, language),
        percent(rate.sealed),
        percent(rate.restated),
        rate.change ?? '',
        verdict(rate),
        rate.since === undefined ? '' : localTime(rate.since),
      ];
    }),
    { colours },
  );
}

/** What a seal that was recorded says of itself: its digests are what is written down on paper. */
export function sealedFacts(data: Readonly<Record<string, unknown>>): readonly string[] {
  const { through, reason, streams, formulas, reports } = data as Partial<{
    through: string;
    reason: string;
    streams: SealBody['streams'];
    formulas: readonly unknown[];
    reports: readonly KeptBody[];
  }>;
  const rests = (streams ?? []).map(({ stream, revision }) => `${stream} up to revision ${revision}`).join(', ');
  return [
    `through ${through}, reason ${reason}, ${(formulas ?? []).length} formulas; rests on ${rests || 'nothing'}`,
    ...(reports ?? []).map(
      ({ kind, scope, bytes, sha256 }) => `report ${kind} ${scope}: ${bytes} bytes, SHA-256 ${sha256}`,
    ),
  ];
}
