/** The performance table with results, and whether its targets fit the plan that they belong to. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { coherence, type FormLine } from '#domain/metrics/coherence.js';
import { lineQuantities } from '#domain/metrics/quantities.js';
import { nextCheckpoint } from '#domain/metrics/report.js';
import { performanceStream } from '#domain/performance/decide.js';
import { picture, pictureInputs, pictureOf } from '#read-model/queries/picture.js';
import { targets } from '#read-model/queries/performance.js';
import { judgedTarget } from './judged-target.js';
import { MomentQuery } from './moment.js';
import { AtPlace, type Place } from './place.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { Headers, tagged, type Exchange } from './revision-tag.js';
import { COHERENCE_EXAMPLE, CoherenceDto, TARGETS_EXAMPLE, TargetsDto } from './targets.dto.js';
import { YearReads, type YearView } from './year-reads.js';

@ApiTags('read')
@Controller(YEAR_PATH)
export class PerformanceController {
  constructor(private readonly years: YearReads) {}

  @Get('targets')
  @YearRead({
    tagged: true,
    summary: 'Every indicator with its targets, result, verdict and distance',
    description:
      'Results of money indicators are worked out here, each in the scope of its target; of the others there is none yet. ' +
      'The revision is that of the targets, which results do not change: the answer is always given in full. A result opens ' +
      'under `rates/{metric}/explanation` with the funds and expenditure of its scope (without one: all), asOf and knownAt.',
    answer: TargetsDto,
    example: TARGETS_EXAMPLE,
  })
  async targets(@AtPlace() place: Place, @Query() query: MomentQuery, @Headers() exchange: Exchange) {
    const stream = performanceStream(place.unit, place.year);
    const revised = await this.years.revised({ place, query, stream }, async ({ opened, at }) => {
      const known = await picture(opened, at);
      const checkpoint = query.checkpoint ?? nextCheckpoint(known);
      const indicators = await targets(opened, at);
      return { checkpoint, targets: indicators.map((indicator) => judgedTarget(indicator, known, checkpoint)) };
    });
    return tagged(revised, { ...exchange, query, whole: false });
  }

  @Get('coherence')
  @YearRead({
    summary: 'What each ratio target would come to in each scope if the approved plan were carried out',
    description: 'The one scope that fits is the one that the target seems to mean; it is proposed, never implied.',
    answer: CoherenceDto,
    example: COHERENCE_EXAMPLE,
  })
  coherence(@AtPlace() place: Place, @Query() query: MomentQuery): Promise<CoherenceDto> {
    return this.years.answer(place, query, async (view) => {
      const indicators = await targets(view.opened, view.at);
      return { coherence: coherence(view.year, await formLines(view), indicators) };
    });
  }
}

/** Lines as the form prints them: the original budget, its half-year value, and what was carried in. */
async function formLines({ opened, at }: YearView): Promise<readonly FormLine[]> {
  const inputs = await pictureInputs(opened, at);
  const sums = lineQuantities(pictureOf(inputs));
  return inputs.lines.flatMap(({ line, fund, expenditure }) => {
    const known = sums.get(line);
    if (known === undefined) return [];
    const plan = (inputs.plans.get(line) ?? []).findLast(({ kind }) => kind !== 'monthly');
    const half = plan?.kind === 'approved' ? plan.halfYearPlanFen : undefined;
    return [
      {
        line,
        fund,
        expenditure,
        originalFen: known.original,
        carryOverInFen: known.carryOverIn,
        ...(half === undefined ? {} : { halfYearPlanFen: half }),
      },
    ];
  });
}
