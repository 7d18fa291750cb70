/**
 * What may not overtake what: a return or a correction comes after all that came before it about its voucher, a payment only
 * after payments of the same number. It is what the others may be waiting for.
 */
import type { Held } from './treasury-tray.js';

type About = Pick<Held, 'unit' | 'year' | 'voucherNo' | 'kind'>;

export const voucherKey = ({ unit, year, voucherNo }: About): string => `${unit}\n${year}\n${voucherNo}`;

/** Vouchers that notices wait about. */
export class Waiting {
  private readonly payments = new Set<string>();
  private readonly any = new Set<string>();

  constructor(held: readonly About[]) {
    for (const one of held) this.add(one);
  }

  add(notice: About): void {
    this.any.add(voucherKey(notice));
    if (notice.kind === 'payment') this.payments.add(voucherKey(notice));
  }

  /** Whether a notice that comes now has to wait behind another. */
  before(notice: About): boolean {
    return (notice.kind === 'payment' ? this.payments : this.any).has(voucherKey(notice));
  }
}
