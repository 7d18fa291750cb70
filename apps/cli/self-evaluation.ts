/** Verbs of the self-evaluation: the scored form, what is said of its rows, and the rules it is scored by. */
import type { Command } from 'commander';
import type { Grade } from '#domain/performance/events.js';
import type { EvaluatedIndicator, SelfEvaluationForm } from '#domain/performance/self-evaluation-form.js';
import { SCORING_PROFILES } from '#domain/scoring/profile.js';
import { book, bookOptions } from './book.js';
import { collect, does, type Cli } from './cli.js';
import { path } from './client.js';
import { defined, type Given, quote } from './given.js';
import { readJson } from './json-file.js';
import { momentOptions } from './moment.js';
import type { FormBody, ProfileBody, SubmissionsBody } from './performance-bodies.js';
import { EVALUATION_COLUMNS, PROFILE_COLUMNS, SUBMISSION_COLUMNS, type GroupBody } from './performance-columns.js';
import { renderProfile, renderSelfEvaluation, renderSubmissions } from './render-performance.js';
import { report, reports } from './report.js';
import { group, writes } from './results.js';

const GRADES: readonly Grade[] = ['reached', 'partly', 'not-reached'];

const onOption = (command: Command): Command => command.option('--date <date>', 'day of the paper; never assumed');

export function selfEvaluationVerbs(program: Command, cli: Cli): void {
  const evaluation = group(
    program,
    'self-evaluation',
    'the self-evaluation of the year as it is scored now or was submitted; or assess, submit, withdraw',
  ).option('--submission <number>', 'as it was submitted under this number, and what has changed since');
  reports<FormBody<SelfEvaluationForm>, EvaluatedIndicator>(cli, evaluation, (given) => ({
    address: '/self-evaluation',
    query: { submission: given.optionalText('submission') },
    table: renderSelfEvaluation,
    columns: EVALUATION_COLUMNS,
    rows: ({ form }) => form.indicators,
  }));
  assessVerb(evaluation, cli);
  writes(
    cli,
    onOption(evaluation.command('submit').description('submit the self-evaluation: it is frozen as it is scored')),
    (given) => ({
      address: '/self-evaluation/submission',
      body: { effectiveDate: given.date('date') },
      revisionOf: '/targets',
    }),
  );
  writes(
    cli,
    onOption(evaluation.command('withdraw <submission>').description('withdraw a submission')).option(
      '--reason <words>',
      'why',
    ),
    (given, submission = '') => ({
      address: path`/self-evaluation/submissions/${submission}/withdrawal`,
      body: { effectiveDate: given.date('date'), reason: given.text('reason') },
    }),
  );
  reports<SubmissionsBody, SubmissionsBody['submissions'][number]>(
    cli,
    evaluation.command('submissions').description('forms that were submitted, those withdrawn among them'),
    () => ({
      address: '/self-evaluation/submissions',
      query: {},
      table: renderSubmissions,
      columns: SUBMISSION_COLUMNS,
      rows: ({ submissions }) => submissions,
    }),
  );
  profileVerb(program, cli);
}

const ROW_OPTIONS = ['indicator', 'grade', 'score', 'cause', 'improvement', 'date'];

function assessVerb(evaluation: Command, cli: Cli): void {
  const command = onOption(
    evaluation.command('assess').description('say the grade of a word, why points were lost, what will be improved'),
  )
    .option('--indicator <id>', 'row')
    .option('--grade <grade>', GRADES.join(', '))
    .option('--score <points>', 'points inside the band of the grade')
    .option('--cause <words>', 'why it is not as planned')
    .option('--improvement <words>', 'what will be improved')
    .option('--file <json>', 'many rows at once: the body of POST …/assessments');
  does(cli, bookOptions(command), async (given) => {
    const address = '/assessments';
    const file = given.optionalText('file');
    if (file !== undefined) {
      given.alone('file', ROW_OPTIONS);
      return book(cli, given, { address, body: await readJson(file), fromFile: true });
    }
    const row = defined({
      indicator: given.text('indicator'),
      grade: given.optionalChoice('grade', GRADES),
      score: given.optionalText('score'),
      cause: given.optionalText('cause'),
      improvement: given.optionalText('improvement'),
    });
    return book(cli, given, { address, body: { effectiveDate: given.date('date'), rows: [row] } });
  });
}

function profileVerb(program: Command, cli: Cli): void {
  const ids = SCORING_PROFILES.map(({ id }) => id);
  const command = onOption(
    program.command('profile').description('the rules that the self-evaluation is scored by; or choose them'),
  )
    .option('--set <id>', `a shipped profile: ${ids.join(', ')}`)
    .option('--weight <group=points>', 'own weight of a group; may be given several times', collect)
    .option('--file <json>', 'a whole profile: the body of PUT …/scoring-profile')
    .option('--reason <words>', 'why it is chosen');
  does(cli, bookOptions(momentOptions(command), ['table', 'json', 'csv']), async (given) => {
    const whole = { method: 'PUT', address: '/scoring-profile', revisionOf: '/targets' } as const;
    const file = given.optionalText('file');
    if (file !== undefined) {
      given.alone('file', ['set', 'weight', 'reason', 'date', 'at', 'known-at', 'at-least']);
      return book(cli, given, { ...whole, body: await readJson(file), fromFile: true });
    }
    if (given.has('set')) {
      given.alone('set', ['at', 'known-at', 'at-least']);
      const body = {
        effectiveDate: given.date('date'),
        id: given.choice('set', ids),
        weights: weightsOf(given),
        reason: given.optionalText('reason'),
      };
      const optionOf = (pointer: string) => (pointer.startsWith('/weights') ? '--weight' : undefined);
      return book(cli, given, { ...whole, body, optionOf });
    }
    given.onlyWith('--set', ['weight', 'reason', 'date', 'key', 'if-match', 'dry-run']);
    return report<ProfileBody, GroupBody>(cli, given, {
      address: '/scoring-profile',
      query: {},
      table: renderProfile,
      columns: PROFILE_COLUMNS,
      rows: ({ profile }) => profile?.rules.groups ?? [],
    });
  });
}

/** Absent when none is given: then the weights of the profile hold. */
function weightsOf(given: Given): Record<string, string> | undefined {
  const weights = new Map<string, string>();
  for (const text of given.list('weight')) {
    const [, name = '', points = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === '') given.fault('weight', 'NOT_A_WEIGHT', `${quote(text)}: write GROUP=POINTS, such as output=45`);
    weights.set(name, points);
  }
  return weights.size === 0 ? undefined : Object.fromEntries(weights);
}
