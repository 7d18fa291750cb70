/** The self-evaluation of a year: as it would be now with its checks, as it was submitted, and what is another since. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { AnswerDto } from './answer.dto.js';
import { selfEvaluationDraft } from './form-drafts.js';
import { formDifferences } from './form-differences.js';
import { UNKNOWN_EVALUATION, unknownSubmission } from './missing-performance.js';
import { MomentQuery } from './moment.js';
import { AtPlace, type Place } from './place.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import {
  EVALUATION_SUBMISSIONS_EXAMPLE,
  EvaluationSubmissionsDto,
  SELF_EVALUATION_EXAMPLE,
  SelfEvaluationDto,
  SelfEvaluationQuery,
} from './self-evaluation.dto.js';
import { evaluationSubmissions, momentOfSources, submissionDto } from './submissions.js';
import { YearReads, type YearView } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class SelfEvaluationController {
  constructor(private readonly years: YearReads) {}

  @Get('self-evaluation')
  @YearRead({
    summary: 'The self-evaluation form with its scores and checks: as it would be now, or as it was submitted',
    description:
      'As of 31 December, which the answer names as its asOf, with what is known by knownAt. Scored by the profile that the ' +
      'year chose; until one is chosen, by the one for whole departments. A submitted form is told as it was frozen, beside ' +
      'what its sources come to again and what would be another today.',
    answer: SelfEvaluationDto,
    example: SELF_EVALUATION_EXAMPLE,
    problems: [UNKNOWN_EVALUATION],
  })
  selfEvaluation(@AtPlace() place: Place, @Query() query: SelfEvaluationQuery): Promise<SelfEvaluationDto> {
    return this.years.answer(place, query, async (view): Promise<FormAnswer> => {
      if (query.submission !== undefined) return submittedForm(view, Number(query.submission));
      const form = await selfEvaluationDraft(view.opened, view.at);
      return { asOf: form.through, state: 'draft', form };
    });
  }

  @Get('self-evaluation/submissions')
  @YearRead({
    summary: 'Self-evaluations that were submitted, withdrawn ones among them',
    description: 'All that is recorded, whatever its date.',
    answer: EvaluationSubmissionsDto,
    example: EVALUATION_SUBMISSIONS_EXAMPLE,
  })
  submissions(@AtPlace() place: Place, @Query() query: MomentQuery): Promise<EvaluationSubmissionsDto> {
    return this.years.answer(place, query, async (view) => ({
      submissions: (await evaluationSubmissions(view)).map((one) => {
        const { profile, total, grade } = one.event.data.form;
        return { ...submissionDto(one), profile, total, grade };
      }),
    }));
  }
}

/** The date that the form is of goes before the one asked for. */
type FormAnswer = Omit<SelfEvaluationDto, keyof AnswerDto> & { readonly asOf?: string };

async function submittedForm(view: YearView, submission: number): Promise<FormAnswer> {
  const found = (await evaluationSubmissions(view)).find(({ event }) => event.data.submission === submission);
  if (found === undefined) throw unknownSubmission({ submission }, view, 'self-evaluation/submissions');
  const { form, sources, profile } = found.event.data;
  const said = { profile, finished: form.finished ?? false };
  const again = await selfEvaluationDraft(view.opened, await momentOfSources(view, sources, found.event), said);
  const today = await selfEvaluationDraft(view.opened, view.at, said);
  const told = submissionDto(found);
  return {
    asOf: form.through,
    state: told.state,
    form,
    submission: told,
    differs: formDifferences(form, { ...again, unitName: form.unitName }),
    changedSince: formDifferences(form, today),
  };
}
