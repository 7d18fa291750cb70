/** The monitoring form of each stage: as it would be now, as it was submitted, and what is another since. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { AnswerDto } from './answer.dto.js';
import { monitoringDraft } from './form-drafts.js';
import { formDifferences } from './form-differences.js';
import { UNKNOWN_MONITORING, unknownSubmission } from './missing-performance.js';
import {
  MONITORING_EXAMPLE,
  MONITORING_SUBMISSIONS_EXAMPLE,
  MonitoringDto,
  MonitoringQuery,
  MonitoringSubmissionsDto,
  MonitoringSubmissionsQuery,
} from './monitoring.dto.js';
import { AtPlace, type Place } from './place.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { stageOf } from './stage.js';
import { momentOfSources, monitoringSubmissions, submissionDto } from './submissions.js';
import { YearReads, type YearView } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class MonitoringController {
  constructor(private readonly years: YearReads) {}

  @Get('monitoring')
  @YearRead({
    summary: 'The monitoring form of months 1 to N: as it would be now, or as it was submitted',
    description:
      'A form is as of the last day of its months, which the answer names as its asOf; a date asked for picks the stage. A ' +
      'submitted form is told as it was frozen, beside what its sources come to again and what would be another today.',
    answer: MonitoringDto,
    example: MONITORING_EXAMPLE,
    problems: [UNKNOWN_MONITORING],
  })
  monitoring(@AtPlace() place: Place, @Query() query: MonitoringQuery): Promise<MonitoringDto> {
    return this.years.answer(place, query, (view) => {
      const stage = stageOf(query, view);
      if (query.submission !== undefined) return submittedForm(view, { stage, submission: Number(query.submission) });
      return draftForm(view, stage);
    });
  }

  @Get('monitoring/submissions')
  @YearRead({
    summary: 'Monitoring forms that were submitted, withdrawn ones among them',
    description: 'All that is recorded, whatever its date.',
    answer: MonitoringSubmissionsDto,
    example: MONITORING_SUBMISSIONS_EXAMPLE,
  })
  submissions(@AtPlace() place: Place, @Query() query: MonitoringSubmissionsQuery): Promise<MonitoringSubmissionsDto> {
    return this.years.answer(place, query, async (view) => {
      const all = await monitoringSubmissions(view);
      const listed = all
        .map((one) => ({ ...submissionDto(one), stage: one.event.data.stage, overall: one.event.data.form.overall }))
        .filter(({ stage }) => query.stage === undefined || stage === Number(query.stage))
        .sort((a, b) => a.stage - b.stage || a.submission - b.submission);
      return { submissions: listed };
    });
  }
}

/** The date that the form is of goes before the one asked for. */
type FormAnswer = Omit<MonitoringDto, keyof AnswerDto> & { readonly asOf?: string };

async function draftForm(view: YearView, stage: number): Promise<FormAnswer> {
  const { form, thresholds } = await monitoringDraft(view.opened, view.at, stage);
  return { asOf: form.through, state: 'draft', form, thresholds };
}

async function submittedForm(
  view: YearView,
  asked: { readonly stage: number; readonly submission: number },
): Promise<FormAnswer> {
  const found = (await monitoringSubmissions(view)).find(
    ({ event: { data } }) => data.stage === asked.stage && data.submission === asked.submission,
  );
  if (found === undefined) throw unknownSubmission(asked, view, 'monitoring/submissions');
  const { form, sources, thresholds, stage } = found.event.data;
  const again = await monitoringDraft(view.opened, await momentOfSources(view, sources, found.event), stage);
  const today = await monitoringDraft(view.opened, view.at, stage);
  const submission = submissionDto(found);
  return {
    asOf: form.through,
    state: submission.state,
    form,
    thresholds,
    submission,
    differs: formDifferences(form, { ...again.form, unitName: form.unitName }),
    changedSince: formDifferences(form, today.form),
  };
}
