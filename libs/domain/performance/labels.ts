/** Events of the performance table as sentences; `#domain/sentence.js` adds date, document, reason, lateness and recorder. */
import type {
  DeviationCause,
  Evidence,
  Grade,
  Indicator,
  Likelihood,
  PerformanceEvent,
  RectificationClosed,
  ResultValue,
} from '#domain/performance/events.js';
import { FACTS, type FactKind } from '#domain/performance/facts.js';
import type { MonitoringForm } from '#domain/performance/monitoring-form.js';
import { EXECUTION_RATE_ROW } from '#domain/performance/self-evaluation-form.js';
import {
  CAUSE_WORDS,
  CONCLUSION_WORDS,
  FACT_UNIT_WORDS,
  GRADE_WORDS,
  LIKELIHOOD_WORDS,
} from '#domain/performance/words.js';
import { LIGHTS, LIGHT_STATES } from '#domain/scoring/lights.js';
import { type Labels, type Language, type TellingOptions, type Told, sentenceOf } from '#domain/sentence.js';

/** The event in one sentence. Throws on an event that has no label. */
export const performanceSentence = (event: Told<PerformanceEvent>, options: TellingOptions): string =>
  sentenceOf(PERFORMANCE_LABELS, event, options);

const PERFORMANCE_LABELS = {
  TargetsApproved: {
    zh: ({ indicators, dateAssumed }) => {
      const counted = quantitative(indicators);
      return (
        `批准绩效目标 ${indicators.length} 项（定量 ${counted} 项，定性 ${indicators.length - counted} 项）` +
        `${dateAssumed ? '，批准日期为假定' : ''}`
      );
    },
    en: ({ indicators, dateAssumed }) => {
      const counted = quantitative(indicators);
      return (
        `${indicators.length} targets approved (${counted} quantitative, ${indicators.length - counted} qualitative)` +
        `${dateAssumed ? ', the date of approval is assumed' : ''}`
      );
    },
  },
  TargetRevised: {
    zh: ({ from, to }) =>
      `调整指标 ${named(to)} 的目标：半年 ${step(from.half, to.half)}，全年 ${step(from.annual, to.annual)}`,
    en: ({ from, to }) =>
      `Target of ${named(to)} revised: half-year ${step(from.half, to.half)}, full-year ${step(from.annual, to.annual)}`,
  },
  IndicatorAdded: {
    zh: ({ indicator, after }) =>
      `增加指标 ${named(indicator)}：半年 ${indicator.half.text}，全年 ${indicator.annual.text}${placeInWords(after, 'zh')}`,
    en: ({ indicator, after }) =>
      `Indicator ${named(indicator)} added: half-year ${indicator.half.text}, full-year ${indicator.annual.text}${placeInWords(after, 'en')}`,
  },
  IndicatorWithdrawn: {
    zh: ({ indicator }) => `取消指标 ${indicator}`,
    en: ({ indicator }) => `Indicator ${indicator} withdrawn`,
  },
  NarrativeStated: {
    zh: ({ narrative }) => `填写 ${Object.keys(narrative).length} 段文字：${textsOf(narrative, 'zh')}`,
    en: ({ narrative }) => `${Object.keys(narrative).length} texts stated: ${textsOf(narrative, 'en')}`,
  },
  IndicatorLinked: {
    zh: ({ indicator, lines }, line) =>
      lines.length === 0
        ? `取消指标 ${indicator} 与预算项目的关联`
        : `指标 ${indicator} 关联预算项目 ${lines.map(line).join('、')}`,
    en: ({ indicator, lines }, line) =>
      lines.length === 0
        ? `Indicator ${indicator} linked to no line`
        : `Indicator ${indicator} linked to ${lines.map(line).join(', ')}`,
  },
  IndicatorResultRecorded: {
    zh: ({ indicator, resultId, result, unit, evidence, note }) =>
      `登记指标 ${indicator} 的结果 ${resultInWords({ ...result, unit }, 'zh')}（${resultId}${evidencePart(evidence, 'zh')}）${note ? `，备注：${note}` : ''}`,
    en: ({ indicator, resultId, result, unit, evidence, note }) =>
      `Result of ${indicator} recorded: ${resultInWords({ ...result, unit }, 'en')} (${resultId}${evidencePart(evidence, 'en')})${note ? `, note: ${note}` : ''}`,
  },
  ResultCorrected: {
    zh: ({ resultId, result, unit, evidence }) =>
      `更正结果 ${resultId} 为 ${resultInWords({ ...result, unit }, 'zh')}${bracketed(evidencePart(evidence, 'zh'), 'zh')}`,
    en: ({ resultId, result, unit, evidence }) =>
      `Result ${resultId} corrected to ${resultInWords({ ...result, unit }, 'en')}${bracketed(evidencePart(evidence, 'en'), 'en')}`,
  },
  ResultWithdrawn: {
    zh: ({ resultId }) => `撤回结果 ${resultId}`,
    en: ({ resultId }) => `Result ${resultId} withdrawn`,
  },
  BaseFactRecorded: {
    zh: ({ fact, factId, value, evidence }) =>
      `登记基础数据 ${factInWords(fact, value, 'zh')}（${factId}${evidencePart(evidence, 'zh')}）`,
    en: ({ fact, factId, value, evidence }) =>
      `Base fact recorded: ${factInWords(fact, value, 'en')} (${factId}${evidencePart(evidence, 'en')})`,
  },
  BaseFactCorrected: {
    zh: ({ factId, value }) => `更正基础数据 ${factId} 为 ${value}`,
    en: ({ factId, value }) => `Base fact ${factId} corrected to ${value}`,
  },
  BaseFactWithdrawn: {
    zh: ({ factId }) => `撤回基础数据 ${factId}`,
    en: ({ factId }) => `Base fact ${factId} withdrawn`,
  },
  ThresholdsSet: {
    zh: ({ thresholds: { version, work, money } }) =>
      `设定预警阈值第 ${version} 版：工作 ${boundsOf(work)}，资金 ${boundsOf(money)}`,
    en: ({ thresholds: { version, work, money } }) =>
      `Light thresholds set, version ${version}: work ${boundsOf(work)}, money ${boundsOf(money)}`,
  },
  ScoringProfileChosen: {
    zh: ({ profile }) => `选用评分规则 ${profile.name.zh}（${profile.id} 第 ${profile.version} 版）`,
    en: ({ profile }) => `Scoring profile chosen: ${profile.name.en} (${profile.id}, version ${profile.version})`,
  },
  DeviationExplained: {
    zh: ({ stage, indicator, ...said }) =>
      `说明 1 至 ${stage} 月监控中的指标 ${indicator}${explanationPart(said, 'zh')}`,
    en: ({ stage, indicator, ...said }) =>
      `${indicator} explained for the monitoring of months 1 to ${stage}${explanationPart(said, 'en')}`,
  },
  MonitoringSubmitted: {
    zh: ({ stage, submission, form }) =>
      `提交 1 至 ${stage} 月绩效运行监控表（第 ${submission} 次）：${lightsPart(form, 'zh')}`,
    en: ({ stage, submission, form }) =>
      `Monitoring form of months 1 to ${stage} submitted (submission ${submission}): ${lightsPart(form, 'en')}`,
  },
  MonitoringWithdrawn: {
    zh: ({ stage, submission }) => `撤回 1 至 ${stage} 月绩效运行监控表（第 ${submission} 次提交）`,
    en: ({ stage, submission }) => `Monitoring form of months 1 to ${stage} withdrawn (submission ${submission})`,
  },
  RectificationOpened: {
    zh: ({ rectificationId, indicator, line, requirement, due }, name) =>
      `要求整改 ${rectificationId}${concerns(indicator, line && name(line), 'zh')}：${requirement}${due ? `，期限 ${due}` : ''}`,
    en: ({ rectificationId, indicator, line, requirement, due }, name) =>
      `Rectification ${rectificationId} required${concerns(indicator, line && name(line), 'en')}: ${requirement}${due ? `, due ${due}` : ''}`,
  },
  RectificationClosed: {
    zh: ({ rectificationId, measures, conclusion, evidence }) =>
      `整改 ${rectificationId} 办结（${conclusionOf(conclusion, 'zh')}${evidencePart(evidence, 'zh')}）：${measures}`,
    en: ({ rectificationId, measures, conclusion, evidence }) =>
      `Rectification ${rectificationId} closed (${conclusionOf(conclusion, 'en')}${evidencePart(evidence, 'en')}): ${measures}`,
  },
  IndicatorAssessed: {
    zh: ({ indicator, ...said }) =>
      `${indicator === EXECUTION_RATE_ROW ? '自评预算执行率' : `自评指标 ${indicator}`}${assessmentPart(said, 'zh')}`,
    en: ({ indicator, ...said }) => `${indicator} assessed${assessmentPart(said, 'en')}`,
  },
  SelfEvaluationSubmitted: {
    zh: ({ submission, form: { total, possible, grade, indicators } }) =>
      `提交绩效自评表（第 ${submission} 次）：${indicators.length} 项指标，得分 ${total} / ${possible}，等级 ${grade}`,
    en: ({ submission, form: { total, possible, grade, indicators } }) =>
      `Self-evaluation submitted (submission ${submission}): ${indicators.length} indicators, score ${total} of ${possible}, grade ${grade}`,
  },
  SelfEvaluationWithdrawn: {
    zh: ({ submission }) => `撤回绩效自评表（第 ${submission} 次提交）`,
    en: ({ submission }) => `Self-evaluation withdrawn (submission ${submission})`,
  },
} as const satisfies Labels<PerformanceEvent>;

const quantitative = (indicators: readonly Indicator[]): number =>
  indicators.filter(({ comparator }) => comparator !== 'word').length;

const named = ({ indicator, level3 }: Indicator): string => `${indicator} ${level3}`;

const step = (from: Indicator['half'], to: Indicator['half']): string =>
  from.text === to.text ? to.text : `${from.text} → ${to.text}`;

const TEXT_WORDS = {
  duties: { zh: '主要职能', en: 'duties' },
  organisation: { zh: '机构设置', en: 'organisation' },
  staffing: { zh: '人员配置', en: 'staffing' },
  longTermGoal: { zh: '中长期目标', en: 'long-term goal' },
  annualGoal: { zh: '年度目标', en: 'annual goal' },
  annualOutcome: { zh: '年度目标完成情况', en: 'outcome of the annual goal' },
} as const;

const textsOf = (narrative: object, language: Language): string =>
  Object.entries(TEXT_WORDS)
    .filter(([key]) => key in narrative)
    .map(([, words]) => words[language])
    .join(language === 'zh' ? '、' : ', ');

/** A result as a sentence says it: `17`, `健全`, `3 of 4 points met`. */
function resultInWords(
  { value, text, points, unit = '' }: ResultValue & { readonly unit?: string | undefined },
  language: Language,
): string {
  if (points === undefined) return value === undefined ? (text ?? '') : `${value}${unit}`;
  const met = points.filter((point) => point.met).length;
  return language === 'zh' ? `${points.length} 个要点中符合 ${met} 个` : `${met} of ${points.length} points met`;
}

function evidencePart(evidence: readonly Evidence[], language: Language): string {
  if (evidence.length === 0) return '';
  const titles = evidence.map(({ title }) => title);
  return language === 'zh' ? `，依据：${titles.join('、')}` : `, evidence: ${titles.join(', ')}`;
}

const bracketed = (part: string, language: Language): string =>
  part === '' ? '' : language === 'zh' ? `（${part.slice(1)}）` : ` (${part.slice(2)})`;

const factInWords = (fact: FactKind, value: string, language: Language): string => {
  const { name, unit } = FACTS[fact];
  return `${name[language]} ${value} ${FACT_UNIT_WORDS[unit][language]}`;
};

const boundsOf = ({ redBelow, yellowBelow, blueFrom }: { redBelow: string; yellowBelow: string; blueFrom?: string }) =>
  `< ${redBelow} % ■, < ${yellowBelow} % ▲${blueFrom === undefined ? '' : `, ≥ ${blueFrom} % ◆`}`;

interface ExplanationSaid {
  readonly forecast?: string;
  readonly causes: readonly DeviationCause[];
  readonly explanation?: string;
  readonly likelihood?: Likelihood;
  readonly remark?: string;
}

function explanationPart({ forecast, causes, explanation, likelihood, remark }: ExplanationSaid, language: Language) {
  const ticked = causes.map((cause) => CAUSE_WORDS[cause][language]).join(language === 'zh' ? '、' : ', ');
  const likely = likelihood && LIKELIHOOD_WORDS[likelihood][language];
  return joined(
    language === 'zh'
      ? [
          ['全年预计 ', forecast],
          ['偏差原因 ', ticked],
          ['', explanation],
          ['完成可能性 ', likely],
          ['备注 ', remark],
        ]
      : [
          ['forecast ', forecast],
          ['cause ', ticked],
          ['', explanation],
          ['goal reachable: ', likely],
          ['remark ', remark],
        ],
    language,
  );
}

interface AssessmentSaid {
  readonly grade?: Grade;
  readonly score?: string;
  readonly cause?: string;
  readonly improvement?: string;
}

function assessmentPart({ grade, score, cause, improvement }: AssessmentSaid, language: Language): string {
  const graded = grade && GRADE_WORDS[grade][language];
  return joined(
    language === 'zh'
      ? [
          ['', graded],
          ['得分 ', score],
          ['偏差原因 ', cause],
          ['改进措施 ', improvement],
        ]
      : [
          ['', graded],
          ['score ', score],
          ['cause ', cause],
          ['improvement ', improvement],
        ],
    language,
  );
}

/** `：a，b` of the parts that are said; nothing when none is. */
function joined(parts: readonly (readonly [string, string | undefined])[], language: Language): string {
  const said = parts.filter(([, text]) => text).map(([before, text]) => `${before}${text}`);
  if (said.length === 0) return '';
  return language === 'zh' ? `：${said.join('，')}` : `: ${said.join(', ')}`;
}

function lightsPart({ overall, counts }: MonitoringForm, language: Language): string {
  const seen = LIGHT_STATES.filter((state) => counts[state] > 0);
  const each = seen.map((state) => `${LIGHTS[state].sign} ${counts[state]}`).join(language === 'zh' ? '，' : ', ');
  const worst = LIGHTS[overall].word[language];
  return language === 'zh' ? `总体 ${worst}（${each}）` : `overall ${worst} (${each})`;
}

function concerns(indicator: string | undefined, line: string | undefined, language: Language): string {
  const about = [indicator, line].filter(Boolean).join(language === 'zh' ? '、' : ', ');
  if (about === '') return '';
  return language === 'zh' ? `（涉及 ${about}）` : ` (about ${about})`;
}

/** Where a new row stands; nothing for the end. */
function placeInWords(after: string | null | undefined, language: Language): string {
  if (after === undefined) return '';
  if (after === null) return language === 'zh' ? '，列于首位' : ', as the first';
  return language === 'zh' ? `，列于 ${after} 之后` : `, behind ${after}`;
}

const conclusionOf = (conclusion: RectificationClosed['data']['conclusion'], language: Language): string =>
  CONCLUSION_WORDS[conclusion][language];
