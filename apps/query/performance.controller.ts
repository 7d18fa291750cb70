/** The performance table with results, and whether its targets fit the plan that they belong to. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { coherence, type FormLine } from '#domain/metrics/coherence.js';
import { lineQuantities } from '#domain/metrics/quantities.js';
import { tableFindings, WHOLE_TABLE } from '#domain/metrics/table-coherence.js';
import { performanceStream } from '#domain/performance/decide.js';
import { pictureInputs, pictureOf } from '#read-model/queries/picture.js';
import { performanceStanding } from '#read-model/queries/performance.js';
import { judgedTable } from './judged-table.js';
import { MomentQuery } from './moment.js';
import { AtPlace, type Place } from './place.js';
import { YEAR_PATH, YearRead } from './read-operation.js';
import { Headers, tagged, type Exchange } from './revision-tag.js';
import { isWanted, targetDto, weightsOf } from './target-answer.js';
import { COHERENCE_EXAMPLE, CoherenceDto, TARGETS_EXAMPLE, TargetsDto, TargetsQuery } from './targets.dto.js';
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
      'Results of money indicators are worked out here, each in the scope of its target, those of base facts from the facts, and ' +
      'the others are as recorded; `resultFrom` says which. Money moves results without moving the revision of the table: the ' +
      'answer is always given in full. Each opens under `targets/{indicator}/explanation`. All filters must hold.',
    answer: TargetsDto,
    example: TARGETS_EXAMPLE,
  })
  async targets(@AtPlace() place: Place, @Query() query: TargetsQuery, @Headers() exchange: Exchange) {
    const stream = performanceStream(place.unit, place.year);
    const revised = await this.years.revised({ place, query, stream }, async (view) => {
      const table = await judgedTable(view.opened, view.at, query);
      const { approved } = table.standing;
      return {
        checkpoint: table.checkpoint,
        ...(approved === undefined ? {} : { approvedOn: approved.effectiveDate }),
        ...(approved?.document === undefined ? {} : { document: approved.document }),
        targets: table.indicators.filter(isWanted(query)).map((judged) => targetDto(judged, table)),
      };
    });
    return tagged(revised, { ...exchange, query, whole: false });
  }

  @Get('coherence')
  @YearRead({
    summary: 'Whether the targets fit the approved plan, and the table itself',
    description:
      'The one scope that fits is the one that the target seems to mean; it is proposed, never implied. `findings` tells what ' +
      'else in the table does not fit together: units, running totals that fall, weights, names. Weights go by the scoring ' +
      'profile that was chosen.',
    answer: CoherenceDto,
    example: COHERENCE_EXAMPLE,
  })
  coherence(@AtPlace() place: Place, @Query() query: MomentQuery): Promise<CoherenceDto> {
    return this.years.answer(place, query, async (view) => {
      const { indicators, profile } = await performanceStanding(view.opened, view.at);
      return {
        coherence: coherence(view.year, await formLines(view), indicators),
        findings: tableFindings(indicators, profile === undefined ? WHOLE_TABLE : weightsOf(profile)),
      };
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
