/**
 * The product's own `main`, started as a child process by the fault specs: with a clock that can be shifted, points at which
 * it dies when it is told to, and an end when whoever started it has ended.
 */
import { armOnDemand } from './failpoint.js';
import { shiftOnDemand } from './shifted-clock.js';

// The channel closes when the process at its other end is gone, however that happened: nobody would stop us any more.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
armOnDemand();
shiftOnDemand();
await import('../../apps/standalone/main.js');
