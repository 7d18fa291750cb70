/** Answers about the performance table: each target with result, verdict and distance, and whether targets fit the plan. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Checkpoint } from '#domain/calendar.js';
import type { Scope } from '#domain/metrics/quantities.js';
import type { Coherence, Implied } from '#domain/metrics/coherence.js';
import { METRICS } from '#domain/metrics/registry.js';
import type { Indicator, TargetValue } from '#domain/performance/events.js';
import { AnswerDto, DocumentDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { CHECKPOINTS } from './moment.js';
import { COMPARATORS, STATUSES, VERDICTS } from './rates.dto.js';
import { ScopeDto } from './scope.js';

export class TargetValueDto implements TargetValue {
  @ApiProperty({ example: '＝38%', description: 'As printed' })
  readonly text: string;

  @ApiPropertyOptional({ example: '38', description: 'Absent for a word' })
  readonly value?: string;
}

export class TargetDto implements Indicator {
  @ApiProperty({ example: 'I08' })
  readonly indicator: string;

  @ApiProperty({ enum: [1, 2, 3], description: '1 决策 and 过程, 2 履职, 3 效益 and 满意度' })
  readonly block: 1 | 2 | 3;

  @ApiProperty({ example: '过程' })
  readonly level1: string;

  @ApiProperty({ example: '预算执行' })
  readonly level2: string;

  @ApiPropertyOptional({ example: '征地拆迁' })
  readonly keyWork?: string;

  @ApiProperty({ example: '预算执行率' })
  readonly level3: string;

  @ApiProperty({ enum: ['FLOW_CUMULATIVE', 'STOCK_LEVEL', 'RATIO', 'QUALITATIVE'], example: 'RATIO' })
  readonly kind: Indicator['kind'];

  @ApiProperty({ enum: [...COMPARATORS, 'word'], example: '=' })
  readonly comparator: Indicator['comparator'];

  @ApiProperty({ type: TargetValueDto })
  readonly half: TargetValueDto;

  @ApiProperty({ type: TargetValueDto })
  readonly annual: TargetValueDto;

  @ApiProperty({ example: 0, description: 'Decimals that the target prints' })
  readonly decimals: number;

  @ApiProperty({ example: '%', description: "`''` for a word" })
  readonly unit: string;

  @ApiProperty({ enum: ['FULL_YEAR', 'PLAN_TO_DATE', 'POINT_IN_TIME', 'YEAR_END_ONLY'], example: 'FULL_YEAR' })
  readonly checkpointBasis: Indicator['checkpointBasis'];

  @ApiPropertyOptional({ enum: METRICS.map(({ id }) => id), example: 'execution-rate' })
  readonly metric?: string;

  @ApiPropertyOptional({ type: ScopeDto })
  readonly scope?: Scope;

  @ApiPropertyOptional({ enum: ['stated', 'inferred', 'confirmed'] })
  readonly scopeBasis?: 'stated' | 'inferred' | 'confirmed';

  @ApiPropertyOptional({ example: 10, description: 'Points, where the table states them' })
  readonly weight?: number;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '38.20',
    description: 'In the unit of the target, two decimals',
  })
  readonly result: string | null;

  @ApiProperty({ enum: VERDICTS })
  readonly verdict: (typeof VERDICTS)[number];

  @ApiPropertyOptional({ example: '0.20', description: "Result − target in the target's unit, signed" })
  readonly distance?: string;

  @ApiPropertyOptional({ enum: [true], description: 'Of a ＝n target: the rounded result is above n' })
  readonly exceeded?: true;

  @ApiPropertyOptional({ enum: [true], description: 'Something was spent or moved on a base of nothing' })
  readonly violation?: true;

  @ApiPropertyOptional({ example: 'NO_RESULT', description: 'Why there is no result or no verdict' })
  readonly reason?: string;
}

export class TargetsDto extends AnswerDto {
  @ApiProperty({ enum: CHECKPOINTS, description: 'The checkpoint whose targets are judged' })
  readonly checkpoint: Checkpoint;

  @ApiPropertyOptional({ format: 'date', example: '2024-01-01', description: 'Absent before the table is approved' })
  readonly approvedOn?: string;

  @ApiPropertyOptional({ type: DocumentDto })
  readonly document?: DocumentDto;

  @ApiProperty({ type: [TargetDto], description: 'In printed order' })
  readonly targets: readonly TargetDto[];
}

const EXAMPLE_TARGET = {
  indicator: 'I08',
  block: 1,
  level1: '过程',
  level2: '预算执行',
  level3: '预算执行率',
  kind: 'RATIO',
  comparator: '=',
  half: { text: '＝38%', value: '38' },
  annual: { text: '＝100%', value: '100' },
  decimals: 0,
  unit: '%',
  checkpointBasis: 'FULL_YEAR',
  metric: 'execution-rate',
  scope: { funds: ['general-public'], expenditure: 'all' },
  scopeBasis: 'inferred',
  result: '38.20',
  verdict: 'met',
  distance: '0.20',
} as const satisfies TargetDto;

export const TARGETS_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  checkpoint: 'half',
  approvedOn: '2024-01-01',
  targets: [EXAMPLE_TARGET],
} as const satisfies TargetsDto;

export class ImpliedDto implements Implied {
  @ApiProperty({ type: ScopeDto })
  readonly scope: Scope;

  @ApiProperty({ enum: STATUSES })
  readonly status: Implied['status'];

  @ApiPropertyOptional({ example: 'YEAR_END_ONLY' })
  readonly reason?: string;

  @ApiPropertyOptional({ example: '38.20' })
  readonly percent?: string;

  @ApiProperty({ description: 'Equal to the target after rounding to its printed decimals' })
  readonly fits: boolean;
}

export class CoherentTargetDto {
  @ApiProperty({ enum: COMPARATORS, example: '=' })
  readonly comparator: (typeof COMPARATORS)[number];

  @ApiProperty({ example: '38' })
  readonly value: string;

  @ApiProperty({ example: '%' })
  readonly unit: string;
}

export class CoherentDto implements Coherence {
  @ApiProperty({ example: 'I08' })
  readonly indicator: string;

  @ApiProperty({ enum: METRICS.map(({ id }) => id), example: 'execution-rate' })
  readonly metric: Coherence['metric'];

  @ApiProperty({ example: 1 })
  readonly version: number;

  @ApiProperty({ enum: CHECKPOINTS })
  readonly checkpoint: Checkpoint;

  @ApiProperty({ type: CoherentTargetDto })
  readonly target: CoherentTargetDto;

  @ApiProperty({ type: [ImpliedDto], description: 'What the approved plan comes to in each scope' })
  readonly implied: readonly ImpliedDto[];

  @ApiProperty({ type: ScopeDto, description: 'The one scope that fits, else all funds' })
  readonly proposedScope: Scope;

  @ApiProperty({ enum: ['inferred'] })
  readonly basis: 'inferred';
}

export class CoherenceDto extends AnswerDto {
  @ApiProperty({ type: [CoherentDto] })
  readonly coherence: readonly CoherentDto[];
}

export const COHERENCE_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  coherence: [
    {
      indicator: 'I08',
      metric: 'execution-rate',
      version: 1,
      checkpoint: 'half',
      target: { comparator: '=', value: '38', unit: '%' },
      implied: [
        { scope: { funds: 'all', expenditure: 'all' }, status: 'OK', percent: '44.16', fits: false },
        { scope: { funds: ['general-public'], expenditure: 'all' }, status: 'OK', percent: '38.20', fits: true },
      ],
      proposedScope: { funds: ['general-public'], expenditure: 'all' },
      basis: 'inferred',
    },
  ],
} as const satisfies CoherenceDto;
