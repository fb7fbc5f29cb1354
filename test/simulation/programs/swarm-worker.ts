// Runs seeds of the swarm: swarm-worker FIRST COUNT STEP TWICE ENOUGH. Its last line is the tally.
import { count, emptyTally } from '../swarm/report.ts';
import { runSchedule } from '../swarm/schedule.ts';

/** After so many schedules it says how many are done, so that whoever waits knows that it does not go round for ever. */
const SIGN_OF_LIFE_EVERY = 100;

// A defect that breaks everything is told by its first few failures.
const [first = 1, seeds = 1, step = 1, twice = 0, enough = 5] = process.argv.slice(2).map(Number);
const tally = emptyTally();
// A rejection that nobody handles is a defect as well, whichever schedule it came from.
let seed = first;
process.on('unhandledRejection', (reason) => {
  tally.failures.push({
    seed,
    sentence: `seed ${seed}: an unhandled rejection: ${String(reason)}`,
  });
});
for (let done = 0; done < seeds && tally.failures.length < enough; done++, seed += step) {
  try {
    const isTwice = done < twice;
    if (done % SIGN_OF_LIFE_EVERY === 0) console.log(done);
    const outcome = await runSchedule(seed, { transcript: isTwice });
    count(tally, outcome);
    if (!isTwice) continue;
    const { hash } = await runSchedule(seed, { transcript: true });
    if (hash !== outcome.hash)
      throw new Error(`two runs had the transcripts ${outcome.hash} and ${hash}`);
    tally.repeated++;
  } catch (thrown) {
    tally.failures.push({ seed, sentence: `seed ${seed}: ${String(thrown)}` });
  }
}
console.log(JSON.stringify(tally));
