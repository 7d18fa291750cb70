/** Verbs of monitoring: the form of a stage, what is said of its rows, rectifications, pace, and what the lights go by. */
import type { Command } from 'commander';
import type { DeviationCause, Likelihood } from '#domain/performance/events.js';
import type { MonitoredIndicator, MonitoringForm } from '#domain/performance/monitoring-form.js';
import { book, bookOptions } from './book.js';
import { collect, does, type Cli } from './cli.js';
import { path } from './client.js';
import { evidenceOf, evidenceOptions } from './evidence.js';
import { defined, type Given, quote } from './given.js';
import { readJson } from './json-file.js';
import { momentOptions } from './moment.js';
import type {
  FormBody,
  PaceBody,
  PacedBody,
  RectificationsBody,
  SubmissionsBody,
  ThresholdsBody,
} from './performance-bodies.js';
import {
  MONITORING_COLUMNS,
  PACE_COLUMNS,
  RECTIFICATION_COLUMNS,
  SUBMISSION_COLUMNS,
  THRESHOLD_COLUMNS,
} from './performance-columns.js';
import {
  renderMonitoring,
  renderPace,
  renderRectifications,
  renderSubmissions,
  renderThresholds,
} from './render-performance.js';
import { report, reports } from './report.js';
import { group, writes } from './results.js';

const CAUSES: readonly DeviationCause[] = ['funding', 'system', 'staff', 'hardware', 'other'];
const LIKELIHOODS: readonly Likelihood[] = ['certain', 'possible', 'impossible'];
const CONCLUSIONS = ['done', 'partly', 'not-done'] as const;
const STATES = ['open', 'closed'] as const;

const stageOption = (command: Command): Command =>
  command.option('--stage <month>', 'months 1 to this one; 6 is mid-year');
const onOption = (command: Command): Command => command.option('--date <date>', 'day of the paper; never assumed');

/** A month as text, in an address. */
function stageOf(given: Given, text = given.text('stage')): string {
  if (text !== '' && !/^([1-9]|1[0-2])$/.test(text)) {
    given.fault('stage', 'NOT_A_MONTH', `${quote(text)} is not a month from 1 to 12`);
  }
  return text;
}

export function monitoringVerbs(program: Command, cli: Cli): void {
  const monitoring = stageOption(
    group(
      program,
      'monitoring',
      'the monitoring form of a stage as it is now or was submitted; or explain, submit, withdraw',
    ),
  ).option('--submission <number>', 'as it was submitted under this number, and what has changed since');
  reports<FormBody<MonitoringForm>, MonitoredIndicator>(cli, monitoring, (given) => {
    const stage = given.optionalText('stage');
    return {
      address: '/monitoring',
      query: {
        stage: stage === undefined ? undefined : stageOf(given, stage),
        submission: given.optionalText('submission'),
      },
      table: renderMonitoring,
      columns: MONITORING_COLUMNS,
      rows: ({ form }) => form.indicators,
    };
  });
  explainVerb(monitoring, cli);
  writes(
    cli,
    onOption(
      stageOption(monitoring.command('submit').description('submit the form of a stage: it is frozen as it stands')),
    ),
    (given) => ({
      address: path`/monitoring/${stageOf(given)}/submission`,
      body: { effectiveDate: given.date('date') },
      revisionOf: '/targets',
    }),
  );
  writes(
    cli,
    onOption(stageOption(monitoring.command('withdraw <submission>').description('withdraw a submission'))).option(
      '--reason <words>',
      'why',
    ),
    (given, submission = '') => ({
      address: path`/monitoring/${stageOf(given)}/submissions/${submission}/withdrawal`,
      body: { effectiveDate: given.date('date'), reason: given.text('reason') },
    }),
  );
  reports<SubmissionsBody, SubmissionsBody['submissions'][number]>(
    cli,
    stageOption(monitoring.command('submissions').description('forms that were submitted, those withdrawn among them')),
    (given) => ({
      address: '/monitoring/submissions',
      query: { stage: given.optionalText('stage') },
      table: renderSubmissions,
      columns: SUBMISSION_COLUMNS,
      rows: ({ submissions }) => submissions,
    }),
  );
  rectificationVerbs(program, cli);
  thresholdsVerb(program, cli);
  linkVerb(program, cli);
  paceVerb(program, cli);
}

const ROW_OPTIONS = ['indicator', 'cause', 'explanation', 'likelihood', 'forecast', 'remark', 'date'];

function explainVerb(monitoring: Command, cli: Cli): void {
  const command = onOption(
    stageOption(monitoring.command('explain').description('say why a row deviates and what is expected')),
  )
    .option('--indicator <id>', 'row')
    .option('--cause <category>', `${CAUSES.join(', ')}; may be given several times`, collect)
    .option('--explanation <words>', 'why, in words')
    .option('--likelihood <word>', `that the goal is reached: ${LIKELIHOODS.join(', ')}`)
    .option('--forecast <value>', 'what is expected for the year (default: the computed forecast)')
    .option('--remark <words>', 'what is planned')
    .option('--file <json>', 'many rows at once: the body of POST …/explanations');
  does(cli, bookOptions(command), async (given) => {
    const address = path`/monitoring/${stageOf(given)}/explanations`;
    const file = given.optionalText('file');
    if (file !== undefined) {
      given.alone('file', ROW_OPTIONS);
      return book(cli, given, { address, body: await readJson(file), fromFile: true });
    }
    const causes = given.list('cause');
    for (const cause of causes) {
      if (!CAUSES.some((known) => known === cause)) {
        given.fault('cause', 'NOT_A_CHOICE', `${quote(cause)} is none of ${CAUSES.join(', ')}`);
      }
    }
    const row = defined({
      indicator: given.text('indicator'),
      causes,
      explanation: given.optionalText('explanation'),
      likelihood: given.optionalChoice('likelihood', LIKELIHOODS),
      forecast: given.optionalText('forecast'),
      remark: given.optionalText('remark'),
    });
    return book(cli, given, { address, body: { effectiveDate: given.date('date'), rows: [row] } });
  });
}

function rectificationVerbs(program: Command, cli: Cli): void {
  const rectifications = group(
    program,
    'rectifications',
    'what is to be put right, and what came of it; or open and close one',
  )
    .option('--state <state>', STATES.join(' or '))
    .option('--indicator <id>', 'only of this indicator');
  reports<RectificationsBody, RectificationsBody['rectifications'][number]>(cli, rectifications, (given) => ({
    address: '/rectifications',
    query: { state: given.optionalChoice('state', STATES), indicator: given.optionalText('indicator') },
    table: renderRectifications,
    columns: RECTIFICATION_COLUMNS,
    rows: (body) => body.rectifications,
  }));
  writes(
    cli,
    onOption(rectifications.command('open <id>').description('require something to be put right'))
      .option('--requirement <words>', 'what')
      .option('--indicator <id>', 'of this indicator')
      .option('--line <line>', 'of this line')
      .option('--stage <month>', 'the monitoring that it follows from')
      .option('--due <date>', 'until when'),
    (given, rectificationId = '') => {
      const stage = given.optionalText('stage');
      return {
        address: '/rectifications',
        body: {
          effectiveDate: given.date('date'),
          rectificationId,
          requirement: given.text('requirement'),
          indicator: given.optionalText('indicator'),
          line: given.optionalText('line'),
          stage: stage === undefined ? undefined : Number(stageOf(given, stage)),
          due: given.optionalDate('due'),
        },
      };
    },
  );
  writes(
    cli,
    evidenceOptions(onOption(rectifications.command('close <id>').description('say what was done')))
      .option('--measures <words>', 'what was done')
      .option('--conclusion <word>', CONCLUSIONS.join(', ')),
    (given, id = '') => ({
      address: path`/rectifications/${id}/closure`,
      body: {
        effectiveDate: given.date('date'),
        measures: given.text('measures'),
        conclusion: given.choice('conclusion', CONCLUSIONS),
      },
      more: evidenceOf(given),
    }),
  );
}

const BOUNDS = ['work', 'money', 'gap', 'reason', 'date'];

function thresholdsVerb(program: Command, cli: Cli): void {
  const command = onOption(
    program.command('thresholds').description('the bounds of the monitoring lights; or set them from a date on'),
  )
    .option('--work <bounds>', 'of indicators: red below, yellow below[, blue from], such as 60,80,120')
    .option('--money <bounds>', 'of payments, such as 60,80')
    .option('--gap <points>', 'percentage points by which work and money may differ')
    .option('--reason <words>', 'why they are set');
  does(cli, bookOptions(momentOptions(command), ['table', 'json', 'csv']), async (given) => {
    if (!BOUNDS.some((option) => given.has(option))) {
      given.onlyWith('--work', ['key', 'if-match', 'dry-run']);
      return report<ThresholdsBody, ThresholdsBody>(cli, given, {
        address: '/thresholds',
        query: {},
        table: renderThresholds,
        columns: THRESHOLD_COLUMNS,
        rows: (body) => [body],
      });
    }
    given.alone('work', ['at', 'known-at', 'at-least']);
    const body = {
      effectiveDate: given.date('date'),
      reason: given.text('reason'),
      work: boundsOf(given, 'work'),
      money: boundsOf(given, 'money'),
      workMoneyGap: given.text('gap'),
    };
    const optionOf = (pointer: string) => THRESHOLD_OPTIONS.find(([member]) => pointer.startsWith(member))?.[1];
    return book(cli, given, { method: 'PUT', address: '/thresholds', body, revisionOf: '/targets', optionOf });
  });
}

const THRESHOLD_OPTIONS = [
  ['/workMoneyGap', '--gap'],
  ['/work', '--work'],
  ['/money', '--money'],
] as const;

function boundsOf(given: Given, option: string): object {
  const [redBelow = '', yellowBelow, blueFrom, ...more] = given
    .text(option)
    .split(/[,，]/)
    .map((bound) => bound.trim());
  if (redBelow !== '' && (yellowBelow === undefined || more.length > 0)) {
    given.fault(option, 'NOT_BOUNDS', 'write two or three percentages separated by commas, such as 60,80 or 60,80,120');
  }
  return { redBelow, yellowBelow: yellowBelow ?? '', ...(blueFrom === undefined ? {} : { blueFrom }) };
}

function linkVerb(program: Command, cli: Cli): void {
  writes(
    cli,
    onOption(
      program.command('link <indicator>').description('name the lines whose money does the work of an indicator'),
    ).option('--lines <lines>', 'lines separated by commas; "none" unlinks it'),
    (given, indicator = '') => {
      const lines = given.text('lines');
      return {
        method: 'PUT',
        address: path`/indicators/${indicator}/lines`,
        body: {
          effectiveDate: given.date('date'),
          lines: lines === 'none' ? [] : lines.split(/[,，]/).map((line) => line.trim()),
        },
        revisionOf: '/targets',
        optionOf: (pointer) => (pointer.startsWith('/lines') ? '--lines' : undefined),
      };
    },
  );
}

function paceVerb(program: Command, cli: Cli): void {
  const command = program
    .command('pace')
    .description('lines and indicators: planned and done, what is left and how fast, forecast for 31 December, light')
    .option('--line <line>', 'only this line')
    .option('--indicator <id>', 'only this indicator')
    .option('--of <what>', 'only lines or only indicators');
  reports<PaceBody, PacedBody>(cli, command, (given) => ({
    address: '/pace',
    query: {
      of: given.optionalChoice('of', ['lines', 'indicators']),
      line: given.optionalText('line'),
      indicator: given.optionalText('indicator'),
    },
    table: renderPace,
    columns: PACE_COLUMNS,
    rows: ({ lines, indicators }) => [...lines, ...indicators],
  }));
}
