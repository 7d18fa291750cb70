/**
 * The JSON Schema (draft 2020-12) of a notice of the treasury. `treasury-payments.schema.json` is the same for whoever sends
 * notices; a spec holds the two together. `format: date` is checked here as a date that exists.
 */
const NUMBER_TEXT = {
  type: 'string',
  pattern: '^[^\\p{C}\\s/\\\\](?:[^\\p{C}/\\\\]{0,62}[^\\p{C}\\s/\\\\])?$',
  not: { enum: ['.', '..'] },
  description: '1 to 64 printable characters without slashes or outer spaces, and not . or ..',
} as const;

const words = (most: number, description: string) => ({
  type: 'string',
  minLength: 1,
  maxLength: most,
  pattern: '^(?=[\\s\\S]*\\S)(?:[^\\p{Cc}]|[\\n\\r\\t])*$',
  description,
});

const LINE = {
  ...NUMBER_TEXT,
  maxLength: 400,
  pattern: '^(?=.*\\S)[^\\p{Cc}]+$',
  description: 'Id or exact name of a line',
};

const AMOUNT = {
  type: 'string',
  pattern: '^(?!0+(?:\\.0+)?$)(?:0|[1-9]\\d{0,12})(?:\\.\\d{1,2})?$',
  description: 'Yuan as a plain decimal above 0 with at most two decimals: no separator, sign or exponent',
  examples: ['92080000.00'],
} as const;

const ECONOMIC_CODE = {
  type: 'string',
  pattern: '^3\\d{2}(\\d{2})?$',
  description: 'Department economic code: 3 digits of class, or 5 with the item',
  examples: ['30201'],
} as const;

const ADDRESSED = {
  unit: { type: 'string', pattern: '^[A-Z0-9]{1,21}$', description: 'Code of the unit', examples: ['U0001'] },
  year: {
    type: 'integer',
    minimum: 1990,
    maximum: 2099,
    description: 'Fiscal year of the books; of a return or a correction that of the voucher',
  },
  voucherNo: { ...NUMBER_TEXT, examples: ['V-2024-0117'] },
  effectiveDate: {
    type: 'string',
    format: 'date',
    description:
      'Date on the paper, in the year of the books; a return may be dated later. In a sealed period the ledger books it in the first open one by itself',
    examples: ['2024-06-28'],
  },
} as const;

const shape = (
  description: string,
  kind: string,
  { required, optional = {} }: { readonly required: object; readonly optional?: object },
) => ({
  type: 'object',
  description,
  required: ['kind', ...Object.keys(ADDRESSED), ...Object.keys(required)],
  properties: { kind: { const: kind }, ...ADDRESSED, ...required, ...optional },
  additionalProperties: false,
});

const SHAPES = {
  payment: {
    ...shape('The treasury has paid', 'payment', {
      required: {
        line: LINE,
        amount: AMOUNT,
        payee: {
          type: 'object',
          required: ['name', 'kind'],
          properties: {
            name: words(200, 'Name of the payee'),
            ref: { ...NUMBER_TEXT, description: 'Account or register number' },
            kind: { enum: ['organisation', 'person'] },
          },
          additionalProperties: false,
        },
        purpose: words(500, 'What it was paid for'),
      },
      optional: {
        departmentEconomic: ECONOMIC_CODE,
        requestId: { ...NUMBER_TEXT, description: 'The payment request that it settles' },
        final: { const: true, description: 'Nothing more will be paid on the request' },
        originYear: {
          type: 'integer',
          minimum: 1950,
          maximum: 2100,
          description: 'Paid from carried-over money of that year',
        },
      },
    }),
    dependentRequired: { final: ['requestId'] },
  },
  return: shape('Money of a voucher came back', 'return', {
    required: {
      returnNo: NUMBER_TEXT,
      amount: AMOUNT,
      returned: { enum: ['passive', 'active'], description: 'passive: the bank sent it back; active: the payee did' },
    },
  }),
  correction: shape('A voucher, or part of it, belongs to another line (更正)', 'correction', {
    required: { correctionNo: NUMBER_TEXT, fromLine: LINE, toLine: LINE, amount: AMOUNT },
  }),
  'code-correction': shape('A voucher has another economic code (更正)', 'code-correction', {
    required: { correctionNo: NUMBER_TEXT, toCode: ECONOMIC_CODE },
  }),
};

export const TREASURY_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:budget-ledger:treasury-payments:v1',
  title: 'Notice of the treasury',
  description: 'One message of topic treasury.payments.v1. Key: the code of the unit.',
  type: 'object',
  required: ['kind'],
  properties: { kind: { enum: Object.keys(SHAPES), description: 'What happened' } },
  allOf: Object.keys(SHAPES).map((kind) => ({
    if: { required: ['kind'], properties: { kind: { const: kind } } },
    then: { $ref: `#/$defs/${kind}` },
  })),
  $defs: SHAPES,
};
