/**
 * Every fault that a file or a plan can have: what it means and what to do about it. The table in `README.md` lists the
 * same codes, and each has a small bad file or a test that provokes it. Codes are stable: programs may branch on them.
 */
import { FORM_NOTES, FORM_PROBLEMS } from './form-problem-codes.js';

export interface Explanation {
  readonly meaning: string;
  readonly remedy: string;
}

export const PROBLEMS = {
  // The file as such
  FILE_TOO_LARGE: {
    meaning: 'The file holds more bytes than are accepted.',
    remedy: 'Split it, or export the text only.',
  },
  FILE_EMPTY: {
    meaning: 'The file is empty, or holds nothing but blanks.',
    remedy: 'Save or export it again, and check that it is the right one.',
  },
  FILE_NOT_TEXT: {
    meaning: 'The bytes are not text (a PDF, a spreadsheet or an archive).',
    remedy: 'Export the text layer or a CSV.',
  },
  ENCODING_UNKNOWN: {
    meaning: 'The text is neither UTF-8 nor GBK/GB18030.',
    remedy: 'Save it as UTF-8.',
  },
  FORM_NOT_RECOGNISED: {
    meaning: 'Nothing in the file belongs to a form that can be read here.',
    remedy: 'Check that it is the whole-unit performance table, the JSON form, or a CSV file as documented.',
  },

  // Parts of the printed table
  SECTION_MISSING: {
    meaning: 'A part of the form is not there: the text is cut off, or its heading is damaged.',
    remedy: 'Export the whole text again; compare the heading with the printed form.',
  },
  SECTION_EMPTY: {
    meaning: 'A first-level heading that always has indicators has none.',
    remedy: 'Export the whole text again.',
  },
  YEAR_MISSING: { meaning: 'No year such as 2024年度 is printed.', remedy: 'Add the line with the year.' },
  UNIT_NAME_MISSING: { meaning: 'No name follows 单位名称.', remedy: 'Add the name of the unit.' },
  CURRENCY_UNIT_MISSING: {
    meaning: 'The heading of the funds does not say 万元 or 元, so no amount can be trusted.',
    remedy: 'Restore the heading 部门整体资金（万元）.',
  },
  HEADER_WRONG: {
    meaning: 'The column headings are not those of the form; expected and found are given.',
    remedy: 'Restore the headings in the expected order.',
  },
  COLUMNS_SWAPPED: {
    meaning: 'The half-year and the full-year column stand in each other’s place, by heading or by their figures.',
    remedy: 'Put the half-year column before the full-year column.',
  },
  ROW_MISSING: { meaning: 'A row that the form always prints is not there.', remedy: 'Export the whole text again.' },
  ROW_REPEATED: { meaning: 'A row stands there twice.', remedy: 'Remove the wrong one.' },
  ROW_UNKNOWN: {
    meaning: 'A figure stands beside a label that the form does not have.',
    remedy: 'Correct the label to that of the form.',
  },
  TEXT_UNEXPECTED: {
    meaning: 'Text stands where only rows of the table belong.',
    remedy: 'Remove it, or put a wrapped name on one line with its values.',
  },
  NAME_MISSING: { meaning: 'Values have no name beside or above them.', remedy: 'Add the name of the row.' },
  VALUE_MISSING: { meaning: 'A row has fewer values than columns.', remedy: 'Add the value, 0 if there is none.' },
  VALUE_UNEXPECTED: {
    meaning: 'A row has more values than columns.',
    remedy: 'Remove the extra value; a number holds no blanks.',
  },
  HEADING_MISSING: {
    meaning: 'An indicator has no second-level heading or key work above it.',
    remedy: 'Add the heading on a line of its own.',
  },
  HEADING_WITHOUT_INDICATOR: {
    meaning: 'A heading that must have indicators has none.',
    remedy: 'Export the whole text again, or join the lines of a wrapped name.',
  },
  WRAPPED_NAME_AMBIGUOUS: {
    meaning: 'Wrapped lines can be joined to names in more than one way; the readings are given.',
    remedy: 'Put each name on one line.',
  },
  INDICATOR_REPEATED: {
    meaning: 'The same indicator stands under the same heading twice.',
    remedy: 'Remove the wrong one.',
  },
  TARGET_NOT_READABLE: {
    meaning: 'A target is neither ＝, ≥ or ≤ with a number and a unit, nor a word.',
    remedy: 'Write it like ＝38%, ≥90% or 健全.',
  },
  TARGETS_DIFFER: {
    meaning: 'The half-year and the full-year target of one indicator differ in kind, comparator or unit.',
    remedy: 'Make both alike.',
  },
  TOO_MANY_LINES: { meaning: 'The table has more lines than one plan may hold.', remedy: 'Check the file.' },
  TOO_MANY_INDICATORS: { meaning: 'The table has more indicators than are accepted.', remedy: 'Check the file.' },

  // Amounts and totals
  AMOUNT_NOT_DECIMAL: {
    meaning: 'Not a plain decimal: a thousands separator, an exponent, a sign or digits of another width.',
    remedy: 'Write it like 92080000.00, with a point and no separators.',
  },
  AMOUNT_TOO_PRECISE: {
    meaning: 'More decimals than one fen has (two in yuan, six in 万元).',
    remedy: 'Round it to the fen.',
  },
  AMOUNT_OUT_OF_RANGE: {
    meaning: 'The amount is beyond 90 071 992 547 409.91 yuan.',
    remedy: 'Check the amount and its unit.',
  },
  AMOUNT_NEGATIVE: { meaning: 'An amount of the plan is below zero.', remedy: 'Write it without a sign.' },
  AMOUNT_NOT_POSITIVE: {
    meaning: 'A payment or a movement must be above zero.',
    remedy: 'Give a positive amount; a refund is booked as a return, not as a negative payment.',
  },
  HALF_ABOVE_ANNUAL: {
    meaning: 'The plan to mid-year is above the budget of the year.',
    remedy: 'Check whether the two figures are swapped.',
  },
  CONTROL_TOTAL_DIFFERS: {
    meaning: 'A printed total is not the sum of its parts; the check, both figures and the difference are given.',
    remedy: 'Find the row that is missing or misread.',
  },

  // JSON
  JSON_NOT_VALID: { meaning: 'The file is not JSON.', remedy: 'Correct it at the place given.' },
  JSON_TOO_DEEP: { meaning: 'Objects and arrays are nested too deeply.', remedy: 'Use the documented shape.' },
  KEY_FORBIDDEN: { meaning: 'A property has a reserved name.', remedy: 'Remove it.' },
  KEY_REPEATED: { meaning: 'A property stands in one object twice.', remedy: 'Remove the wrong one.' },
  PROPERTY_UNKNOWN: { meaning: 'The form has no such property.', remedy: 'Remove it or correct its name.' },
  PROPERTY_MISSING: { meaning: 'A required property is not there.', remedy: 'Add it.' },
  TYPE_WRONG: {
    meaning: 'The value is of another kind than expected; amounts are strings, never numbers.',
    remedy: 'Give what is expected.',
  },
  VALUE_NOT_ALLOWED: { meaning: 'The value is not one of those allowed.', remedy: 'Use one of those listed.' },
  TEXT_NOT_PLAIN: {
    meaning: 'The text holds control characters such as a line break.',
    remedy: 'Write it on one line.',
  },
  TEXT_TOO_LONG: { meaning: 'The text is longer than accepted.', remedy: 'Shorten it.' },
  CODE_NOT_VALID: {
    meaning: 'A classification code has the wrong number of digits.',
    remedy: 'Function codes have 3, 5 or 7 digits, economic codes 3 or 5.',
  },
  ID_NOT_VALID: {
    meaning: 'An id holds other characters than letters, digits, dot, hyphen and underscore, or is too long.',
    remedy: 'Use an id such as P01.',
  },
  ID_REPEATED: { meaning: 'Two entries have the same id.', remedy: 'Give each its own.' },
  ECONOMIC_SHARES_EXCEED: {
    meaning: 'The parts by economic code add up to more than the line.',
    remedy: 'Correct the parts.',
  },

  // Dates, lines and funds
  DATE_NOT_VALID: { meaning: 'Not a date that exists, written YYYY-MM-DD.', remedy: 'Correct the date.' },
  DATE_OUTSIDE_YEAR: { meaning: 'The date is not in the year of the books.', remedy: 'Book it in its own year.' },
  LINE_UNKNOWN: {
    meaning: 'No line has this id or exactly this name.',
    remedy: 'Use an id or a name from the list of lines.',
  },
  LINE_AMBIGUOUS: { meaning: 'Several lines have this name.', remedy: 'Use the id of the line.' },
  FUND_NATURE_NEEDED: {
    meaning: 'The form does not print the fund nature of its lines and its figures do not force it.',
    remedy: 'State the fund nature of the lines listed.',
  },
  FUND_TOTAL_DIFFERS: {
    meaning: 'The lines of one fund nature do not add up to its income.',
    remedy: 'Correct the fund nature of a line; a line of mixed funds is entered as two lines.',
  },
  CARRY_OVER_SPLIT_NEEDED: {
    meaning: 'The lines include last year’s carry-over, and the form does not say which.',
    remedy: 'State the carry-over by line and origin year.',
  },
  CARRY_OVER_TOTAL_DIFFERS: {
    meaning: 'The carry-over by line does not add up to 上年结转资金.',
    remedy: 'Correct the split.',
  },
  CARRY_OVER_ABOVE_LINE: {
    meaning: 'A line carries over more than is printed for it.',
    remedy: 'Correct the split: printed amounts include carry-over.',
  },
  CARRY_OVER_BOOKED_DIFFERS: {
    meaning: 'The books have another amount of that year on this line already, brought by a close or by hand.',
    remedy: 'Leave it out of the split, or correct the amount that is booked.',
  },
  CARRY_OVER_REPEATED: {
    meaning: 'A line and origin year stand in the split twice.',
    remedy: 'Add the two amounts up.',
  },
  ORIGIN_YEAR_NOT_PAST: {
    meaning: 'Carried-over money comes from an earlier year.',
    remedy: 'Give the year in which the money was first approved.',
  },

  // CSV
  CSV_NOT_READABLE: {
    meaning: 'Quotes are not closed or stand inside a plain cell.',
    remedy: 'Quote cells that hold commas or quotes, and double the quotes inside.',
  },
  NO_ROWS: { meaning: 'The file has a header and nothing else.', remedy: 'Check the export.' },
  TOO_MANY_ROWS: { meaning: 'The file has more rows than are accepted.', remedy: 'Split it by month.' },
  ROW_WIDTH_WRONG: {
    meaning: 'A row has more or fewer cells than the header.',
    remedy: 'Quote cells that hold commas; add the missing cells.',
  },
  CELL_EMPTY: { meaning: 'A cell that must be filled is empty.', remedy: 'Fill it.' },
  CELL_NOT_EXPECTED: {
    meaning: 'A cell is filled that this kind of row leaves empty.',
    remedy: 'An addition has only `to`, a cut only `from`; empty the other.',
  },
  SAME_LINE: { meaning: 'A transfer goes from a line to itself.', remedy: 'Correct one of the two lines.' },
  DUPLICATE_IN_FILE: {
    meaning: 'A number stands in the file twice; the first row is named.',
    remedy: 'Remove one of them, or give the second its own number.',
  },
  ADJUSTMENT_INCONSISTENT: {
    meaning: 'Rows of one adjustment differ in date, reason or document.',
    remedy: 'Make them alike, or give the rows different numbers.',
  },
  TOO_MANY_MOVEMENTS: {
    meaning: 'One adjustment has more movements than one booking may hold.',
    remedy: 'Split it into several adjustments with one document number.',
  },

  // Workbooks
  WORKBOOK_NOT_ZIP: {
    meaning: 'The file is no workbook, whatever its name says; what it looks like is given.',
    remedy: 'Open it and save it as an Excel workbook (.xlsx).',
  },
  WORKBOOK_NOT_XLSX: {
    meaning: 'The archive holds another kind of document, which is given.',
    remedy: 'Save the table as an Excel workbook (.xlsx).',
  },
  WORKBOOK_OLD_FORMAT: {
    meaning: 'The file is in an old binary format (.xls, .et, .doc); which one is given.',
    remedy: 'Open it and save it as an Excel workbook (.xlsx).',
  },
  WORKBOOK_ENCRYPTED: { meaning: 'The workbook is protected by a password.', remedy: 'Save it without a password.' },
  WORKBOOK_HAS_MACROS: {
    meaning: 'The workbook contains macros.',
    remedy: 'Save it as an Excel workbook without macros (.xlsx).',
  },
  WORKBOOK_INFLATES_TOO_MUCH: {
    meaning: 'Unpacked, the file is larger than accepted or than it declares.',
    remedy: 'Remove pictures and unused sheets; do not open a file of unknown origin.',
  },
  WORKBOOK_TOO_MANY_PARTS: {
    meaning: 'The archive holds more parts than are accepted.',
    remedy: 'Remove pictures and unused sheets.',
  },
  WORKBOOK_ARCHIVE_UNSAFE: {
    meaning: 'The archive is built to deceive: parts overlap, stand there twice, or their names lead elsewhere.',
    remedy: 'Do not use the file; ask its sender for another.',
  },
  WORKBOOK_LINK_UNSAFE: {
    meaning: 'A part of the workbook refers to something outside of it.',
    remedy: 'Copy the cells into a new workbook.',
  },
  WORKBOOK_TOO_MANY_SHEETS: {
    meaning: 'The workbook has more sheets than are accepted.',
    remedy: 'Remove the sheets that are not the form.',
  },
  WORKBOOK_TOO_MANY_ROWS: {
    meaning: 'A sheet has something in a row below those accepted.',
    remedy: 'Delete the rows below the table.',
  },
  WORKBOOK_TOO_MANY_COLUMNS: {
    meaning: 'A sheet has something in a column right of those accepted.',
    remedy: 'Delete the columns right of the table.',
  },
  WORKBOOK_TOO_MANY_CELLS: {
    meaning: 'The workbook has more cells than are accepted, counted with the gaps between them.',
    remedy: 'Remove the sheets that are not the form.',
  },
  WORKBOOK_TEXT_TOO_LONG: {
    meaning: 'The text of a cell is longer than a spreadsheet allows.',
    remedy: 'Shorten it.',
  },
  WORKBOOK_CELL_NOT_VALID: {
    meaning: 'A cell holds something else than its kind says, such as a number that is none.',
    remedy: 'Type the cell again.',
  },
  WORKBOOK_PART_MISSING: {
    meaning: 'A part that every workbook has is not in the file.',
    remedy: 'Open it and save it again; if it cannot be opened, ask its sender for another.',
  },
  WORKBOOK_PART_CORRUPT: {
    meaning: 'A part of the file is damaged or cut off; the reason is given.',
    remedy: 'Open it and save it again; if it cannot be opened, ask its sender for another.',
  },
  WORKBOOK_XML_HAS_DTD: {
    meaning: 'A part of the file declares a document type, which no spreadsheet program writes.',
    remedy: 'Do not use the file; ask its sender for another.',
  },
  WORKBOOK_XML_TOO_DEEP: {
    meaning: 'A part of the file is nested deeper than any spreadsheet program writes.',
    remedy: 'Copy the cells into a new workbook.',
  },
  WORKBOOK_TOO_COMPLEX: {
    meaning: 'The workbook holds more text, or more formatted empty cells, than is accepted.',
    remedy: 'Copy the cells of the form into a new workbook.',
  },
  WORKBOOK_TOO_SLOW: {
    meaning: 'Reading the workbook took longer than is allowed.',
    remedy: 'Copy the cells of the form into a new workbook, or try again later.',
  },

  // Filled forms
  ...FORM_PROBLEMS,
  // Results
  INDICATOR_UNKNOWN: {
    meaning: 'No indicator has this id or exactly this name.',
    remedy: 'Use an id or a name from the table.',
  },
  INDICATOR_AMBIGUOUS: {
    meaning: 'Several indicators have this name.',
    remedy: 'Use the id of the indicator.',
  },
  RESULT_NOT_A_NUMBER: {
    meaning: 'The target is a number, and this is none.',
    remedy: 'Write it like 17, 17个 or 98.5%, without separators.',
  },
  RESULT_NOT_A_WORD: {
    meaning: 'The target is a word such as 健全, and this is a number.',
    remedy: 'Give the word that was found.',
  },
  UNIT_DIFFERS: {
    meaning: 'The value has another unit than the target.',
    remedy: 'Give it in the unit of the target; nothing is converted.',
  },
} as const satisfies Readonly<Record<string, Explanation>>;

export type ProblemCode = keyof typeof PROBLEMS;

/** What was read differently from what stands there, or assumed. A note refuses nothing; a preview shows it. */
export const NOTES = {
  DECODED_AS_GB18030: 'The bytes are not UTF-8 and were read as GBK/GB18030.',
  DECODED_AS_UTF16: 'The byte order mark says UTF-16, and so it was read.',
  FULL_WIDTH_DIGITS: 'Full-width digits in a value were read as plain digits.',
  RADICALS_REPLACED: 'Radical characters left by the PDF were read as the characters they look like.',
  UNIT_NORMALISED: 'Two spellings of one unit were read as the same; the text is kept as printed.',
  UNIT_NOT_LISTED: 'The unit of a target is not in the list of the form.',
  WORD_NOT_LISTED: 'The word of a target is not in the list of the form.',
  TARGET_FALLS: 'The full-year target is below the half-year target; read as a level, not as a running total.',
  NAME_REPEATED: 'Two lines have the same name: files must use their ids.',
  PAGE_NUMBER_SKIPPED: 'A number on a line of its own was taken for a page number.',
  HEADING_EMPTY: 'A heading stands in the form without an indicator of its own.',
  CARRY_OVER_NOT_PRINTED: 'The table prints no carry-over, a close has brought some: lines are taken as printed.',
  EXEMPTION_NOT_DOCUMENTED: 'Without document number and date the adjustment counts as ordinary.',
  ...FORM_NOTES,
} as const;

export type NoteCode = keyof typeof NOTES;
