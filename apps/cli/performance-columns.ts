/** Columns of CSV about results, forms and pace. Programs read them: names and order stay, new ones are added at the end. */
import type { MonitoredIndicator } from '#domain/performance/monitoring-form.js';
import type { EvaluatedIndicator } from '#domain/performance/self-evaluation-form.js';
import { nameOf } from './bodies.js';
import { figure, text, type CsvColumn } from './csv.js';
import type {
  EvidenceBody,
  FactBody,
  PacedBody,
  ProfileBody,
  RectificationsBody,
  ResultBody,
  SubmissionsBody,
  ThresholdsBody,
  ValueBody,
} from './performance-bodies.js';

/** `17`, `健全`, or the points met of all. */
export const valueText = ({ value, text: word, points }: ValueBody): string =>
  value ?? word ?? `${points?.filter(({ met }) => met).length ?? 0}/${points?.length ?? 0}`;

const evidenceText = (evidence: readonly EvidenceBody[]): string => evidence.map(({ title }) => title).join('; ');
const filesOf = (evidence: readonly EvidenceBody[]): string =>
  evidence.flatMap(({ attachment }) => (attachment === undefined ? [] : [attachment.sha256])).join(' ');

export const RESULT_COLUMNS: readonly CsvColumn<ResultBody>[] = [
  text('resultId', ({ resultId }) => resultId),
  figure('date', ({ date }) => date),
  text('indicator', ({ indicator }) => indicator),
  text('level3', ({ level3 }) => level3),
  text('value', ({ result }) => valueText(result)),
  text('unit', ({ unit }) => unit),
  text('evidence', ({ evidence }) => evidenceText(evidence)),
  text('files', ({ evidence }) => filesOf(evidence)),
  text('note', ({ note }) => note),
  figure('corrections', ({ corrections }) => corrections.length),
  text('withdrawn', ({ withdrawn }) => withdrawn?.reason),
  figure('recordedAt', ({ recordedAt }) => recordedAt),
  text('actor', ({ actor }) => nameOf(actor)),
];

export const FACT_COLUMNS: readonly CsvColumn<FactBody>[] = [
  text('factId', ({ factId }) => factId),
  figure('date', ({ date }) => date),
  text('fact', ({ fact }) => fact),
  figure('value', ({ value }) => value),
  text('evidence', ({ evidence }) => evidenceText(evidence)),
  figure('corrections', ({ corrections }) => corrections.length),
  text('withdrawn', ({ withdrawn }) => withdrawn?.reason),
  figure('recordedAt', ({ recordedAt }) => recordedAt),
  text('actor', ({ actor }) => nameOf(actor)),
];

export const MONITORING_COLUMNS: readonly CsvColumn<MonitoredIndicator>[] = [
  text('indicator', ({ indicator }) => indicator),
  text('level1', ({ level1 }) => level1),
  text('level2', ({ level2 }) => level2),
  text('keyWork', ({ keyWork }) => keyWork),
  text('level3', ({ level3 }) => level3),
  text('half', ({ half }) => half),
  text('annual', ({ annual }) => annual),
  text('result', ({ result }) => result),
  figure('resultDate', ({ resultDate }) => resultDate),
  text('verdict', ({ verdict }) => verdict),
  text('reason', ({ reason }) => reason),
  figure('distance', ({ distance }) => distance),
  text('light', ({ light }) => light),
  text('forecast', ({ forecast }) => forecast),
  text('forecastMethod', ({ forecastMethod }) => forecastMethod),
  text('causes', ({ causes }) => causes.join('+')),
  text('explanation', ({ explanation }) => explanation),
  text('likelihood', ({ likelihood }) => likelihood),
  text('remark', ({ remark }) => remark),
];

export const EVALUATION_COLUMNS: readonly CsvColumn<EvaluatedIndicator>[] = [
  text('indicator', ({ indicator }) => indicator),
  text('level1', ({ level1 }) => level1),
  text('level2', ({ level2 }) => level2),
  text('keyWork', ({ keyWork }) => keyWork),
  text('level3', ({ level3 }) => level3),
  text('annual', ({ annual }) => annual),
  text('actual', ({ actual }) => actual),
  figure('resultDate', ({ resultDate }) => resultDate),
  figure('points', ({ points }) => points),
  figure('score', ({ score }) => score),
  text('reason', ({ reason }) => reason),
  text('rule', ({ rule }) => rule),
  text('grade', ({ grade }) => grade),
  text('cause', ({ cause }) => cause),
  text('improvement', ({ improvement }) => improvement),
];

export const SUBMISSION_COLUMNS: readonly CsvColumn<SubmissionsBody['submissions'][number]>[] = [
  figure('stage', ({ stage }) => stage),
  figure('submission', ({ submission }) => submission),
  figure('submittedOn', ({ submittedOn }) => submittedOn),
  text('state', ({ state }) => state),
  text('overall', ({ overall }) => overall),
  figure('total', ({ total }) => total),
  text('grade', ({ grade }) => grade),
  figure('recordedAt', ({ recordedAt }) => recordedAt),
  text('actor', ({ actor }) => nameOf(actor)),
  text('withdrawn', ({ withdrawn }) => withdrawn?.reason),
];

export const RECTIFICATION_COLUMNS: readonly CsvColumn<RectificationsBody['rectifications'][number]>[] = [
  text('rectificationId', ({ rectificationId }) => rectificationId),
  text('state', ({ state }) => state),
  figure('openedOn', ({ openedOn }) => openedOn),
  text('indicator', ({ indicator }) => indicator),
  text('line', ({ line }) => line),
  figure('stage', ({ stage }) => stage),
  text('requirement', ({ requirement }) => requirement),
  figure('due', ({ due }) => due),
  text('overdue', ({ overdue }) => (overdue ? 'true' : undefined)),
  figure('closedOn', ({ closed }) => closed?.on),
  text('conclusion', ({ closed }) => closed?.conclusion),
  text('measures', ({ closed }) => closed?.measures),
];

export const THRESHOLD_COLUMNS: readonly CsvColumn<ThresholdsBody>[] = [
  figure('version', ({ thresholds }) => thresholds.version),
  figure('workRedBelow', ({ thresholds }) => thresholds.work.redBelow),
  figure('workYellowBelow', ({ thresholds }) => thresholds.work.yellowBelow),
  figure('workBlueFrom', ({ thresholds }) => thresholds.work.blueFrom),
  figure('moneyRedBelow', ({ thresholds }) => thresholds.money.redBelow),
  figure('moneyYellowBelow', ({ thresholds }) => thresholds.money.yellowBelow),
  figure('moneyBlueFrom', ({ thresholds }) => thresholds.money.blueFrom),
  figure('workMoneyGap', ({ thresholds }) => thresholds.workMoneyGap),
];

export type GroupBody = NonNullable<NonNullable<ProfileBody['profile']>['rules']['groups']>[number];

export const PROFILE_COLUMNS: readonly CsvColumn<GroupBody>[] = [
  text('group', ({ group }) => group),
  text('name', ({ name }) => name.zh),
  figure('weight', ({ weight }) => weight),
];

export const PACE_COLUMNS: readonly CsvColumn<PacedBody>[] = [
  text('line', ({ line }) => line),
  text('indicator', ({ indicator }) => indicator),
  text('name', ({ name, level3 }) => name ?? level3),
  text('unit', ({ unit }) => unit ?? '元'),
  figure('planned', ({ planned }) => planned),
  figure('done', ({ done }) => done?.value),
  figure('doneOn', ({ done }) => done?.on),
  figure('deviation', ({ deviation }) => deviation),
  figure('perDay', ({ perDay }) => perDay),
  figure('nextTargetOn', ({ required }) => required?.on),
  figure('nextTarget', ({ required }) => required?.target),
  figure('left', ({ required }) => required?.left),
  figure('requiredPerMonth', ({ required }) => required?.perMonth),
  figure('forecast', ({ forecast }) => forecast.value),
  figure('low', ({ forecast }) => forecast.low),
  figure('high', ({ forecast }) => forecast.high),
  text('method', ({ forecast }) => forecast.method),
  text('noForecast', ({ forecast }) => forecast.reason),
  text('light', ({ light }) => light.state),
];
