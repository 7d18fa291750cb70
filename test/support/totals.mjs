/**
 * A reporter with the sums over all suites, true also when a suite cannot even be loaded, and a line for every test that was
 * skipped. `setup.mjs` collects the sums of several runs through TEST_TOTALS_FILE and prints them last.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

export default class Totals {
  /** @param {import('@jest/types').Config.GlobalConfig} globalConfig */
  constructor(globalConfig) {
    this.globalConfig = globalConfig;
  }

  /** @param {unknown} _contexts @param {import('@jest/test-result').AggregatedResult} results */
  onRunComplete(_contexts, results) {
    const totals = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    if (!this.globalConfig.testNamePattern) for (const line of skippedTests(results)) console.log(line);
    const file = process.env.TEST_TOTALS_FILE;
    if (file) writeFileSync(file, JSON.stringify(totals));
    else console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  }
}

/** The title of a skipped test says why it is skipped. */
function skippedTests(results) {
  return results.testResults.flatMap(({ testFilePath, testResults }) =>
    testResults
      .filter(({ status }) => status === 'pending' || status === 'todo' || status === 'disabled')
      .map(({ fullName }) => `skipped: ${relative(process.cwd(), testFilePath)}: ${fullName}`),
  );
}
