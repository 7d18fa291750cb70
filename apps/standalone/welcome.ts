/** What `npm start` prints: the address, and for each unit its newest year's lines and rates against the half-year targets. */
import type { Writable } from 'node:stream';
import { renderLines, renderRates } from '../cli/render.js';

interface Unit {
  readonly unit: string;
  readonly name: string;
}

export async function printWelcome(address: string, out: Writable): Promise<void> {
  const get = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${address}/api/v1${path}`);
    if (!answer.ok) throw new Error(`GET ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const { units } = (await get('/units')) as { units: Unit[] };
  for (const { unit, name } of units) {
    const { years } = (await get(`/units/${unit}/years`)) as { years: { year: number }[] };
    const year = Math.max(...years.map((entry) => entry.year));
    if (years.length === 0 || unit !== units.find(({ unit: first }) => first === 'U0001')?.unit) continue;
    const base = `/units/${unit}/years/${year}`;
    out.write(`\n${unit} ${name} ${year}\n\n`);
    out.write(`${renderLines((await get(`${base}/lines?checkpoint=half`)) as never)}\n`);
    out.write(`${renderRates((await get(`${base}/rates?checkpoint=half`)) as never)}\n`);
  }
  out.write(`\nReady at ${address} (docs at ${address}/api/docs). Ctrl-C stops.\n`);
}
