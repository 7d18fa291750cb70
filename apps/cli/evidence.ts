/** What stands behind a result, as options: a paper by number, a voucher, or a file that is kept with it. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Client } from './client.js';
import { Unreachable } from './faults.js';
import { defined, type Given } from './given.js';
import { readUpload } from './import.js';
import type { EvidenceBody } from './performance-bodies.js';

export const evidenceOptions = (command: Command): Command =>
  command
    .option(
      '--evidence <file>',
      'file that shows it (PDF, picture, DOCX, XLSX, OFD, text); a trial run does not send it',
    )
    .option(
      '--evidence-title <words>',
      'what the evidence is (default: the name of the file, the document or the voucher)',
    )
    .option('--document <number>', 'number of the paper that says so')
    .option('--voucher <number>', 'number of the voucher');

/** Sends the file, if there is one, when the command is otherwise right. */
export function evidenceOf(given: Given): (client: Client) => Promise<{ readonly evidence: readonly object[] }> {
  const file = given.optionalText('evidence');
  const number = given.optionalText('document');
  const voucherNo = given.optionalText('voucher');
  const title = given.optionalText('evidence-title') ?? (file && basename(file)) ?? number ?? voucherNo;
  const dryRun = given.flag('dry-run');
  return async (client) => {
    if (title === undefined) return { evidence: [] };
    const attachment = file === undefined || dryRun ? undefined : await kept(client, file);
    const document = number === undefined ? undefined : { number };
    return { evidence: [defined({ title, document, voucherNo, attachment })] };
  };
}

async function kept(client: Client, file: string): Promise<EvidenceBody['attachment']> {
  const bytes = await readUpload(file);
  const { body } = await client.upload<NonNullable<EvidenceBody['attachment']>>(
    '/api/v1/attachments',
    {},
    {
      name: basename(file),
      bytes,
    },
  );
  if (body.sha256 !== createHash('sha256').update(bytes).digest('hex')) {
    throw new Unreachable(`${file} did not arrive as it is on this disk. Give the same command again.`);
  }
  return { sha256: body.sha256, bytes: body.bytes, name: body.name };
}
