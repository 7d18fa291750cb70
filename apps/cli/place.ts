/** Which unit and year a command is about: what it says, or the only ones there are. */
import type { Command } from 'commander';
import type { UnitsBody, YearsBody } from './catalogue-bodies.js';
import { path, type Client } from './client.js';
import { BadInput, type Fault } from './faults.js';
import type { Given } from './given.js';
import { printable } from './table.js';

export interface Place {
  readonly unit: string;
  readonly year: number;
}

/** What the command says of them. */
export type PlaceAsked = Partial<Place>;

export const placeOptions = (command: Command): Command =>
  command
    .option('--unit <code>', 'unit; may be left out when there is only one')
    .option('--year <year>', 'year; may be left out when there is only one');

/** Address of everything about one unit and year. */
export const baseOf = ({ unit, year }: Place): string => path`/api/v1/units/${unit}/years/${String(year)}`;

export function askedPlace(given: Given): PlaceAsked {
  const unit = given.optionalText('unit');
  const year = given.optionalYear('year');
  return { ...(unit === undefined ? {} : { unit }), ...(year === undefined ? {} : { year }) };
}

/** What is not said is taken from the system when there is only one, else refused with the choices (`BadInput`). */
export async function placeOf(client: Client, asked: PlaceAsked): Promise<Place> {
  const unit = await unitOf(client, asked);
  return { unit, year: asked.year ?? (await onlyYear(client, unit)) };
}

/** The unit alone, of what is about no single year. */
export const unitOf = async (client: Client, { unit }: Pick<PlaceAsked, 'unit'>): Promise<string> =>
  unit ?? (await onlyUnit(client));

async function onlyUnit(client: Client): Promise<string> {
  const { body } = await client.get<UnitsBody>('/api/v1/units');
  const choices = body.units.map(({ unit, name }) => `${unit} ${name}`);
  return only(body.units, choices, { option: '--unit', none: NO_UNIT }).unit;
}

async function onlyYear(client: Client, unit: string): Promise<number> {
  const { body } = await client.get<YearsBody>(path`/api/v1/units/${unit}/years`);
  const choices = body.years.map(({ year }) => String(year));
  return only(body.years, choices, { option: '--year', none: `unit ${unit} has no year yet; say which one you mean` })
    .year;
}

const NO_UNIT = 'no unit is registered yet: import a table, or `budget units --add CODE --name NAME --valid-from DATE`';

function only<Item>(items: readonly Item[], choices: readonly string[], words: { option: string; none: string }): Item {
  const [first, second] = items;
  if (first !== undefined && second === undefined) return first;
  const message =
    first === undefined
      ? words.none
      : `say which one:\n${choices.map((choice) => `    ${printable(choice)}`).join('\n')}`;
  const fault: Fault = { place: words.option, code: 'NOT_CHOSEN', message };
  throw new BadInput(fault);
}
