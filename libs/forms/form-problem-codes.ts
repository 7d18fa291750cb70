/** Faults and notes of filled forms, a part of `problem-codes.ts`. */
export const FORM_PROBLEMS = {
  // Sheets, blocks, headings
  SHEET_MISSING: {
    meaning: 'No visible sheet has the title of the form; the sheets that there are are given.',
    remedy: 'Restore the title, or show the sheet that is hidden.',
  },
  FORM_REPEATED: {
    meaning: 'Several visible sheets hold the same form.',
    remedy: 'Keep one of them in the file, or hide the others.',
  },
  MERGES_TOO_MANY: {
    meaning: 'The merged ranges of the sheet cover more cells than a form can have.',
    remedy: 'Copy the form into a new file.',
  },
  HEADING_REPEATED: {
    meaning: 'The same heading stands over two columns; the first is given.',
    remedy: 'Remove the column that is not of the form.',
  },
  HEADING_UNKNOWN: {
    meaning: 'A column stands in the table that the form does not have.',
    remedy: 'Remove the column, or restore its heading.',
  },
  COLUMN_MOVED: {
    meaning: 'A column stands elsewhere than in the form; where it belongs and where it was found are given.',
    remedy: 'Move the column back to its place.',
  },
  MERGE_CUT_AMBIGUOUS: {
    meaning: 'A heading cell is empty, and the rows around it do not say which heading it belongs to.',
    remedy: 'Write the heading into the cell, or merge it with the one it belongs to.',
  },

  // Cells
  CELL_ERROR: { meaning: 'The cell shows an error of the spreadsheet.', remedy: 'Write the value itself.' },
  CELL_NOT_READABLE: { meaning: 'The cell holds a truth value.', remedy: 'Write the value as text or as a number.' },
  FORMULA_NOT_ALLOWED: {
    meaning: 'A text comes from a formula.',
    remedy: 'Copy the cell and paste its value only.',
  },
  FORMULA_WITHOUT_VALUE: {
    meaning: 'A formula has no computed value in the file.',
    remedy: 'Open the file in a spreadsheet program, let it compute, and save it; or write the value.',
  },
  PERCENT_NOT_READABLE: { meaning: 'The cell holds no percentage.', remedy: 'Write it like 38.2%.' },
  PERCENT_AMBIGUOUS: {
    meaning: 'A number up to 1 without the format of a percentage may be a share or a percentage.',
    remedy: 'Write it with a percent sign, like 38.2%.',
  },
  POINTS_NOT_READABLE: {
    meaning: 'The cell holds no number of points with at most two decimals.',
    remedy: 'Write it like 8.62.',
  },
  TICK_NOT_READABLE: { meaning: 'The cell is neither ticked nor empty.', remedy: 'Write √, or empty the cell.' },
  STAGE_NOT_READABLE: {
    meaning: 'The months that the form covers cannot be read.',
    remedy: 'Write them like 1-6月.',
  },

  // Targets and results
  COMPARATOR_STRICT: {
    meaning: 'The form knows ＝, ≥ and ≤ only: more than and less than are not among them.',
    remedy: 'Write ≥ or ≤ with the least or the greatest value that is good enough.',
  },
  INDICATOR_NOT_IN_FORM: {
    meaning: 'An indicator of the targets in force has no row in the form.',
    remedy: 'Restore the row; export the form again if many are gone.',
  },
  TARGET_CHANGED: {
    meaning: 'The target printed in the form is not the one in force.',
    remedy: 'Restore it; a target is revised in the books, not in this form.',
  },
  PERCENT_ABOVE_100: {
    meaning: 'A share of a whole cannot be above 100 %.',
    remedy: 'Check the figure, and its numerator and denominator.',
  },
  LIKELIHOOD_REPEATED: {
    meaning: 'More than one likelihood is ticked.',
    remedy: 'Keep one of 确定能, 有可能 and 完全不可能.',
  },
  POINTS_TOTAL_DIFFERS: {
    meaning: 'The points do not add up to their total; both are given.',
    remedy: 'Correct a row or the total.',
  },
} as const;

export const FORM_NOTES = {
  SHEET_HIDDEN: 'A hidden sheet holds the form as well; it was not read.',
  CELLS_NOT_READ: 'Cells beside or below the form were not read.',
  MERGE_CUT_FILLED: 'A cell left empty where a merged range was cut was read as what stands above or right.',
  FORMULA_VALUE_TAKEN: 'A formula was not computed: the value that the file has for it was taken.',
  NUMBER_AS_TEXT: 'A number stored as text was read as a number.',
  FIGURE_ROUNDED: 'More than two decimals were rounded half up.',
  COMPARATOR_NORMALISED: 'A comparator in other signs or words was read as the one of the form.',
  FIGURE_DIFFERS: 'The form has another figure than the books, which are kept: nothing is booked of it.',
} as const;
