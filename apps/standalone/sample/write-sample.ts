/** Writes the sample anew, after a build and from the root: `node dist/apps/standalone/sample/write-sample.js`. */
import { readFile, writeFile } from 'node:fs/promises';
import { FORM_FILE, SAMPLE_FILE, sampleText } from './sample.js';

await writeFile(SAMPLE_FILE, sampleText(await readFile(FORM_FILE)));
