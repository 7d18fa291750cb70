/** Bodies that are one entry or a list of them; their members tell which. */
import type { PipeTransform, Type } from '@nestjs/common';
import { RequestPipe } from '#platform/request-faults.js';

/** Reads the body as `many` when it has that member, else as `one`. */
export function oneOrMany(member: string, { one, many }: { readonly one: Type; readonly many: Type }): PipeTransform {
  const pipe = new RequestPipe();
  return {
    transform: (value: unknown) => {
      const isMany = typeof value === 'object' && value !== null && member in value;
      return pipe.transform(value, { type: 'body', metatype: isMany ? many : one });
    },
  };
}
