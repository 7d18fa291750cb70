/** The answer to "why this result": where it comes from, by which rule it was judged, and the events behind it. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Checkpoint } from '#domain/calendar.js';
import type { Scope } from '#domain/metrics/quantities.js';
import type { OutcomeSource } from '#domain/performance/outcome.js';
import { LIGHT_RULES } from '#domain/scoring/light-of.js';
import { AnswerDto, EXAMPLE_ANSWER } from './answer.dto.js';
import { TellingDto } from './journal.dto.js';
import { CHECKPOINTS } from './moment.js';
import { NameDto } from './rates.dto.js';
import { EXAMPLE_TELLING } from './results.dto.js';
import { ScopeDto } from './scope.js';
import { EXAMPLE_TARGET, TargetDto } from './targets.dto.js';
import { VERDICT_RULES, type VerdictRule } from './verdict-rules.js';

export class FormulaOfResultDto {
  @ApiProperty({ example: 'staff-control' })
  readonly metric: string;

  @ApiProperty({ example: 1 })
  readonly version: number;

  @ApiProperty({ type: NameDto })
  readonly name: NameDto;

  @ApiProperty({ example: 'staff in post / establishment' })
  readonly formula: string;

  @ApiProperty({ example: '财预〔2013〕53号 在职人员控制率, default definition' })
  readonly source: string;

  @ApiPropertyOptional({ type: ScopeDto, description: 'Of money' })
  readonly scope?: Scope;
}

export class FactUsedDto {
  @ApiProperty({ example: 'staff-in-post' })
  readonly fact: string;

  @ApiProperty({ type: NameDto })
  readonly name: NameDto;

  @ApiProperty({ example: 'person' })
  readonly unit: string;

  @ApiPropertyOptional({ example: '46', description: 'Absent when nothing is recorded by then' })
  readonly value?: string;

  @ApiPropertyOptional({ format: 'date', example: '2024-06-30' })
  readonly date?: string;

  @ApiPropertyOptional({ example: 'F-2024-06-02' })
  readonly factId?: string;
}

export class RuleDto {
  @ApiProperty({ enum: [...Object.keys(VERDICT_RULES), ...Object.keys(LIGHT_RULES)], example: 'rounded-at-least' })
  readonly id: string;

  @ApiProperty({ type: NameDto })
  readonly words: NameDto;
}

export class TargetExplanationDto extends AnswerDto {
  @ApiProperty({ enum: CHECKPOINTS, description: 'The checkpoint whose target is judged' })
  readonly checkpoint: Checkpoint;

  @ApiProperty({ type: TargetDto })
  readonly target: TargetDto;

  @ApiProperty({ enum: ['money', 'facts', 'recorded', 'none'], description: 'Where the result comes from' })
  readonly basis: OutcomeSource['kind'];

  @ApiPropertyOptional({ type: FormulaOfResultDto, description: 'Of a result that is worked out' })
  readonly formula?: FormulaOfResultDto;

  @ApiProperty({ type: [FactUsedDto], description: 'Base facts that go into the formula' })
  readonly facts: readonly FactUsedDto[];

  @ApiProperty({ type: RuleDto, description: 'By which the result is compared with the target' })
  readonly verdictRule: RuleDto;

  @ApiProperty({ type: RuleDto, description: 'By which the light was decided' })
  readonly lightRule: RuleDto;

  @ApiPropertyOptional({
    example:
      '/api/v1/units/U0001/years/2024/rates/execution-rate/explanation?asOf=2024-06-30&knownAt=2024-07-01T08%3A15%3A02.113Z&funds=all&expenditure=all',
    description: 'Of money: the entries behind it',
  })
  readonly money?: string;

  @ApiProperty({ type: [TellingDto], description: 'The events of the result, or of the base facts, as sentences' })
  readonly events: readonly TellingDto[];

  @ApiProperty({
    example:
      '/api/v1/units/U0001/years/2024/targets/I33/explanation?asOf=2024-06-30&knownAt=2024-07-01T08%3A15%3A02.113Z',
    description: 'Gives the same answer later, whatever is recorded meanwhile',
  })
  readonly link: string;
}

const rule = <Id extends VerdictRule | keyof typeof LIGHT_RULES>(id: Id, words: NameDto): RuleDto => ({ id, words });

export const TARGET_EXPLANATION_EXAMPLE: TargetExplanationDto = {
  ...EXAMPLE_ANSWER,
  checkpoint: 'half',
  target: { ...EXAMPLE_TARGET, indicator: 'I33', level3: '完成收储地块数量', resultFrom: { resultId: 'R-2024-06-33' } },
  basis: 'recorded',
  facts: [],
  verdictRule: rule('rounded-at-least', VERDICT_RULES['rounded-at-least']),
  lightRule: rule('to-date', LIGHT_RULES['to-date']),
  events: [EXAMPLE_TELLING],
  link: '/api/v1/units/U0001/years/2024/targets/I33/explanation?asOf=2024-06-30&knownAt=2024-07-01T08%3A15%3A02.113Z',
};
