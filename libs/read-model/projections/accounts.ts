/** Accounts: what money effects share, named once in each budget and numbered in the order of first use. */
import type { Effect, Facet } from '#domain/budget/effects.js';
import type { LineState } from '#domain/budget/state.js';
import type { Account } from '#read-model/entities/money.js';

/** The three answers of a facet as one small integer; null for effects without one. */
export const facetCode = (facet: Facet | undefined): number | null =>
  facet === undefined ? null : Number(facet.exempt) + 2 * Number(facet.structural) + 4 * Number(facet.crossing);

export const facetOf = (code: number | null): Facet | undefined =>
  code === null ? undefined : { exempt: (code & 1) !== 0, structural: (code & 2) !== 0, crossing: (code & 4) !== 0 };

/** The accounts of one budget by what they stand for. */
export type Accounts = Map<string, Account>;

export const accountKey = (account: Omit<Account, 'unit' | 'year' | 'account'>): string =>
  `${account.kind}|${account.facet}|${account.originYear}|${account.expenditure}|${account.fund}|${account.economic}|${account.line}`;

/** The account of an effect; a new one is numbered, entered and given to `opened`. */
export function accountOf(
  { unit, year, accounts }: { readonly unit: string; readonly year: number; readonly accounts: Accounts },
  effect: Effect,
  line: Pick<LineState, 'expenditure' | 'fund'>,
  opened: (account: Account) => void,
): Account {
  const shared = {
    line: effect.line,
    expenditure: line.expenditure,
    fund: line.fund,
    kind: effect.kind,
    economic: effect.economic,
    facet: facetCode(effect.facet),
    originYear: effect.originYear ?? null,
  };
  const key = accountKey(shared);
  const known = accounts.get(key);
  if (known !== undefined) return known;
  const account: Account = { unit, year, account: accounts.size, ...shared };
  accounts.set(key, account);
  opened(account);
  return account;
}
