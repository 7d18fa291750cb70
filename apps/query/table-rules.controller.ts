/** What a performance table goes by: its texts, the bounds of its lights, the rules of its scores, and what is to be put right. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { CivilDate } from '#domain/calendar.js';
import type { Rectification } from '#domain/performance/state.js';
import { performanceEntries, performanceStanding, type PerformanceEntry } from '#read-model/queries/performance.js';
import { MomentQuery } from './moment.js';
import { AtPlace, type Place } from './place.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { recordedDto } from './told-events.js';
import {
  CHOSEN_PROFILE_EXAMPLE,
  ChosenProfileDto,
  NARRATIVE_EXAMPLE,
  NarrativeDto,
  profileDto,
  RECTIFICATIONS_EXAMPLE,
  RectificationsDto,
  RectificationsQuery,
  THRESHOLDS_EXAMPLE,
  ThresholdsDto,
  type RectificationDto,
  type SetByDto,
} from './table-rules.dto.js';
import { YearReads, type YearView } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class TableRulesController {
  constructor(private readonly years: YearReads) {}

  @Get('thresholds')
  @YearRead({
    summary: 'The bounds between the lights in force, and who set them',
    answer: ThresholdsDto,
    example: THRESHOLDS_EXAMPLE,
  })
  thresholds(@AtPlace() place: Place, @Query() query: MomentQuery): Promise<ThresholdsDto> {
    return this.years.answer(place, query, async (view) => {
      const { thresholds } = await performanceStanding(view.opened, view.at);
      return { thresholds, ...(await setBy(view, 'ThresholdsSet')) };
    });
  }

  @Get('scoring-profile')
  @YearRead({
    summary: 'The rules by which the self-evaluation is scored, as chosen last',
    description:
      'A profile is chosen for the whole year: it counts as soon as it is recorded, whatever its date. Those that come with ' +
      'the program are under `GET /api/v1/scoring-profiles`.',
    answer: ChosenProfileDto,
    example: CHOSEN_PROFILE_EXAMPLE,
  })
  profile(@AtPlace() place: Place, @Query() query: MomentQuery): Promise<ChosenProfileDto> {
    return this.years.answer(place, query, async ({ opened, at }) => {
      const chosen = (await performanceEntries(opened, at, ['ScoringProfileChosen'])).at(-1);
      if (chosen?.type !== 'ScoringProfileChosen') return {};
      return { profile: profileDto(chosen.data.profile), setBy: setByDto(chosen) };
    });
  }

  @Get('narrative')
  @YearRead({
    summary: 'The texts of the table: duties, organisation, goals and what came of them',
    answer: NarrativeDto,
    example: NARRATIVE_EXAMPLE,
  })
  narrative(@AtPlace() place: Place, @Query() query: MomentQuery): Promise<NarrativeDto> {
    return this.years.answer(place, query, async (view) => {
      const { narrative } = await performanceStanding(view.opened, view.at);
      return { ...narrative, ...(await setBy(view, 'NarrativeStated')) };
    });
  }

  @Get('rectifications')
  @YearRead({
    summary: 'What was asked to be put right after a monitoring or an evaluation, and what came of it',
    description: 'All that is recorded, whatever its date; whether one is overdue goes by asOf.',
    answer: RectificationsDto,
    example: RECTIFICATIONS_EXAMPLE,
  })
  rectifications(@AtPlace() place: Place, @Query() query: RectificationsQuery): Promise<RectificationsDto> {
    const { state, indicator, stage } = query;
    return this.years.answer(place, query, async ({ opened, at }) => {
      const all = (await performanceStanding(opened, at)).rectifications.map((one) => rectificationDto(one, at.asOf));
      return {
        rectifications: all.filter(
          (one) =>
            (state === undefined || one.state === state) &&
            (indicator === undefined || one.indicator === indicator) &&
            (stage === undefined || one.stage === Number(stage)),
        ),
      };
    });
  }
}

/** The event that says what is in force: the last one dated by then, of one date the last recorded. */
async function setBy(
  { opened, at }: YearView,
  type: 'ThresholdsSet' | 'NarrativeStated',
): Promise<{ readonly setBy?: SetByDto }> {
  const dated = (await performanceEntries(opened, at, [type])).filter(({ effectiveDate }) => effectiveDate <= at.asOf);
  const last = dated.reduce<PerformanceEntry | undefined>(
    (latest, entry) => (latest === undefined || entry.effectiveDate >= latest.effectiveDate ? entry : latest),
    undefined,
  );
  return last === undefined ? {} : { setBy: setByDto(last) };
}

function setByDto(entry: PerformanceEntry): SetByDto {
  const { reason } = entry.data as { readonly reason?: string };
  return { ...recordedDto(entry), on: entry.effectiveDate, ...(reason === undefined ? {} : { reason }) };
}

function rectificationDto({ effectiveDate, opened, closed }: Rectification, asOf: CivilDate): RectificationDto {
  const { due } = opened;
  return {
    ...opened,
    state: closed === undefined ? 'open' : 'closed',
    openedOn: effectiveDate,
    ...(closed === undefined && due !== undefined && due < asOf ? { overdue: true } : {}),
    ...(closed === undefined ? {} : { closed: closedDto(closed) }),
  };
}

function closedDto({ effectiveDate: on, data }: NonNullable<Rectification['closed']>) {
  const { measures, conclusion, evidence } = data;
  return { on, measures, conclusion, evidence };
}
