/** Results, forms and pace as text for people. Pure: an answer of the API in, a table out. */
import type { MonitoringForm } from '#domain/performance/monitoring-form.js';
import type { SelfEvaluationForm } from '#domain/performance/self-evaluation-form.js';
import { LIGHTS, type LightState } from '#domain/scoring/lights.js';
import { shownAmount } from './amounts.js';
import { columnWord, valueWord, type Language } from './labels.js';
import { figures, headings, page, PLAIN, type Style } from './page.js';
import type {
  FactsBody,
  FormBody,
  FormDifferenceBody,
  PaceBody,
  PacedBody,
  ProfileBody,
  RectificationsBody,
  ResultsBody,
  SubmissionsBody,
  ThresholdsBody,
} from './performance-bodies.js';
import { valueText } from './performance-columns.js';
import { table, type Cell } from './table.js';

const LIGHT_TONES: Readonly<Partial<Record<LightState, Cell['tone']>>> = {
  red: 'bad',
  green: 'good',
  blue: 'good',
  'not-assessed': 'dim',
};

/** A light by its shape and word, so that nobody needs its colour. */
export function lightCell(state: string | undefined, language: Language): Cell {
  if (state === undefined || !Object.hasOwn(LIGHTS, state)) return { text: state ?? '' };
  const { sign, word } = LIGHTS[state as LightState];
  const tone = LIGHT_TONES[state as LightState];
  return { text: `${sign} ${word[language]}`, ...(tone === undefined ? {} : { tone }) };
}

export function renderResults(body: ResultsBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  const text = table(
    [
      ...headings(['resultId', 'date', 'indicator', 'level3'], language),
      ...figures(['result'], language),
      ...headings(['evidence', 'state'], language),
    ],
    body.results.map(
      ({ resultId, date, indicator, level3 = '', result, unit = '', evidence, corrections, withdrawn }) => [
        resultId,
        date,
        indicator,
        level3,
        `${valueText(result)}${result.value === undefined ? '' : unit}`,
        evidence.map(({ title }) => title).join('；'),
        stateCell({ corrections, withdrawn }, language),
      ],
    ),
    { colours },
  );
  return page(body, style, text);
}

function stateCell(
  {
    corrections,
    withdrawn,
  }: { readonly corrections: readonly unknown[]; readonly withdrawn: { readonly reason: string } | undefined },
  language: Language,
): Cell {
  if (withdrawn) return { text: `${valueWord('withdrawn', language)}：${withdrawn.reason}`, tone: 'dim' };
  return { text: corrections.length === 0 ? '' : `${valueWord('corrected', language)} ×${corrections.length}` };
}

/** Every fact as it stands, and below it how it was recorded. */
export function renderFacts(body: FactsBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  const standing = table(
    [...headings(['name', 'fact'], language), ...figures(['value'], language), ...headings(['date'], language)],
    body.facts.map(({ fact, name, value, date = '' }) => [name[language], fact, value ?? '', date]),
    { colours },
  );
  const recorded = table(
    [
      ...headings(['factId', 'date', 'fact'], language),
      ...figures(['value'], language),
      ...headings(['evidence', 'state'], language),
    ],
    body.recorded.map(({ factId, date, fact, value, evidence, corrections, withdrawn }) => [
      factId,
      date,
      fact,
      value,
      evidence.map(({ title }) => title).join('；'),
      stateCell({ corrections, withdrawn }, language),
    ]),
    { colours },
  );
  return page(body, style, body.recorded.length === 0 ? standing : `${standing}\n${recorded}`);
}

export function renderMonitoring(body: FormBody<MonitoringForm>, style: Style = PLAIN): string {
  const { language, moneyUnit, colours } = style;
  const { form } = body;
  const funds = table(
    [
      ...headings(['fund'], language),
      ...figures(['original', 'current', 'paid', 'rate', 'forecast'], language),
      ...headings(['method'], language),
    ],
    form.funds.map(({ row, original, current, executed, rate, reason, forecast, forecastMethod = '' }) => [
      valueWord(row, language),
      shownAmount(original, moneyUnit),
      shownAmount(current, moneyUnit),
      shownAmount(executed, moneyUnit),
      rate === null ? valueWord(reason ?? '', language) : `${rate}%`,
      forecast === null ? '' : shownAmount(forecast, moneyUnit),
      valueWord(forecastMethod, language),
    ]),
    { colours },
  );
  const rows = table(
    [
      ...headings(['indicator', 'level2', 'level3'], language),
      ...figures(['half', 'annual', 'result'], language),
      ...headings(['verdict', 'light'], language),
      ...figures(['forecast'], language),
      ...headings(['causes', 'likelihood'], language),
    ],
    form.indicators.map((row) => [
      row.indicator,
      row.level2,
      row.level3,
      row.half,
      row.annual,
      row.result ?? '',
      verdictWords(row, language),
      lightCell(row.light, language),
      row.forecast ?? '',
      row.causes.map((cause) => valueWord(`cause-${cause}`, language)).join('、'),
      valueWord(row.likelihood ?? '', language),
    ]),
    { colours },
  );
  const overall = `${columnWord('overall', language)}：${lightCell(form.overall, language).text}`;
  return page(body, style, `${funds}\n${rows}`, [overall, stateNote(body, language), ...changed(body, language)]);
}

function verdictWords(
  { verdict, reason }: { readonly verdict: string; readonly reason?: string },
  language: Language,
): string {
  const why =
    reason === undefined ? '' : language === 'zh' ? `（${valueWord(reason, 'zh')}）` : ` (${valueWord(reason, 'en')})`;
  return `${valueWord(verdict, language)}${why}`;
}

const stateNote = ({ state, submission }: FormBody<unknown>, language: Language): string => {
  if (submission === undefined) return valueWord(`form-${state}`, language);
  const { submission: number, submittedOn } = submission;
  return language === 'zh'
    ? `${valueWord(`form-${state}`, 'zh')}：第 ${number} 次，${submittedOn}。`
    : `${valueWord(`form-${state}`, 'en')}: submission ${number}, ${submittedOn}.`;
};

/** What has become another since it was submitted, one a line. */
function changed({ changedSince = [] }: FormBody<unknown>, language: Language): readonly string[] {
  if (changedSince.length === 0) return [];
  const head = language === 'zh' ? '提交后有变：' : 'Changed since it was submitted:';
  return [head, ...changedSince.map(differenceWords)];
}

const differenceWords = ({ block, row, member, submitted = '–', now = '–' }: FormDifferenceBody): string =>
  `  ${[block, row, member].filter((part) => part !== '').join(' ')}: ${submitted} → ${now}`;

export function renderSelfEvaluation(body: FormBody<SelfEvaluationForm>, style: Style = PLAIN): string {
  const { language, moneyUnit, colours } = style;
  const { form } = body;
  const funds = table(
    [...headings(['fund'], language), ...figures(['original', 'current', 'paid', 'rate', 'weight', 'score'], language)],
    form.funds.map(({ row, original, current, executed, rate, reason, points = '—', score = '—' }) => [
      valueWord(row, language),
      shownAmount(original, moneyUnit),
      shownAmount(current, moneyUnit),
      shownAmount(executed, moneyUnit),
      rate === null ? valueWord(reason ?? '', language) : `${rate}%`,
      points,
      score,
    ]),
    { colours },
  );
  const rows = table(
    [
      ...headings(['indicator', 'level2', 'level3'], language),
      ...figures(['annual', 'result', 'weight', 'score'], language),
      ...headings(['grade', 'cause'], language),
    ],
    form.indicators.map((row) => [
      row.indicator,
      row.level2,
      row.level3,
      row.annual,
      row.actual ?? '',
      row.points,
      row.score ?? valueWord(row.reason ?? '', language),
      valueWord(row.grade ?? '', language),
      row.cause ?? '',
    ]),
    { foot: [columnWord('total', language), '', '', '', '', form.possible, form.total, form.grade], colours },
  );
  const failing = form.checks.filter(({ outcome }) => outcome !== 'PASSED');
  const checks = failing.map(
    ({ check, outcome, at = '' }) => `! ${[check, at].join(' ').trim()}: ${valueWord(outcome, language)}`,
  );
  return page(body, style, `${funds}\n${rows}`, [stateNote(body, language), ...checks, ...changed(body, language)]);
}

export function renderSubmissions(body: SubmissionsBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  const text = table(
    [
      ...figures(['stage', 'submission'], language),
      ...headings(['date', 'state', 'light'], language),
      ...figures(['total'], language),
      ...headings(['grade', 'actor', 'reason'], language),
    ],
    body.submissions.map(
      ({ stage = '', submission, submittedOn, state, overall, total = '', grade = '', actor, withdrawn }) => [
        String(stage),
        String(submission),
        submittedOn,
        valueWord(`form-${state}`, language),
        lightCell(overall, language),
        total,
        valueWord(grade, language),
        actor.name ?? actor.id,
        withdrawn?.reason ?? '',
      ],
    ),
    { colours },
  );
  return page(body, style, text);
}

export function renderRectifications(body: RectificationsBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  const text = table(
    headings(['number', 'state', 'since', 'indicator', 'line', 'stage', 'requirement', 'until', 'measures'], language),
    body.rectifications.map((one) => [
      one.rectificationId,
      one.overdue
        ? { text: valueWord('overdue', language), tone: 'bad' as const }
        : valueWord(one.closed === undefined ? 'rectifying' : one.closed.conclusion, language),
      one.openedOn,
      one.indicator ?? '',
      one.line ?? '',
      String(one.stage ?? ''),
      one.requirement,
      one.due ?? '',
      one.closed === undefined ? '' : `${one.closed.on} ${one.closed.measures}`,
    ]),
    { colours },
  );
  return page(body, style, text);
}

export function renderThresholds(body: ThresholdsBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  const { work, money, workMoneyGap, version } = body.thresholds;
  const below = (bound: string): string => (language === 'zh' ? `低于 ${bound}%` : `below ${bound}%`);
  const from = (bound: string | undefined): string =>
    bound === undefined ? '' : language === 'zh' ? `${bound}% 起` : `from ${bound}%`;
  const text = table(
    [
      { heading: '' },
      ...(['red', 'yellow', 'blue'] as const).map((state) => ({ heading: lightCell(state, language).text })),
    ],
    [
      [valueWord('work', language), below(work.redBelow), below(work.yellowBelow), from(work.blueFrom)],
      [valueWord('money', language), below(money.redBelow), below(money.yellowBelow), from(money.blueFrom)],
    ],
    { colours },
  );
  const gap =
    language === 'zh'
      ? `进度与资金相差 ${workMoneyGap} 个百分点以上时提示。第 ${version} 版。`
      : `Work and money may differ by ${workMoneyGap} percentage points. Version ${version}.`;
  return page(body, style, text, [gap, body.setBy?.reason]);
}

export function renderProfile(body: ProfileBody, style: Style = PLAIN): string {
  const { language, colours } = style;
  const { profile } = body;
  if (profile === undefined) {
    return page(body, style, language === 'zh' ? '尚未选用评分规则。' : 'No scoring profile is chosen yet.');
  }
  const { groups = [], total = '' } = profile.rules;
  const text = table(
    [...headings(['group', 'name'], language), ...figures(['weight'], language)],
    groups.map(({ group, name, weight }) => [group, name[language], weight]),
    { foot: [columnWord('total', language), '', total], colours },
  );
  const { id, version, name, source } = profile;
  return page(body, style, text, [`${name[language]} (${id} ${version})`, source, body.setBy?.reason]);
}

export function renderPace(body: PaceBody, style: Style = PLAIN): string {
  const { language, moneyUnit, colours } = style;
  const shown = (row: PacedBody, value: string | undefined): string => {
    if (value === undefined) return '';
    return row.line === undefined ? `${value}${row.unit ?? ''}` : shownAmount(value, moneyUnit);
  };
  const text = table(
    [
      ...headings(['line', 'name'], language),
      ...figures(['planned', 'done', 'deviation', 'toGo', 'perMonth', 'forecast', 'low', 'high'], language),
      ...headings(['method', 'light'], language),
    ],
    [...body.lines, ...body.indicators].map((row) => [
      row.line ?? row.indicator ?? '',
      row.name ?? row.level3 ?? '',
      shown(row, row.planned),
      shown(row, row.done?.value),
      shown(row, row.deviation),
      shown(row, row.required?.left),
      shown(row, row.required?.perMonth),
      shown(row, row.forecast.value),
      shown(row, row.forecast.low),
      shown(row, row.forecast.high),
      valueWord(row.forecast.method ?? row.forecast.reason ?? '', language),
      lightCell(row.light.state, language),
    ]),
    { colours },
  );
  return page(body, style, text);
}
