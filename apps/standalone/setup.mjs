/**
 * What `npm start`, `npm test`, `npm run test:fault`, `npm run budget` and `npm run bench` run: does the set-up that is missing, says so in short
 * lines on standard error, and goes on with the work. Plain JavaScript without dependencies: in a fresh clone there is
 * nothing else yet. When nothing has changed it costs some 20 ms.
 */
import { spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OLDEST_NODE = [20, 19];

const say = (line) => process.stderr.write(`${line}\n`);

class SetupError extends Error {}

async function main([verb, ...args]) {
  requireNode();
  const work = { start, test, fault, budget, bench }[verb];
  if (!work) throw new SetupError('Usage: node apps/standalone/setup.mjs start|test|fault|budget|bench [arguments]');
  if (!isInstalled() || !isBuilt()) {
    await alone(async () => {
      if (!isInstalled()) await install();
      if (!isBuilt()) await build();
    });
  }
  await work(args);
}

/** Runs in this very process: signals and the exit code need no forwarding. */
function start(args) {
  stopWithParent();
  return become('dist/apps/standalone/main.js', args);
}

/** Whoever ends npm itself ends the shell between npm and us, which passes nothing on. */
function stopWithParent() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 1_000);
  watch.unref();
}

/** File names in the arguments mean what they meant where the command was typed. */
function budget(args) {
  if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
  return become('dist/apps/cli/main.js', args);
}

const bench = (args) => become('dist/test/bench/run.js', args);

async function become(script, args) {
  const path = join(ROOT, script);
  process.argv = [process.execPath, path, ...args];
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(path).href);
}

/** Civil dates must not depend on the zone: what handles them runs again in one zone east and one west of Greenwich. */
const ZONES = ['UTC', 'Asia/Shanghai', 'America/New_York'];
const DATED = ['libs/domain/', 'libs/forms/', 'libs/read-model/', 'test/golden/'];

/** With arguments Jest runs once with them; without, everything, and then what handles dates in the other zones. */
function test(args) {
  return tests(args.length > 0 ? [{ args }] : ZONES.map((zone, index) => ({ zone, args: index === 0 ? [] : DATED })));
}

/** The faults often, with `--short` less often; `--json FILE` keeps the table. Other arguments name specs. */
function fault(args) {
  const rounds = args.includes('--short') ? 'short' : 'full';
  const at = args.indexOf('--json');
  const json = at < 0 ? undefined : args[at + 1];
  if (at >= 0 && json === undefined) throw new SetupError('--json needs the name of a file');
  const specs = args.filter(
    (argument, index) => argument !== '--short' && (at < 0 || (index !== at && index !== at + 1)),
  );
  return tests([{ args: specs.length > 0 ? specs : ['test/fault/'], environment: { FAULT_ROUNDS: rounds } }], json);
}

/** Runs Jest once or more often, then prints the fault table and the sums of all runs. */
async function tests(runs, json) {
  const sums = { passed: 0, failed: 0, skipped: 0 };
  const faultFile = join(tmpdir(), `budget-ledger-faults-${process.pid}.jsonl`);
  const shared = { FAULT_TABLE_FILE: faultFile, FAULT_SEED: process.env.FAULT_SEED ?? String(randomInt(2 ** 31)) };
  const hasFaults = runs.some(({ args }) => args.length === 0 || args.some((argument) => argument.includes('fault')));
  if (hasFaults) say(`faults: FAULT_SEED=${shared.FAULT_SEED}`);
  let status = 0;
  for (const { args, zone, environment } of runs) {
    if (zone) say(`tests in the time zone ${zone}`);
    const result = await jest(args, { ...shared, ...environment, ...(zone ? { TZ: zone } : {}) });
    for (const key of Object.keys(sums)) sums[key] += result.totals[key];
    status ||= result.status;
  }
  process.exitCode = status;
  await printFaults(faultFile, json);
  console.log(`${sums.passed} passed, ${sums.failed} failed, ${sums.skipped} skipped`);
}

async function printFaults(file, json) {
  const rows = textOf(file)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  rmSync(file, { force: true });
  if (rows.length === 0) return;
  const { renderFaults } = await import('../../test/support/fault-table.mjs');
  console.log(renderFaults(rows));
  if (json !== undefined)
    writeFileSync(resolve(process.env.INIT_CWD ?? '', json), `${JSON.stringify(rows, null, 2)}\n`);
}

async function jest(args, variables) {
  const totalsFile = join(tmpdir(), `budget-ledger-totals-${process.pid}.json`);
  rmSync(totalsFile, { force: true });
  const flags = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];
  const environment = { TEST_TOTALS_FILE: totalsFile, ...variables };
  const status = await run(process.execPath, [...flags, ...args], environment, 'inherit');
  const ended = existsSync(totalsFile);
  if (!ended) await (await import('../../test/support/test-server.mjs')).sweepInterrupted();
  const totals = ended ? JSON.parse(readFileSync(totalsFile, 'utf8')) : { passed: 0, failed: 1, skipped: 0 };
  rmSync(totalsFile, { force: true });
  return { status: status || (ended ? 0 : 1), totals };
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new SetupError(`This needs Node ${OLDEST_NODE.join('.')} or later; this is Node ${process.versions.node}.`);
}

const INSTALLED = join(ROOT, 'node_modules', '.installed-lock');
const LOCK_FILE = join(ROOT, 'package-lock.json');
const textOf = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const hashOf = (text) => createHash('sha256').update(text).digest('hex');

/** Whether the lock file is the one that was installed. */
const isInstalled = () => textOf(INSTALLED) === hashOf(readFileSync(LOCK_FILE));

async function install() {
  // Unless somebody ran npm by hand.
  const byNpm = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(byNpm) || statSync(byNpm).mtimeMs < statSync(LOCK_FILE).mtimeMs) {
    say('installing packages (npm ci)');
    const flags = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
    if ((await npm(['ci', ...flags])) !== 0) {
      throw new SetupError(
        'The packages could not be installed; npm says why above. The first start needs a connection to the npm registry ' +
          '(or a mirror: npm config set registry ...). Then run the same command again.',
      );
    }
  }
  writeFileSync(INSTALLED, hashOf(readFileSync(LOCK_FILE)));
}

/** Under npm, the very npm that runs us. */
function npm(args) {
  const script = process.env.npm_execpath;
  if (script && /\.c?js$/.test(script)) return run(process.execPath, [script, ...args]);
  return process.platform === 'win32' ? run('cmd.exe', ['/c', 'npm', ...args]) : run('npm', args);
}

const BUILT = join(ROOT, 'dist', '.built');
const SOURCE_FOLDERS = ['apps', 'libs', 'test'];
const SOURCE_FILES = ['package.json', 'tsconfig.json', 'node_modules/.installed-lock'];

/** Every source and setting by size and time: what the compiled files were made from. */
function sources() {
  const files = SOURCE_FOLDERS.flatMap((folder) => sourcesIn(join(ROOT, folder)));
  return [...files, ...SOURCE_FILES.map((file) => join(ROOT, file))].map(describe).sort().join('\n');
}

const isBuilt = () => textOf(BUILT) === sources();

/**
 * Compiles everything once. Types are not checked here (`npm run typecheck` does): the output is the same, in half the
 * time.
 */
async function build() {
  say('compiling');
  const made = sources();
  if (lostSource(textOf(BUILT), made)) rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
  else rmSync(BUILT, { force: true });
  const status = await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noCheck']);
  if (status !== 0) throw new SetupError('The sources could not be compiled; the compiler says why above.');
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  writeFileSync(BUILT, made);
}

const sourcesIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(ts|json)$/.test(entry.name))
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    : [];

function describe(path) {
  const { size, mtimeMs } = statSync(path);
  return `${relative(ROOT, path)} ${size} ${mtimeMs}`;
}

/** Whether a compiled file may be left whose source is gone. */
function lostSource(built, wanted) {
  const paths = (lines) => lines.split('\n').map((line) => line.split(' ')[0]);
  const present = new Set(paths(wanted));
  return paths(built).some((path) => path !== '' && !present.has(path));
}

/** Runs a program in the project folder; its output goes to standard error unless `output` says otherwise. */
function run(program, args, environment = {}, output = 2) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ['ignore', output, output === 'inherit' ? 'inherit' : 2],
    });
    // A terminal sends Ctrl-C to the child as well; whoever else signals us means the child too.
    const forward = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, forward);
    const finish = (settle, value) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, forward);
      settle(value);
    };
    child.once('error', (error) => finish(reject, new SetupError(`${program} cannot be run: ${error.message}`)));
    child.once('exit', (code, signal) => finish(resolve, code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/** One set-up at a time in this folder: two terminals may well begin at once. */
async function alone(work) {
  const lock = join(tmpdir(), `budget-ledger-setup-${process.getuid?.() ?? 0}-${hashOf(ROOT).slice(0, 16)}`);
  for (let waited = 0; !tryLock(lock); waited += 1) {
    if (waited === 10) say('another set-up is at work in this folder, waiting');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function tryLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const owner = Number(textOf(lock));
    // No number: its owner is just writing it, or died before it could.
    const abandoned =
      owner > 0
        ? !isAlive(owner)
        : (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < Date.now() - 10_000;
    if (abandoned) rmSync(lock, { force: true });
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 2;
}
