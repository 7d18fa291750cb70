/** Units of targets, and how else they are written. One table for whoever reads a form or compares two of its rows. */

/** Spelling → the unit that it means. Spellings of one unit only: 亩 and 平方米 both measure land, but a number of one is none of the other. */
export const UNIT_SPELLINGS: Readonly<Record<string, string>> = {
  平米: '平方米',
  平方: '平方米',
  '㎡': '平方米',
  m2: '平方米',
  'm²': '平方米',
  立方: '立方米',
  'm³': '立方米',
  m3: '立方米',
  千米: '公里',
  km: '公里',
  市亩: '亩',
  ha: '公顷',
  '％': '%',
};

/** The one spelling of a unit that counts are kept in. */
export const canonicalUnit = (spelling: string): string => UNIT_SPELLINGS[spelling] ?? spelling;

/** The unit as a printed target spells it (`"＝112800平米"` → `"平米"`); `''` for a word or a bare number. */
export const printedUnit = (text: string): string =>
  /[\d０-９][\d０-９.．,，'’]*\s*([^\d０-９\s]*)\s*$/u.exec(text)?.[1] ?? '';
