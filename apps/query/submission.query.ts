/** The number of a submission as a query writes it. */
import { applyDecorators } from '@nestjs/common';
import { IsOptional, ValidateBy } from 'class-validator';

export const IsSubmission = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    ValidateBy(
      {
        name: 'isSubmission',
        validator: {
          validate: (value: unknown) => typeof value === 'string' && /^[1-9]\d{0,5}$/.test(value),
          defaultMessage: () => 'submission must be a number from 1 on; the list of submissions has them',
        },
      },
      { context: { code: 'INVALID_SUBMISSION' } },
    ),
  );
