#!/usr/bin/env node
/** `budget`: the command line. */
import { readConfig } from '#platform/config.js';
import { run } from './run.js';
import { processTerminal } from './terminal.js';

/** A defect of the command line itself: none of the codes that say something about the command (EX_SOFTWARE). */
const DEFECT = 70;

try {
  process.exitCode = await run(process.argv.slice(2), processTerminal(), () => readConfig().budgetUrl);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = DEFECT;
}
