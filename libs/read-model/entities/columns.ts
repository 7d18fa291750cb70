/** How columns and properties meet: snake-case names, exact amounts, bigint positions. */
import { DefaultNamingStrategy, type ValueTransformer } from 'typeorm';
import { fen, type Fen } from '#domain/money.js';

/** `effectiveDate` is stored as `effective_date`. TypeORM wants a subclass here. */
export class SnakeNames extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? snakeCase(propertyName);
  }
}

export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A bigint column as fen. Throws a RangeError outside the safe range: the row is damaged. */
export const fenColumn: ValueTransformer = {
  to: (amount: Fen | null | undefined) => amount,
  from: (text: string | null): Fen | null => (text === null ? null : fen(Number(text))),
};

/** A bigint column as a place in the log's order. */
export const orderColumn: ValueTransformer = {
  to: (order: bigint | null | undefined) => order?.toString(),
  from: (text: string | null): bigint | null => (text === null ? null : BigInt(text)),
};

/** A bigint column as an instant in UTC milliseconds. */
export const instantColumn: ValueTransformer = {
  to: (instant: number | null | undefined) => instant,
  from: (text: string | null): number | null => (text === null ? null : Number(text)),
};
