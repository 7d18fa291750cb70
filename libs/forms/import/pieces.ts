/** Printed lines of cells as the text layer gives them, before it is known which belong together. */
/** One cell, or one printed line of it. */
export interface Piece {
  readonly text: string;
  /** In Chinese characters; `head` is the part at its beginning that no line break may cut. */
  readonly width: number;
  readonly head: number;
  /** A closing mark, with which no cell begins, stands first. */
  readonly goesOn: boolean;
  /** Line in the file. */
  readonly no: number;
  /** Another cell stands before it on the same printed line. */
  readonly sameLine: boolean;
  /** A blank line stands before it. */
  readonly apart: boolean;
}

export function pieceOf(text: string, where: Pick<Piece, 'no' | 'sameLine' | 'apart'>): Piece {
  const head = /^([\w.%-]+|.)[、，。；：！？）》”’」』】〕]*/u.exec(text)?.[0] ?? '';
  return { ...where, text, width: widthOf(text), head: widthOf(head), goesOn: CLOSING.test(text) };
}

const CLOSING = /^[、，。；：！？）》」』】〕)]/;

/** Length in Chinese characters; Latin letters and digits take half the room. */
const widthOf = (text: string): number =>
  [...text].reduce((width, character) => width + (character <= '\u00ff' ? 0.5 : 1), 0);

/** Pieces of one cell as one text; a blank only between two Latin words. */
export const joined = (pieces: readonly string[]): string =>
  pieces.reduce((left, right) => (/\w$/.test(left) && /^\w/.test(right) ? `${left} ${right}` : left + right), '');

export const textOfAll = (pieces: readonly Piece[]): string => joined(pieces.map(({ text }) => text));

export interface HeadingColumn {
  readonly key: 'level2' | 'keyWork';
  /** Chinese characters that one printed line of it holds. */
  readonly width: number;
  /** Texts that are surely a whole cell. */
  readonly usual: ReadonlySet<string>;
}

export interface Layout {
  /** Which headings may stand in a gap, each way with its weight. */
  readonly ways: (gap: Gap) => readonly { readonly columns: readonly HeadingColumn[]; readonly weight: number }[];
  readonly nameWidth: number;
  /** The text has blank lines at all, so that two lines without one between belong together. */
  readonly blankLines: boolean;
}

/** What stands between the values of one row and those of the next, or the end of the block. */
export interface Gap {
  readonly pieces: readonly Piece[];
  /** Name on the line of the next values. */
  readonly name?: Piece;
  /** `end`: no values follow. */
  readonly next: 'values' | 'end';
  /** A first-level heading stands at the beginning of the gap. */
  readonly opensLevel1: boolean;
  /** Last printed line of the name before, which may go on in this gap. */
  readonly before?: Piece;
}
