/** The image's entry: becomes the process that its first argument names. The others are that process's own. */
const PROCESSES = {
  ledger: '../dist/apps/ledger/main.js',
  relay: '../dist/apps/relay/main.js',
  projector: '../dist/apps/projector/main.js',
  query: '../dist/apps/query/main.js',
  topics: '../dist/apps/relay/topics.js',
  budget: '../dist/apps/cli/main.js',
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(PROCESSES, name ?? '')) {
  const known = Object.keys(PROCESSES).join(', ');
  process.stderr.write(`${name ? `${name} is no process of this image.` : 'Which process?'} Give one of ${known}.\n`);
  process.exit(2);
}
const script = new URL(PROCESSES[name], import.meta.url);
process.argv = [process.execPath, script.pathname, ...args];
await import(script.href);
