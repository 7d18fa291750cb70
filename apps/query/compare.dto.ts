/** The answer to "what moved": two moments side by side, what differs, and the events that lie between them. */
import { ApiProperty, ApiPropertyOptional, OmitType, PickType } from '@nestjs/swagger';
import { EFFECT_KINDS, type EffectKind } from '#domain/budget/effects.js';
import { EXPENDITURES, FUND_NATURES, type Expenditure, type FundNature } from '#domain/budget/events.js';
import { METRICS } from '#domain/metrics/registry.js';
import type { Scope } from '#domain/metrics/quantities.js';
import { WHYS, type OnlyIn, type Why } from '#domain/metrics/why-moved.js';
import { LIGHT_STATES, type LightState } from '#domain/scoring/lights.js';
import { AnswerDto, EXAMPLE_ANSWER, PageDto } from './answer.dto.js';
import { FIGURE_IDS } from './figure-explanation.dto.js';
import { HISTORY_EXAMPLE, TellingDto } from './journal.dto.js';
import { FiguresDto, LINES_EXAMPLE } from './lines.dto.js';
import { EXAMPLE_RATE, NameDto, RateDto, VERDICTS } from './rates.dto.js';
import { ScopeDto } from './scope.js';

const MOMENT = ['asOf', 'knownAt', 'position', 'recordedAt'] as const;

export class MomentDto extends PickType(AnswerDto, MOMENT) {
  @ApiPropertyOptional({ example: 1, description: 'The seal whose moment it is' })
  readonly seal?: number;

  @ApiProperty({ example: true, description: 'Before approval all figures are real zeros' })
  readonly approved: boolean;
}

export class FigureChangeDto {
  @ApiProperty({ enum: FIGURE_IDS, example: 'paid' })
  readonly figure: string;

  @ApiProperty({ example: '7360000.00' })
  readonly a: string;

  @ApiProperty({ example: '7508100.00' })
  readonly b: string;

  @ApiProperty({ example: '148100.00', description: 'b − a' })
  readonly change: string;
}

export class TotalsAtBothDto {
  @ApiProperty({ type: FiguresDto })
  readonly a: FiguresDto;

  @ApiProperty({ type: FiguresDto })
  readonly b: FiguresDto;

  @ApiProperty({ type: [FigureChangeDto], description: 'Those that differ' })
  readonly changes: readonly FigureChangeDto[];
}

export class LineChangeDto {
  @ApiProperty({ example: 'P05' })
  readonly line: string;

  @ApiProperty({ example: '征地和拆迁补偿' })
  readonly name: string;

  @ApiProperty({ enum: EXPENDITURES })
  readonly expenditure: Expenditure;

  @ApiProperty({ enum: FUND_NATURES })
  readonly fund: FundNature;

  @ApiProperty({ type: [FigureChangeDto], description: 'Those that differ; a line that only one has counts as zeros' })
  readonly changes: readonly FigureChangeDto[];
}

export class RateChangeDto {
  @ApiProperty({ enum: METRICS.map(({ id }) => id), example: 'execution-rate' })
  readonly metric: string;

  @ApiProperty({ type: NameDto })
  readonly name: NameDto;

  @ApiPropertyOptional({ example: 'adjustment-rate', description: 'The metric that this is a registered view of' })
  readonly viewOf?: string;

  @ApiProperty({ type: ScopeDto })
  readonly scope: Scope;

  @ApiPropertyOptional({ example: 'I08', description: 'The indicator whose target this is' })
  readonly indicator?: string;

  @ApiPropertyOptional({ type: RateDto, description: 'Absent where only b has it' })
  readonly a?: RateDto;

  @ApiPropertyOptional({ type: RateDto, description: 'Absent where only a has it' })
  readonly b?: RateDto;

  @ApiPropertyOptional({
    example: '0.76',
    description: 'b − a in percentage points, of the percentages as printed; absent unless both have one',
  })
  readonly change?: string;

  @ApiProperty({ description: 'Differs in the figure, in what it is made of, or in how it is judged' })
  readonly moved: boolean;

  @ApiPropertyOptional({ enum: [true], description: 'The same target of the same checkpoint is judged otherwise' })
  readonly turned?: true;
}

export class MovedAmountDto {
  @ApiProperty({ enum: EFFECT_KINDS, example: 'paid' })
  readonly kind: EffectKind;

  @ApiProperty({ example: '148100.00', description: 'As booked, signed' })
  readonly amount: string;
}

const WHY_WORDS =
  'entry: a fact of its own; correction, reversal: an earlier one put right or taken back; plan, line, target: what ' +
  'figures are measured by changed without money';
const LATE_WORDS = 'Dated in the period of a, or belonging to it, and recorded after what a knew';

export class MovedSumDto {
  @ApiProperty({ enum: WHYS, description: WHY_WORDS })
  readonly why: Why;

  @ApiProperty({ description: LATE_WORDS })
  readonly late: boolean;

  @ApiProperty({ enum: ['a', 'b'], description: 'Which moment has them: those of a no longer count in b' })
  readonly onlyIn: OnlyIn;

  @ApiProperty({ example: 1 })
  readonly events: number;

  @ApiProperty({ type: [MovedAmountDto], description: 'Their effects by kind: b adds them to a, or takes them away' })
  readonly amounts: readonly MovedAmountDto[];
}

export class SentencesDto {
  @ApiProperty({ type: [String], example: ['其间变动 1 笔：迟记入账 1 笔（执行数 +148,100.00 元）。'] })
  readonly zh: readonly string[];

  @ApiProperty({ type: [String], example: ['1 event lies between them: 1 late entry (paid +148,100.00 yuan).'] })
  readonly en: readonly string[];
}

export class CompareSummaryDto {
  @ApiProperty({ example: 1, description: 'Events between the moments, on all pages' })
  readonly events: number;

  @ApiProperty({ example: 1 })
  readonly late: number;

  @ApiProperty({ type: [MovedSumDto], description: 'All of them by what they were' })
  readonly groups: readonly MovedSumDto[];

  @ApiProperty({ type: SentencesDto, description: 'What to read first' })
  readonly sentences: SentencesDto;
}

export class MovedEffectDto extends MovedAmountDto {
  @ApiProperty({ example: 'P05' })
  readonly line: string;
}

export class MovedEventDto extends TellingDto {
  @ApiProperty({ enum: WHYS, description: WHY_WORDS })
  readonly why: Why;

  @ApiPropertyOptional({ enum: [true], description: LATE_WORDS })
  readonly late?: true;

  @ApiProperty({ enum: ['a', 'b'], description: 'Which moment has it: one of a no longer counts in b' })
  readonly onlyIn: OnlyIn;

  @ApiProperty({ type: [MovedEffectDto], description: 'As booked, in the scope: b adds them to a, or takes them away' })
  readonly effects: readonly MovedEffectDto[];
}

export class IndicatorAtDto {
  @ApiProperty({ type: String, nullable: true, example: '17', description: 'In the unit of the target, or a word' })
  readonly result: string | null;

  @ApiProperty({ enum: VERDICTS })
  readonly verdict: (typeof VERDICTS)[number];

  @ApiProperty({ enum: LIGHT_STATES })
  readonly light: LightState;
}

export class IndicatorChangeDto {
  @ApiProperty({ example: 'I33' })
  readonly indicator: string;

  @ApiProperty({ example: '完成收储地块数量' })
  readonly level3: string;

  @ApiPropertyOptional({ type: IndicatorAtDto, description: 'Absent when the table had no such indicator' })
  readonly a?: IndicatorAtDto;

  @ApiPropertyOptional({ type: IndicatorAtDto })
  readonly b?: IndicatorAtDto;

  @ApiPropertyOptional({ enum: [true], description: 'The verdict is another' })
  readonly turned?: true;
}

export class IndicatorsAtBothDto {
  @ApiProperty({ example: 81 })
  readonly indicators: number;

  @ApiProperty({ example: 2, description: 'Those whose result or verdict is another' })
  readonly changed: number;

  @ApiProperty({ example: 1, description: 'Of these, those whose verdict is another' })
  readonly turned: number;

  @ApiProperty({ type: [IndicatorChangeDto], description: 'Each against the next checkpoint from its own date on' })
  readonly changes: readonly IndicatorChangeDto[];
}

export class CompareDto extends OmitType(PageDto, MOMENT) {
  @ApiProperty({ type: MomentDto })
  readonly a: MomentDto;

  @ApiProperty({ type: MomentDto })
  readonly b: MomentDto;

  @ApiPropertyOptional({ type: ScopeDto, description: 'When `funds` or `expenditure` was given' })
  readonly scope?: Scope;

  @ApiProperty({ type: CompareSummaryDto })
  readonly summary: CompareSummaryDto;

  @ApiProperty({ type: TotalsAtBothDto, description: 'Of the scope; without one, of all lines' })
  readonly totals: TotalsAtBothDto;

  @ApiProperty({ type: [LineChangeDto], description: 'Lines on which anything differs, by id' })
  readonly lines: readonly LineChangeDto[];

  @ApiProperty({
    type: [RateChangeDto],
    description: 'Every rate of both, each against the next checkpoint from its own date on',
  })
  readonly rates: readonly RateChangeDto[];

  @ApiProperty({ type: IndicatorsAtBothDto, description: 'All indicators of the table, whatever the scope' })
  readonly indicators: IndicatorsAtBothDto;

  @ApiProperty({ type: [MovedEventDto], description: 'The events between the moments, in the order of the log' })
  readonly entries: readonly MovedEventDto[];

  @ApiProperty({
    example:
      '/api/v1/units/U0001/years/2024/compare?a=2024-06-30%402024-06-30T15%3A59%3A59.999Z&b=2024-06-30%402024-07-31T15%3A59%3A59.999Z',
    description: 'Gives the same answer later, whatever is recorded meanwhile',
  })
  readonly link: string;
}

const EXAMPLE_TELLING = HISTORY_EXAMPLE.entries[0];

export const COMPARE_EXAMPLE = {
  a: { ...EXAMPLE_ANSWER, knownAt: '2024-06-30T15:59:59.999Z', position: '4690', approved: true },
  b: { ...EXAMPLE_ANSWER, approved: true },
  summary: {
    events: 1,
    late: 1,
    groups: [{ why: 'entry', late: true, onlyIn: 'b', events: 1, amounts: [{ kind: 'paid', amount: '148100.00' }] }],
    sentences: {
      zh: [
        '截至 2024-06-30：预算执行率（一般公共预算资金）按 2024-06-30 所知 37.44%，按 2024-07-01 所知 38.20%，上升 0.76 个百分点。',
      ],
      en: [
        'As of 2024-06-30: Budget execution rate (general public budget) 37.44% as known on 2024-06-30, 38.20% as known on 2024-07-01, up 0.76 percentage points.',
      ],
    },
  },
  totals: {
    a: LINES_EXAMPLE.totals,
    b: LINES_EXAMPLE.totals,
    changes: [{ figure: 'paid', a: '7360000.00', b: '7508100.00', change: '148100.00' }],
  },
  lines: [
    {
      line: 'P05',
      name: '征地和拆迁补偿',
      expenditure: 'project',
      fund: 'government-funds',
      changes: [{ figure: 'paid', a: '7360000.00', b: '7508100.00', change: '148100.00' }],
    },
  ],
  rates: [
    {
      metric: EXAMPLE_RATE.metric,
      name: EXAMPLE_RATE.name,
      scope: EXAMPLE_RATE.scope,
      indicator: EXAMPLE_RATE.indicator,
      a: { ...EXAMPLE_RATE, numerator: '7360000.00', percent: '37.44', verdict: 'missed', distance: '-0.56' },
      b: EXAMPLE_RATE,
      change: '0.76',
      moved: true,
      turned: true,
    },
  ],
  indicators: {
    indicators: 81,
    changed: 1,
    turned: 1,
    changes: [
      {
        indicator: 'I33',
        level3: '完成收储地块数量',
        a: { result: '9', verdict: 'missed', light: 'red' },
        b: { result: '17', verdict: 'met', light: 'green' },
        turned: true,
      },
    ],
  },
  entries: [
    {
      ...EXAMPLE_TELLING,
      why: 'entry',
      late: true,
      onlyIn: 'b',
      effects: [{ line: 'P05', kind: 'paid', amount: '92080.00' }],
    },
  ],
  link: '/api/v1/units/U0001/years/2024/compare?a=2024-06-30%402024-06-30T15%3A59%3A59.999Z&b=2024-06-30%402024-07-01T08%3A15%3A02.113Z',
} as const satisfies CompareDto;
