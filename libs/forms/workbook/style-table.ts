/** The formatting of a workbook: every combination that a cell uses once, by number (ECMA-376 part 1, 18.8). */
import type { CellStyle } from './sheet-layout.js';
import { MAIN_NAMESPACE, XML_DECLARATION, attributes } from './xml-text.js';

const DEFAULT_FONT = '宋体';
const DEFAULT_SIZE = 11;
/** Numbers below belong to formats that need not be spelt out. */
const FIRST_CUSTOM_FORMAT = 164;
const BUILT_IN_FORMATS: Readonly<Record<string, number>> = {
  General: 0,
  '0': 1,
  '0.00': 2,
  '#,##0': 3,
  '#,##0.00': 4,
  '0%': 9,
  '0.00%': 10,
  '@': 49,
};

/** Different texts in the order of their first use. */
class Numbered {
  readonly #numbers = new Map<string, number>();

  constructor(...first: readonly string[]) {
    for (const entry of first) this.numberOf(entry);
  }

  numberOf(entry: string): number {
    const known = this.#numbers.get(entry) ?? this.#numbers.size;
    this.#numbers.set(entry, known);
    return known;
  }

  element(name: string): string {
    const entries = [...this.#numbers.keys()];
    return entries.length === 0 ? '' : `<${name} count="${entries.length}">${entries.join('')}</${name}>`;
  }
}

export class StyleTable {
  readonly #fonts = new Numbered(fontXml({}));
  /** The first two fills are reserved. */
  readonly #fills = new Numbered(
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',
  );
  readonly #borders = new Numbered(borderXml(undefined));
  readonly #formats = new Map<string, number>();
  readonly #cells = new Numbered('<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>');

  /** `quoted`: the cell's text begins like a formula and stays a text when somebody edits it. */
  numberOf(style: CellStyle, quoted: boolean): number {
    const { border, fill, format = 'General', horizontal, vertical = 'center', wrap, indent } = style;
    const xf = attributes({
      numFmtId: this.#formatNumber(format),
      fontId: this.#fonts.numberOf(fontXml(style)),
      fillId: this.#fills.numberOf(fillXml(fill)),
      borderId: this.#borders.numberOf(borderXml(border)),
      xfId: 0,
      quotePrefix: quoted ? 1 : undefined,
      applyNumberFormat: 1,
      applyFont: 1,
      applyFill: 1,
      applyBorder: 1,
      applyAlignment: 1,
    });
    const alignment = attributes({ horizontal, vertical, indent, wrapText: wrap === true ? 1 : undefined });
    return this.#cells.numberOf(`<xf${xf}><alignment${alignment}/></xf>`);
  }

  #formatNumber(format: string): number {
    const known = BUILT_IN_FORMATS[format] ?? this.#formats.get(format) ?? FIRST_CUSTOM_FORMAT + this.#formats.size;
    if (known >= FIRST_CUSTOM_FORMAT) this.#formats.set(format, known);
    return known;
  }

  xml(): string {
    const formats = [...this.#formats].map(
      ([formatCode, numFmtId]) => `<numFmt${attributes({ numFmtId, formatCode })}/>`,
    );
    const parts = [
      formats.length === 0 ? '' : `<numFmts count="${formats.length}">${formats.join('')}</numFmts>`,
      this.#fonts.element('fonts'),
      this.#fills.element('fills'),
      this.#borders.element('borders'),
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
      this.#cells.element('cellXfs'),
      '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
    ];
    return `${XML_DECLARATION}<styleSheet xmlns="${MAIN_NAMESPACE}">${parts.join('')}</styleSheet>`;
  }
}

function fontXml({ font = DEFAULT_FONT, size = DEFAULT_SIZE, bold, italic, color }: CellStyle): string {
  const parts = [
    bold === true ? '<b/>' : '',
    italic === true ? '<i/>' : '',
    `<sz${attributes({ val: size })}/>`,
    color === undefined ? '' : `<color${attributes({ rgb: `FF${color}` })}/>`,
    `<name${attributes({ val: font })}/>`,
    // 134: the character set GB2312, by which a machine without the font finds another Chinese one.
    '<charset val="134"/>',
  ];
  return `<font>${parts.join('')}</font>`;
}

const fillXml = (fill: string | undefined): string =>
  fill === undefined
    ? '<fill><patternFill patternType="none"/></fill>'
    : `<fill><patternFill patternType="solid"><fgColor${attributes({ rgb: `FF${fill}` })}/></patternFill></fill>`;

const borderXml = (border: CellStyle['border']): string => {
  const sides = ['left', 'right', 'top', 'bottom'].map((side) =>
    border === undefined ? `<${side}/>` : `<${side} style="${border}"><color auto="1"/></${side}>`,
  );
  return `<border>${sides.join('')}<diagonal/></border>`;
};
