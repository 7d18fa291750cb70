/**
 * Every rejection of the domain as a problem: its HTTP status and its words. 404: the address names nothing. 409: right in
 * itself, but not as things stand. 422: it can never be right. The compiler names a code that is missing here.
 */
import type { BudgetFault, BudgetRejection } from '#domain/budget/rejections.js';
import type { DirectoryRejection } from '#domain/directory/decide.js';
import { formatYuan } from '#domain/money.js';
import type { PerformanceFault, PerformanceRejection } from '#domain/performance/rejections.js';
import { presentMoney } from '#domain/present.js';
import { Problem, type Fault } from '#platform/problem.js';
import { profileWords, thresholdWords } from './settings-words.js';

type AnyFault = BudgetFault | PerformanceFault | (DirectoryRejection & { readonly at?: string });
type Words = { readonly [Code in AnyFault['code']]: readonly [status: 404 | 409 | 422, words: WordsOf<Code>] };
type WordsOf<Code> = (fault: Extract<AnyFault, { code: Code }>) => string;

export const REFUSALS: Words = {
  DATE_OUTSIDE_YEAR: [422, ({ date, year }) => `${date} is not in ${year}; book it in the ledger of its own year`],
  PERIOD_SEALED: [
    409,
    ({ date, sealedThrough, firstOpenDate }) =>
      firstOpenDate === undefined
        ? `the whole year is sealed, through ${sealedThrough}; reopen the period to book ${date}`
        : `the period through ${sealedThrough} is sealed; date it ${firstOpenDate} or later and give ${date} as belongsTo`,
  ],
  YEAR_CLOSED: [409, ({ year }) => `${year} is closed; reopen the year first, or book in an open one`],
  YEAR_NOT_CLOSED: [409, ({ year }) => `${year} is not closed`],
  BELONGS_TO_OPEN_PERIOD: [
    422,
    ({ belongsTo }) => `${belongsTo} is not in a sealed period; give it as effectiveDate and leave belongsTo out`,
  ],
  DATE_BEFORE_ENTRY: [422, ({ date, entryDate }) => `${date} is before ${entryDate}, the date of what it is about`],
  BUDGET_NOT_APPROVED: [409, ({ year }) => `the budget of ${year} is not approved yet`],
  BUDGET_ALREADY_APPROVED: [
    409,
    ({ approvedOn }) => `the budget is approved since ${approvedOn}; adjust it, or withdraw the approval first`,
  ],
  MOVEMENTS_EXIST: [409, () => 'money has moved since the approval; correct it by adjustments'],
  TOTALS_DIFFER: [
    422,
    ({ what, statedFen, computedFen }) =>
      `${what}: the document states ${formatYuan(statedFen)}, the lines add up to ${formatYuan(computedFen)}`,
  ],
  UNKNOWN_LINE: [422, ({ line }) => `there is no line ${line} in this unit and year; open it first`],
  DUPLICATE_LINE: [422, ({ line }) => `line ${line} stands here twice`],
  LINE_DIFFERS: [409, ({ line }) => `line ${line} exists with another name, fund or kind`],
  SAME_LINE: [422, ({ line }) => `line ${line} cannot give to itself`],
  FUND_MISMATCH: [
    422,
    ({ from, fromFund, to, toFund }) => `line ${from} is ${fromFund}, line ${to} is ${toFund}: funds are not mixed`,
  ],
  DOCUMENT_REQUIRED: [422, () => 'a transfer between basic and project expenditure needs a document number'],
  LINE_OVERDRAWN: [
    409,
    ({ line, availableFen, askedFen, shortFen }) =>
      `line ${line} has ${formatYuan(availableFen)} available, ${formatYuan(askedFen)} is asked: ${formatYuan(shortFen)} short`,
  ],
  LOT_TOO_SMALL: [
    409,
    ({ line, originYear, lotFen, askedFen }) =>
      `line ${line} holds ${formatYuan(lotFen)} of ${originYear}, ${formatYuan(askedFen)} is asked`,
  ],
  CARRIED_OVER_BY_CLOSE: [
    409,
    ({ originLine, originYear, carryOverId, fen }) =>
      `the close brought ${formatYuan(fen)} of line ${originLine} and ${originYear} already, as ${carryOverId}; revise that`,
  ],
  ORIGIN_YEAR_NOT_PAST: [422, ({ originYear, year }) => `money of ${originYear} cannot be carried into ${year}`],
  AMOUNT_NOT_POSITIVE: [422, () => 'the amount must be above 0'],
  TOTAL_OUT_OF_RANGE: [
    422,
    ({ limitFen }) => `all amounts of a unit and year together must stay below ${formatYuan(limitFen)}`,
  ],
  ECONOMIC_SHARES_EXCEED: [
    422,
    ({ sharesFen, amountFen }) => `the shares add up to ${formatYuan(sharesFen)}, more than ${formatYuan(amountFen)}`,
  ],
  TOO_MANY_MOVEMENTS: [422, ({ count, limit }) => `${count} movements at once, at most ${limit} are allowed`],
  NOTHING_TO_DO: [422, () => 'there is nothing in it'],
  PLAN_NOT_CUMULATIVE: [
    422,
    ({ line, month }) => `the plan of line ${line} falls in month ${month}: give twelve cumulative amounts`,
  ],
  NUMBER_TAKEN: [
    409,
    ({ kind, number, first }) =>
      `${kind} ${number} is booked already, dated ${first.effectiveDate}, with other content`,
  ],
  UNKNOWN_NUMBER: [404, ({ kind, number }) => `there is no ${kind} ${number} in this unit and year`],
  ALREADY_REVERSED: [409, ({ kind, number }) => `${kind} ${number} is reversed already`],
  REQUEST_ON_OTHER_LINE: [422, ({ requestId, line }) => `request ${requestId} is on line ${line}`],
  REQUEST_SETTLED: [409, ({ requestId }) => `nothing is left of request ${requestId}`],
  RETURN_EXCEEDS_PAYMENT: [
    409,
    ({ voucherNo, restFen, askedFen }) =>
      `${formatYuan(restFen)} is left of voucher ${voucherNo}, ${formatYuan(askedFen)} cannot be returned`,
  ],
  REATTRIBUTION_EXCEEDS_SHARE: [
    409,
    ({ voucherNo, line, shareFen, askedFen }) =>
      `voucher ${voucherNo} has ${formatYuan(shareFen)} on line ${line}, ${formatYuan(askedFen)} cannot be moved`,
  ],
  RELEASE_EXCEEDS_FREEZE: [
    409,
    ({ freezeId, restFen, askedFen }) =>
      `${formatYuan(restFen)} is frozen under ${freezeId}, ${formatYuan(askedFen)} cannot be released`,
  ],
  CODE_UNCHANGED: [409, ({ toCode }) => `the voucher has code ${toCode} already`],
  MOVEMENTS_AFTER_DATE: [
    409,
    ({ line, lastDate }) => `money of line ${line} moved on ${lastDate}; new codes begin on that day or later`,
  ],
  SEAL_NOT_LATER: [409, ({ sealedThrough }) => `the period through ${sealedThrough} is sealed already`],
  NOT_SEALED_THROUGH: [
    409,
    ({ sealedThrough }) =>
      sealedThrough === undefined ? 'no period is sealed' : `the latest seal is the one through ${sealedThrough}`,
  ],
  ALWAYS_CARRIED_OVER: [
    422,
    ({ line }) => `line ${line} is basic expenditure: what is unspent of it is always carried over`,
  ],
  LOT_NOT_CARRIED_OVER: [
    409,
    ({ line, originYear, reason }) =>
      `line ${line} has no money${originYear === undefined ? '' : ` of ${originYear}`} to carry over (${reason}); leave it out`,
  ],
  TARGET_LINE_DIFFERS: [
    409,
    ({ line, fund, expenditure, toLine, toFund, toExpenditure }) =>
      `line ${line} is ${expenditure} expenditure of ${fund}, line ${toLine} of the next year is ${toExpenditure} expenditure of ` +
      `${toFund}: carried-over money keeps both; name another line`,
  ],
  CLOSURE_SUPERSEDED: [409, ({ closure, newest }) => `closure ${closure} is superseded by closure ${newest}`],
  OPEN_REQUESTS: [
    409,
    ({ requests }) => `payment requests are open (${requests.length}): pay, or cancel what will not be paid`,
  ],
  OPEN_FREEZES: [409, ({ freezes }) => `freezes are open (${freezes.length}): release them first`],
  TARGETS_ALREADY_APPROVED: [409, ({ approvedOn }) => `the targets are approved since ${approvedOn}`],
  DUPLICATE_INDICATOR: [422, ({ indicator }) => `indicator ${indicator} stands here twice`],
  TARGET_VALUE_MISSING: [422, ({ indicator }) => `indicator ${indicator} needs a half-year and an annual value`],
  TARGETS_NOT_APPROVED: [409, ({ year }) => `the targets of ${year} are not approved yet`],
  DATE_OUTSIDE_FOLLOW_UP: [422, ({ date, from, to }) => `${date} is not between ${from} and ${to}`],
  RESULT_AFTER_CHECKPOINT: [
    422,
    ({ date, checkpoint, checkpointDate }) =>
      `${date} is after ${checkpointDate}, the ${checkpoint === 'half' ? 'half-year' : 'annual'} checkpoint: give the figure as it stood then`,
  ],
  TOO_MANY_ROWS: [422, ({ count, limit }) => `${count} rows at once, at most ${limit} are allowed`],
  UNKNOWN_INDICATOR: [422, ({ indicator }) => `there is no indicator ${indicator} in this table; see GET …/targets`],
  INDICATOR_ENDED: [
    409,
    ({ indicator, endedOn }) =>
      `indicator ${indicator} is withdrawn from ${endedOn} on; use an earlier date or another indicator`,
  ],
  TARGET_INCOHERENT: [
    422,
    ({ indicator, finding, facts }) =>
      `the targets of ${indicator} do not fit together (${finding}): ${Object.values(facts).flat().join(', ')}`,
  ],
  TARGET_TEXT_DIFFERS: [
    422,
    ({ indicator, text, value, unit }) =>
      `indicator ${indicator} prints ${text} and is judged by ${value}${unit}: make both alike`,
  ],
  PART_ABOVE_WHOLE: [
    422,
    ({ part, value, whole, wholeValue }) => `${part} ${value} is above ${whole} ${wholeValue}, which it is part of`,
  ],
  WEIGHT_IMPOSSIBLE: [
    422,
    ({ indicator, weight }) =>
      `indicator ${indicator}: weight ${weight} is not a number from 0 to 100 with at most two decimals`,
  ],
  TOLERANCE_IMPOSSIBLE: [
    422,
    ({ indicator, tolerance }) =>
      `indicator ${indicator}: tolerance ${tolerance} is not a decimal from 0 on, or its target is a word`,
  ],
  CHECKLIST_IMPOSSIBLE: [
    422,
    ({ indicator, reason }) =>
      reason === 'point-twice'
        ? `indicator ${indicator}: a point stands twice in the checklist`
        : `indicator ${indicator} has a target with a number; only one with a word is checked by points`,
  ],
  ALREADY_WITHDRAWN: [409, ({ kind, number }) => `${kind} ${number} is withdrawn; record it anew under another id`],
  RECTIFICATION_CLOSED: [
    409,
    ({ rectificationId, closedOn }) => `rectification ${rectificationId} is closed since ${closedOn}`,
  ],
  RESULTS_IN_OTHER_UNIT: [
    409,
    ({ indicator, results, recordedAs, target, from }) =>
      `results of ${indicator} are ${recordedAs.kind} in ${recordedAs.unit || 'no unit'} (${results.join(', ')}), its target is ` +
      `${target.kind} in ${target.unit || 'no unit'} from ${from} on: withdraw the results, or end the indicator and add another`,
  ],
  RESULT_NOT_ONE_VALUE: [
    422,
    ({ indicator }) => `the result of ${indicator} must be exactly one of value, text and points`,
  ],
  RESULT_NOT_A_NUMBER: [
    422,
    ({ indicator, found, unit }) =>
      `${indicator} has a target with a number: "${found}" must be a value${unit === '' ? '' : ` in ${unit}`}`,
  ],
  RESULT_NOT_A_WORD: [
    422,
    ({ indicator, found, target }) =>
      `the target of ${indicator} is the word ${target}: "${found}" must be a text or points`,
  ],
  RESULT_IS_COMPUTED: [
    422,
    ({ indicator, metric }) => `${indicator} is computed from the books (${metric}); correct the bookings instead`,
  ],
  VALUE_NOT_DECIMAL: [422, ({ found }) => `"${found}" is not a plain decimal of at most 20 digits, such as "1250.5"`],
  VALUE_NOT_WHOLE: [
    422,
    ({ found, unit }) =>
      unit === 'yuan' ? `${found} yuan has more than two decimals` : `${found} is not a whole number of ${unit}s`,
  ],
  VALUE_NEGATIVE: [422, ({ found }) => `${found} is below 0`],
  VALUE_OUT_OF_RANGE: [422, ({ found }) => `${found} is more than can be counted exactly`],
  UNIT_DIFFERS: [
    422,
    ({ indicator, found, unit }) =>
      `the target of ${indicator} is in ${unit || 'no unit'}, the result in ${found}: convert it`,
  ],
  PERCENTAGE_ABOVE_100: [
    422,
    ({ indicator, found }) => `${indicator} cannot be ${found} %: a part is at most the whole`,
  ],
  CHECKLIST_DIFFERS: [
    422,
    ({ indicator, missing, unknown, twice }) =>
      `answer each point of the checklist of ${indicator} once` +
      [
        [missing, 'missing'],
        [unknown, 'unknown'],
        [twice, 'twice'],
      ]
        .filter(([points]) => points!.length > 0)
        .map(([points, what]) => `; ${what as string}: ${(points as readonly string[]).join(', ')}`)
        .join(''),
  ],
  RUNNING_TOTAL_FALLS: [
    422,
    ({ of, value, date, otherValue, otherDate }) =>
      `${of} counts from 1 January and cannot be ${value} on ${date} when it is ${otherValue} on ${otherDate}; ` +
      'correct the wrong one, with its reason',
  ],
  STAGE_OUTSIDE_YEAR: [422, ({ stage }) => `stage ${stage} is not a month from 1 to 12`],
  FORM_OF_OTHER_YEAR: [422, ({ formYear, year }) => `the form is of ${formYear}, the table of ${year}`],
  FORM_TOO_EARLY: [
    422,
    ({ date, through }) =>
      `the form is of the months through ${through}: it cannot be submitted on ${date}, before their end`,
  ],
  FORM_OF_OTHER_PERIOD: [422, ({ found, through }) => `the form must be as of ${through}, not ${found}: make it again`],
  SOURCES_OUTDATED: [
    409,
    ({ cited, revision }) => `the form was made at revision ${cited}, the table is at ${revision}: make it again`,
  ],
  FORM_ROWS_DIFFER: [
    409,
    ({ missing, unknown }) =>
      `the form must have a row for each indicator` +
      `${missing.length > 0 ? `; missing: ${missing.join(', ')}` : ''}${unknown.length > 0 ? `; not there or twice: ${unknown.join(', ')}` : ''}`,
  ],
  EXPLANATION_MISSING: [
    422,
    ({ indicator, why }) =>
      `${indicator} ${why === 'missed' ? 'missed its target' : 'is red'}: name a cause (for "other" with an explanation)`,
  ],
  CAUSE_MISSING: [422, ({ indicator, why }) => `${indicator} ${CAUSE_WORDS[why]}: say the cause`],
  SCORE_MISSING: [422, ({ indicator }) => `${indicator} needs a score, or a reason why it has none`],
  SCORE_IMPOSSIBLE: [
    422,
    ({ indicator, score, from, to }) =>
      `${indicator}: ${score} is no score from ${from} to ${to} with at most two decimals`,
  ],
  PROFILE_DIFFERS: [
    422,
    ({ profile, formProfile }) => `the form was scored by profile ${formProfile}, not by ${profile}: make it again`,
  ],
  THRESHOLDS_UNUSABLE: [
    422,
    ({ problem, facts }) => `these thresholds cannot be used: ${thresholdWords(problem, facts)}`,
  ],
  PROFILE_UNUSABLE: [422, ({ problem, facts }) => `this profile cannot score: ${profileWords(problem, facts)}`],
  SCORE_NOT_TO_CHOOSE: [422, ({ indicator }) => `the points of ${indicator} are computed: leave grade and score out`],
  CHECK_FAILED: [
    422,
    ({ check, indicator, facts }) =>
      `the form fails ${check}${indicator === undefined ? '' : ` at ${indicator}`}${factsInWords(facts)}`,
  ],
  TOTAL_DIFFERS: [422, ({ stated, computed }) => `the total is ${stated}, the scores add up to ${computed}`],
  UNIT_CODE_INVALID: [422, () => 'a unit code is 1 to 21 capital letters and digits'],
  UNIT_EXISTS: [409, ({ unit, name }) => `unit ${unit} is registered as ${name}`],
  UNKNOWN_UNIT: [422, ({ unit }) => `there is no unit ${unit}; register it first`],
  UNIT_BELOW_ITSELF: [422, ({ unit, parent }) => `unit ${parent} lies below ${unit}`],
};

const CAUSE_WORDS = {
  'points-lost': 'lost points',
  missed: 'missed its target',
  'over-achieved': 'is far above its target',
  'low-execution': 'is below the rate that needs no explanation',
} as const;

/** ` (found 1e3)`: what a check found, in its own names. */
function factsInWords(facts: object): string {
  const told = Object.entries(facts).map(([name, value]) => `${name} ${String(value)}`);
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}

export type AnyRejection = BudgetRejection | PerformanceRejection | DirectoryRejection;

/** The problem of a rejection: the highest status of its faults, its code when there is one fault. */
export function refusal(rejection: AnyRejection): Problem {
  const faults: readonly AnyFault[] = rejection.code === 'SEVERAL_FAULTS' ? rejection.faults : [rejection];
  const status = Math.max(...faults.map(({ code }) => REFUSALS[code][0]));
  const told = faults.map(tell);
  const detail =
    told.length === 1 ? (told[0]?.message ?? '') : `Refused for ${told.length} reasons; nothing was booked.`;
  return new Problem(status, rejection.code, { detail, faults: told });
}

/** Faults that were found outside the rules, all right in their form, with what the rules refuse beside them. */
export function refusedFor(found: readonly Fault[], rules?: Problem): Problem {
  const faults = [...found, ...(rules?.facts.faults ?? [])];
  const [first, ...others] = faults;
  if (others.length === 0)
    return new Problem(422, first?.code ?? 'NOTHING_TO_DO', { detail: first?.message ?? '', faults });
  return new Problem(422, 'SEVERAL_FAULTS', {
    detail: `Refused for ${faults.length} reasons; nothing was booked.`,
    faults,
  });
}

function tell(fault: AnyFault): Fault {
  const { code, at, ...facts } = fault;
  return { pointer: at ?? '', ...(presentMoney(facts) as object), code, message: wordsOf(fault) };
}

export const wordsOf = (fault: AnyFault): string => (REFUSALS[fault.code][1] as (fault: AnyFault) => string)(fault);
