/** Answers about the performance table: each target with result, verdict and distance, and whether targets fit the plan. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { Checkpoint } from '#domain/calendar.js';
import type { Scope } from '#domain/metrics/quantities.js';
import type { Coherence, Implied } from '#domain/metrics/coherence.js';
import { FACT_METRICS } from '#domain/metrics/fact-metrics.js';
import { METRICS } from '#domain/metrics/registry.js';
import type { TableFinding } from '#domain/metrics/table-coherence.js';
import type { Indicator, TargetValue } from '#domain/performance/events.js';
import { LIGHT_STATES, type LightState } from '#domain/scoring/lights.js';
import { IsWords } from '#platform/validation.js';
import { AnswerDto, DocumentDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { CHECKPOINTS, MomentQuery } from './moment.js';
import { EXAMPLE_STAND, LightDto, StandDto } from './pace.dto.js';
import { COMPARATORS, STATUSES, VERDICTS } from './rates.dto.js';
import { CheckedPointDto } from './results.dto.js';
import { ScopeDto } from './scope.js';

export class TargetsQuery extends MomentQuery {
  @ApiPropertyOptional({ type: String, example: '履职', description: 'Only indicators under this first level' })
  @IsOptional()
  @IsWords(100)
  level1?: string;

  @ApiPropertyOptional({ enum: VERDICTS, example: 'missed' })
  @IsOptional()
  @IsIn(VERDICTS)
  verdict?: (typeof VERDICTS)[number];

  @ApiPropertyOptional({ enum: LIGHT_STATES, example: 'red' })
  @IsOptional()
  @IsIn(LIGHT_STATES)
  light?: LightState;
}

export class TargetValueDto implements TargetValue {
  @ApiProperty({ example: '＝38%', description: 'As printed' })
  readonly text: string;

  @ApiPropertyOptional({ example: '38', description: 'Absent for a word' })
  readonly value?: string;
}

/** Where a result comes from: what was recorded, or the formula that worked it out, and of which base facts. */
export class ResultFromDto {
  @ApiPropertyOptional({ example: 'R-2024-06-33' })
  readonly resultId?: string;

  @ApiPropertyOptional({ example: 'execution-rate' })
  readonly metric?: string;

  @ApiPropertyOptional({ example: 1, description: 'Version of the formula' })
  readonly version?: number;

  @ApiPropertyOptional({ type: [String], example: ['F-2024-06-02'], description: 'Base facts that went in' })
  readonly facts?: readonly string[];
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

  @ApiPropertyOptional({ enum: [...METRICS, ...FACT_METRICS].map(({ id }) => id), example: 'execution-rate' })
  readonly metric?: string;

  @ApiPropertyOptional({ type: ScopeDto })
  readonly scope?: Scope;

  @ApiPropertyOptional({ enum: ['stated', 'inferred', 'confirmed'] })
  readonly scopeBasis?: 'stated' | 'inferred' | 'confirmed';

  @ApiPropertyOptional({ example: 10, description: 'Points, where the table states them' })
  readonly weight?: number;

  @ApiPropertyOptional({ example: '0.5', description: 'A result that misses by no more has met the target' })
  readonly tolerance?: string;

  @ApiPropertyOptional({ type: [String], description: 'What a qualitative indicator is checked by' })
  readonly checklist?: readonly string[];

  @ApiPropertyOptional({ example: '每低1%扣1分', description: '评分标准, as printed' })
  readonly standard?: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '38.20',
    description:
      'In the unit of the target, worked out with two decimals or more; a word; of a checklist the points met',
  })
  readonly result: string | null;

  @ApiPropertyOptional({ type: [CheckedPointDto], description: 'Of a checklist' })
  readonly points?: readonly CheckedPointDto[];

  @ApiPropertyOptional({ format: 'date', example: '2024-06-30', description: 'The date that the result holds for' })
  readonly resultDate?: string;

  @ApiPropertyOptional({ type: ResultFromDto, description: 'Absent when there is no result' })
  readonly resultFrom?: ResultFromDto;

  @ApiPropertyOptional({ enum: [true], description: 'It misses the target by no more than its tolerance' })
  readonly withinTolerance?: true;

  @ApiProperty({ type: LightDto })
  readonly light: LightDto;

  @ApiPropertyOptional({ type: [String], example: ['P05'], description: 'Lines whose money does its work' })
  readonly lines?: readonly string[];

  @ApiPropertyOptional({ type: StandDto, description: 'Of an indicator that accumulates over the year' })
  readonly pace?: StandDto;

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

export const EXAMPLE_TARGET = {
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
  resultDate: '2024-06-30',
  resultFrom: { metric: 'execution-rate', version: 1 },
  verdict: 'met',
  distance: '0.20',
  light: { state: 'green', rule: 'to-date', wanted: '38.00', percent: '100.53' },
  pace: EXAMPLE_STAND,
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

export class FindingDto implements TableFinding {
  @ApiProperty({ type: String, example: 'UNIT_SPELT_TWO_WAYS' })
  readonly code: TableFinding['code'];

  @ApiProperty({ enum: ['REFUSES', 'WARNS'], description: 'Whether a table may be approved with it' })
  readonly severity: TableFinding['severity'];

  @ApiProperty({ type: [String], example: ['I35', 'I41'], description: 'In printed order' })
  readonly indicators: readonly string[];

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { unit: '平方米', spellings: ['平米', '平方米'] },
  })
  readonly facts: TableFinding['facts'];
}

export class CoherenceDto extends AnswerDto {
  @ApiProperty({ type: [CoherentDto] })
  readonly coherence: readonly CoherentDto[];

  @ApiProperty({ type: [FindingDto], description: 'What else in the table does not fit together' })
  readonly findings: readonly FindingDto[];
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
  findings: [
    {
      code: 'UNIT_SPELT_TWO_WAYS',
      severity: 'WARNS',
      indicators: ['I35', 'I41'],
      facts: { unit: '平方米', spellings: ['平米', '平方米'] },
    },
  ],
} as const satisfies CoherenceDto;
