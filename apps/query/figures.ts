/** Base quantities in fen as an answer shows them: yuan strings under the names of design 8. */
import { formatYuan } from '#domain/money.js';
import { type Picture, type Quantities, type Scope, inScope } from '#domain/metrics/quantities.js';
import type { FiguresDto } from './lines.dto.js';

export const figuresOf = (sums: Quantities): FiguresDto => ({
  original: formatYuan(sums.original),
  carryOverIn: formatYuan(sums.carryOverIn),
  added: formatYuan(sums.added),
  cut: formatYuan(sums.cut),
  transferredIn: formatYuan(sums.transferredIn),
  transferredOut: formatYuan(sums.transferredOut),
  current: formatYuan(sums.current),
  frozen: formatYuan(sums.frozen),
  requested: formatYuan(sums.requested),
  paid: formatYuan(sums.paid),
  takenBack: formatYuan(sums.takenBack),
  available: formatYuan(sums.available),
  plannedToDate: formatYuan(sums.planned),
  ...(sums.plannedAssumed ? { plannedAssumed: true } : {}),
});

/** A picture reduced to what a scope selects. */
export const pictureIn = (picture: Picture, scope: Scope): Picture => ({
  ...picture,
  figures: picture.figures.filter((figure) => inScope(scope, figure)),
  planned: picture.planned.filter((planned) => inScope(scope, planned)),
});
