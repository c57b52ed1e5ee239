import { cpus } from 'node:os';
import { disconnectAll } from '../people.ts';
import { binary } from '../server.ts';
import { measure } from './scale/measure.ts';
import { type Options, parseOptions, usage } from './scale/options.ts';
import { type Column, report } from './scale/report.ts';

let options: Options;
try {
  options = parseOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${String(error)}\n${usage}`);
  process.exit(2);
}
const { instances, rooms, clients, writers, flight, seconds, workers } = options;
const processors = cpus();
console.log(
  `scale: ${rooms} rooms of ${clients} clients, ${writers} of them with ${flight} messages on their way, ` +
    `by websocket from ${workers} processes, ${seconds} s each
${binary}
${processors.length} x ${processors[0]?.model.trim() ?? 'unknown'}
Instances, Redis, database and clients share these processors: deliveries a second say what fits on one
machine of this kind, not what more machines would bear. For that, compare CPU seconds per delivery.`,
);
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
const setUps: [string, number, boolean][] = [['1 without Redis', 1, true]];
for (let count = 1; count <= instances; count++) {
  setUps.push([count === 1 ? '1 instance' : `${count} instances`, count, false]);
}
try {
  const columns: Column[] = [];
  for (const [name, count, isAlone] of setUps) {
    console.log(`${name} …`);
    columns.push({ name, figures: await measure(options, count, isAlone) });
  }
  report(columns);
} catch (error) {
  console.error(`scale: ${String(error)}`);
  process.exitCode = 1;
} finally {
  disconnectAll();
}
