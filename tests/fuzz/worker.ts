/**
 * Reads hostile files apart from who watches: a hang must not stop the clock.
 *
 * @module
 */

// Its type is that of a window, which has another `postMessage`.
const owner = self as unknown as Worker;

/** Between signs of life, in files. */
const step = 100;

owner.addEventListener("message", async ({ data: { seed, count, kinds } }) => {
  // What it loads waits for files, and a message that comes meanwhile is lost.
  const { tallyOf } = await import("./tally.ts");
  const tally = await tallyOf(seed, count, (index) => {
    if (index % step === 0) owner.postMessage({ index });
  }, kinds);
  owner.postMessage({ tally });
});
