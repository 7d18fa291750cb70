/** Writes the description of the whole API into a file, for the processes that serve only a part of it: a step of the build. */
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { describeSystem } from './openapi.js';

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('Usage: node dist/apps/standalone/write-openapi.js FILE\n');
  process.exit(2);
}
writeFileSync(file, JSON.stringify(await describeSystem()));
