/** The comparators of targets as people write them, as the one of ＝, ≥ and ≤ that they mean. */
import type { Findings } from '#forms/findings.js';
import { plainDigits } from '#forms/target-value.js';

const MEANINGS: readonly (readonly [string, '＝' | '≥' | '≤'])[] = [
  ['大于等于', '≥'],
  ['大于或等于', '≥'],
  ['不低于', '≥'],
  ['不少于', '≥'],
  ['不小于', '≥'],
  ['小于等于', '≤'],
  ['小于或等于', '≤'],
  ['不高于', '≤'],
  ['不超过', '≤'],
  ['不大于', '≤'],
  ['等于', '＝'],
  ['>=', '≥'],
  ['<=', '≤'],
  ['≧', '≥'],
  ['≦', '≤'],
  ['⩾', '≥'],
  ['⩽', '≤'],
  ['＞＝', '≥'],
  ['＜＝', '≤'],
  ['=>', '≥'],
  ['=<', '≤'],
];
const STRICT = /^(大于|小于|高于|低于|超过|＞|＜|>|<)/u;

/**
 * The target with the comparator of the form. `＝38%`, `=38%`, `≥90%` and words stay as they are; `不低于90%` becomes `≥90%`
 * with a note; `大于90%` is a problem, and `undefined`: the form has no such comparator.
 */
export function withOfficialComparator(text: string, at: string, findings: Findings): string | undefined {
  const compact = text.replace(/\s+/gu, '');
  const [written, meant] = MEANINGS.find(([glyph]) => compact.startsWith(glyph)) ?? [];
  if (written !== undefined && meant !== undefined) {
    findings.note(at, 'COMPARATOR_NORMALISED', { found: written, read: meant });
    return `${meant}${compact.slice(written.length)}`;
  }
  if (STRICT.test(compact) && /\d/.test(plainDigits(compact).text)) {
    findings.problem(at, 'COMPARATOR_STRICT', { found: text });
    return undefined;
  }
  return compact;
}
