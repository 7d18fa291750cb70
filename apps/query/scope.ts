/** The scope of a figure in a query: fund natures and kind of expenditure. Scope is never implied (rule book 1.5). */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, ValidateBy } from 'class-validator';
import { EXPENDITURES, FUND_NATURES, type Expenditure, type FundNature } from '#domain/budget/events.js';
import type { Scope } from '#domain/metrics/quantities.js';
import { MomentQuery } from './moment.js';

const isFund = (text: string): text is FundNature => (FUND_NATURES as readonly string[]).includes(text);

/** `all`, or fund natures separated by commas, sorted and named once; the unknown names otherwise. */
function parseFunds(text: string): Scope['funds'] | { readonly unknown: readonly string[] } {
  if (text === 'all') return 'all';
  const names = text.split(',');
  const unknown = names.filter((name) => !isFund(name));
  return unknown.length > 0 ? { unknown } : [...new Set(names.filter(isFund))].sort();
}

const unknownFunds = (value: unknown): readonly string[] => {
  if (typeof value !== 'string') return ['given more than once'];
  const parsed = parseFunds(value);
  return typeof parsed === 'object' && 'unknown' in parsed ? parsed.unknown : [];
};

const IsFunds = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isFunds',
      validator: {
        validate: (value: unknown) => unknownFunds(value).length === 0,
        defaultMessage: (args) =>
          `funds: ${unknownFunds(args?.value)
            .map((name) => name.slice(0, 60) || 'an empty name')
            .join(', ')}; use all, or one or more of ${FUND_NATURES.join(',')}`,
      },
    },
    { context: { code: 'UNKNOWN_FUND' } },
  );

export class ScopeQuery extends MomentQuery {
  @ApiPropertyOptional({
    type: String,
    example: 'general-public',
    description: `\`all\`, or fund natures separated by commas: ${FUND_NATURES.join(', ')}`,
  })
  @IsOptional()
  @IsFunds()
  funds?: string;

  @ApiPropertyOptional({ enum: ['all', ...EXPENDITURES], example: 'all' })
  @IsOptional()
  @IsIn(['all', ...EXPENDITURES])
  expenditure?: 'all' | Expenditure;
}

/** The scope that a query names; `undefined` when it names none. */
export function scopeOf({ funds, expenditure }: ScopeQuery): Scope | undefined {
  if (funds === undefined && expenditure === undefined) return undefined;
  const parsed = parseFunds(funds ?? 'all');
  if (typeof parsed === 'object' && 'unknown' in parsed) throw new Error(`funds passed validation: ${funds}`);
  return { funds: parsed, expenditure: expenditure ?? 'all' };
}

export class ScopeDto implements Scope {
  @ApiProperty({
    oneOf: [
      { type: 'string', enum: ['all'] },
      { type: 'array', items: { type: 'string', enum: [...FUND_NATURES] } },
    ],
    description: '`all`, or sorted fund natures; `all` is not the list of all',
  })
  readonly funds: Scope['funds'];

  @ApiProperty({ enum: ['all', ...EXPENDITURES] })
  readonly expenditure: Scope['expenditure'];
}
