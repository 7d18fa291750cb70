/** Answers about what there is: units, their years, and the formulas. */
import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { FACT_METRICS } from '#domain/metrics/fact-metrics.js';
import { FORECAST_METHODS, FORECAST_RULE, type ForecastMethod } from '#domain/metrics/forecast.js';
import type { Metric } from '#domain/metrics/metric.js';
import { METRICS } from '#domain/metrics/registry.js';
import { FIGURES } from '#domain/metrics/figures.js';
import { FACTS, type FactKind } from '#domain/performance/facts.js';
import { LIGHT_RULES, type LightRule } from '#domain/scoring/light-of.js';
import { LIGHT_STATES, LIGHTS, type LightSign, type LightState } from '#domain/scoring/lights.js';
import { SCORING_PROFILES } from '#domain/scoring/profile.js';
import { FigureFormulaDto, figureFormulaDto } from './figure-explanation.dto.js';
import { EXAMPLE_ANSWER } from './answer.dto.js';
import { NameDto } from './rates.dto.js';

/** What every answer about the catalogue says of itself. */
export class KnownDto {
  @ApiPropertyOptional({ format: 'date', example: '2024-06-30', description: 'Valid at this date' })
  readonly asOf?: string;

  @ApiProperty({
    format: 'date-time',
    example: '2024-07-01T08:15:02.113Z',
    description: 'Recorded up to and including; of an answer for now: when its last event was recorded',
  })
  readonly knownAt: string;

  @ApiProperty({ example: '4711', description: 'Place in the log of the last event that the answer includes' })
  readonly position: string;

  @ApiProperty({
    format: 'date-time',
    example: '2024-07-01T08:15:02.113Z',
    description: 'When the last event that the answer includes was recorded',
  })
  readonly recordedAt: string;

  @ApiPropertyOptional({ example: true, description: 'Only when an event could not be projected' })
  readonly stale?: boolean;

  @ApiPropertyOptional({ example: 'event 6 of directory could not be projected: unknown event type' })
  readonly staleReason?: string;
}

const { asOf: _asOf, ...EXAMPLE_KNOWN } = EXAMPLE_ANSWER;

export class UnitDto {
  @ApiProperty({ example: 'U0001' })
  readonly unit: string;

  @ApiProperty({ example: '某市土地储备中心' })
  readonly name: string;

  @ApiPropertyOptional({ example: 'U0002' })
  readonly parent?: string;

  @ApiProperty({ format: 'date', example: '2024-01-01', description: 'From when on there is such a unit' })
  readonly validFrom: string;
}

export class UnitsDto extends KnownDto {
  @ApiProperty({ type: [UnitDto], description: 'By code' })
  readonly units: readonly UnitDto[];
}

export class YearDto {
  @ApiProperty({ example: 2024 })
  readonly year: number;

  @ApiProperty({
    example: true,
    description: 'Whether the budget is approved by asOf; without it, by the last day of the year',
  })
  readonly approved: boolean;

  @ApiPropertyOptional({ format: 'date', example: '2024-01-01' })
  readonly approvedOn?: string;
}

export class YearsDto extends KnownDto {
  @ApiProperty({ example: 'U0001' })
  readonly unit: string;

  @ApiProperty({ type: [YearDto], description: 'Earliest first' })
  readonly years: readonly YearDto[];
}

export class CheckpointWordsDto {
  @ApiProperty({ example: 'paid to 30 June over the full-year budget' })
  readonly half: string;

  @ApiProperty({ example: 'paid in the year over the full-year budget' })
  readonly annual: string;
}

export class FormulaDto implements Omit<Metric, 'inputs' | 'compute'> {
  @ApiProperty({ enum: METRICS.map(({ id }) => id), example: 'execution-rate' })
  readonly id: string;

  @ApiProperty({ example: 1, description: 'Raised with every change of meaning' })
  readonly version: number;

  @ApiProperty({ type: NameDto })
  readonly name: NameDto;

  @ApiProperty({ example: 'X / B, B = B0 + C0 + A+ − A− + net transfers, not lowered by take-backs' })
  readonly formula: string;

  @ApiProperty({ example: '财预〔2013〕53号 预算完成率, default definition' })
  readonly source: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { denominator: 'adjusted budget', carryOver: 'included', takenBack: 'not deducted' },
  })
  readonly parameters: Readonly<Record<string, string>>;

  @ApiProperty({ type: String, format: 'date', example: '2013-04-21' })
  readonly validFrom: Metric['validFrom'];

  @ApiProperty({ enum: ['FULL_YEAR', 'PLAN_TO_DATE', 'POINT_IN_TIME', 'YEAR_END_ONLY'] })
  readonly checkpointBasis: Metric['checkpointBasis'];

  @ApiProperty({ type: CheckpointWordsDto })
  readonly checkpoints: CheckpointWordsDto;

  @ApiPropertyOptional({ example: 'adjustment-rate', description: 'The formula that this is a registered view of' })
  readonly viewOf?: string;
}

/** A formula over base facts of the performance table. */
export class FactFormulaDto extends PickType(FormulaDto, [
  'version',
  'name',
  'formula',
  'source',
  'parameters',
  'validFrom',
  'checkpointBasis',
  'checkpoints',
  'viewOf',
] as const) {
  @ApiProperty({ enum: FACT_METRICS.map(({ id }) => id), example: 'staff-control' })
  readonly id: string;

  @ApiProperty({ enum: Object.keys(FACTS), isArray: true, description: 'Base facts that go in' })
  readonly facts: readonly FactKind[];
}

export class ForecastMethodDto implements ForecastMethod {
  @ApiProperty({ enum: FORECAST_METHODS.map(({ id }) => id), example: 'planned-rest' })
  readonly id: ForecastMethod['id'];

  @ApiProperty({ example: 1 })
  readonly version: number;

  @ApiProperty({ type: NameDto })
  readonly name: NameDto;

  @ApiProperty({ example: 'V(t) + P(31 December) − P(t), where a plan is stated' })
  readonly formula: string;
}

export class ForecastsDto {
  @ApiProperty({ type: NameDto, description: 'When there is a forecast, and which method goes first' })
  readonly rule: NameDto;

  @ApiProperty({ example: 1, description: 'Version of the rule' })
  readonly version: number;

  @ApiProperty({ type: [ForecastMethodDto] })
  readonly methods: readonly ForecastMethodDto[];
}

export class LightRuleDto {
  @ApiProperty({ enum: Object.keys(LIGHT_RULES), example: 'to-date' })
  readonly id: LightRule;

  @ApiProperty({ type: NameDto })
  readonly name: NameDto;
}

export class LightStateDto {
  @ApiProperty({ enum: LIGHT_STATES, example: 'red' })
  readonly id: LightState;

  @ApiProperty({ type: NameDto })
  readonly word: NameDto;

  @ApiProperty({ enum: ['square', 'triangle', 'circle', 'diamond', 'ring'] })
  readonly shape: LightSign['shape'];

  @ApiProperty({ example: '■' })
  readonly sign: string;
}

export class LightsDto {
  @ApiProperty({ type: [LightStateDto], description: 'Worst first' })
  readonly states: readonly LightStateDto[];

  @ApiProperty({ type: [LightRuleDto] })
  readonly rules: readonly LightRuleDto[];
}

export class ProfileNameDto {
  @ApiProperty({ example: 'whole-department' })
  readonly id: string;

  @ApiProperty({ example: 1 })
  readonly version: number;

  @ApiProperty({ type: NameDto })
  readonly name: NameDto;
}

export class FormulasDto {
  @ApiProperty({ type: [FormulaDto], description: 'In the order in which reports list them' })
  readonly formulas: readonly FormulaDto[];

  @ApiProperty({
    type: [FigureFormulaDto],
    description:
      'Base quantities (rule book 2.1), which the formulas are put together from: the columns of every answer',
  })
  readonly quantities: readonly FigureFormulaDto[];

  @ApiProperty({ type: [FactFormulaDto], description: 'Formulas over base facts of the performance table' })
  readonly facts: readonly FactFormulaDto[];

  @ApiProperty({ type: ForecastsDto })
  readonly forecasts: ForecastsDto;

  @ApiProperty({ type: LightsDto })
  readonly lights: LightsDto;

  @ApiProperty({ type: [ProfileNameDto], description: 'In full under GET /api/v1/scoring-profiles' })
  readonly scoringProfiles: readonly ProfileNameDto[];
}

/** What is worked out of results and payments besides formulas; it belongs to the program, like these. */
export const rulesOfProgram = (): Pick<FormulasDto, 'facts' | 'forecasts' | 'lights' | 'scoringProfiles'> => ({
  facts: FACT_METRICS.map(({ compute: _compute, ...formula }) => formula),
  forecasts: { rule: FORECAST_RULE.text, version: FORECAST_RULE.version, methods: FORECAST_METHODS },
  lights: {
    states: LIGHT_STATES.map((id) => ({ id, ...LIGHTS[id] })),
    rules: Object.entries(LIGHT_RULES).map(([id, name]) => ({ id: id as LightRule, name })),
  },
  scoringProfiles: SCORING_PROFILES.map(({ id, version, name }) => ({ id, version, name })),
});

export const UNITS_EXAMPLE = {
  ...EXAMPLE_ANSWER,
  units: [{ unit: 'U0001', name: '某市土地储备中心', validFrom: '2024-01-01' }],
} as const satisfies UnitsDto;

export const YEARS_EXAMPLE = {
  ...EXAMPLE_KNOWN,
  unit: 'U0001',
  years: [{ year: 2024, approved: true, approvedOn: '2024-01-01' }],
} as const satisfies YearsDto;

export const FORMULAS_EXAMPLE: FormulasDto = {
  formulas: METRICS.slice(0, 1).map(({ inputs: _inputs, compute: _compute, ...formula }) => formula),
  quantities: FIGURES.slice(9, 10).map(figureFormulaDto),
  ...rulesOfProgram(),
};
