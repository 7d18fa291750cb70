/** What a JSON Schema finds, in words of the API. */
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Fault } from '#platform/problem.js';

/** The faults of one error. What only says that something else is wrong is left out. */
export function schemaFaults({ keyword, instancePath, params, message = '', parentSchema }: ErrorObject): Fault[] {
  switch (keyword) {
    case 'if':
      return [];
    case 'required':
    case 'dependentRequired': {
      const name = String((params as { missingProperty: unknown }).missingProperty);
      return [problem(`${instancePath}/${name}`, 'REQUIRED', `${name} is required`)];
    }
    case 'additionalProperties': {
      const name = String((params as { additionalProperty: unknown }).additionalProperty);
      const escaped = name.replaceAll('~', '~0').replaceAll('/', '~1');
      return [problem(`${instancePath}/${escaped}`, 'UNKNOWN_PROPERTY', `${name.slice(0, 100)} is not known here`)];
    }
    case 'enum': {
      const { allowedValues } = params as { allowedValues: readonly unknown[] };
      return [problem(instancePath, 'INVALID_VALUE', `must be one of ${allowedValues.join(', ')}`)];
    }
    default: {
      const { description } = (parentSchema ?? {}) as { readonly description?: string };
      const wanted = keyword === 'pattern' || keyword === 'not' ? description : undefined;
      return [problem(instancePath, 'INVALID_VALUE', wanted === undefined ? message : `must be: ${wanted}`)];
    }
  }
}

const problem = (pointer: string, code: string, message: string): Fault => ({ pointer, code, message });
