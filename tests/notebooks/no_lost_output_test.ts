// Runs alone: it measures time.
import { assert, assertEquals } from "@std/assert";
import { startKernel } from "../../notebooks/runner/start_kernel.ts";
import { type Output, Outputs } from "../../notebooks/runner/outputs.ts";

const RUNS = 300;

/** A cell that prints, displays, broadcasts and returns; the number tells cells apart. */
function cell(number: number): string {
  return `
    console.log("a${number}");
    await Deno.jupyter.display({ "text/plain": "b${number}" }, { raw: true });
    console.error("c${number}");
    const data = { "text/plain": "d${number}" };
    await Deno.jupyter.broadcast("display_data", { data, metadata: {}, transient: {} });
    ({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "e${number}" }) })`;
}

function expected(number: number): Output[] {
  const shown = (letter: string) => ({
    data: { "text/plain": `${letter}${number}` },
    metadata: {},
  });
  return [
    { output_type: "stream", name: "stdout", text: `a${number}\n` },
    { output_type: "display_data", ...shown("b") },
    { output_type: "stream", name: "stderr", text: `c${number}\n` },
    { output_type: "display_data", ...shown("d") },
    {
      output_type: "execute_result",
      execution_count: number,
      ...shown("e"),
    },
  ];
}

Deno.test(`${RUNS} cells lose no output, in order, in under 60 s`, async () => {
  await using kernel = await startKernel();
  const start = performance.now();
  let late = 0;
  for (let number = 1; number <= RUNS; number++) {
    const outputs = new Outputs();
    let isIdle = false;
    await kernel.execute(cell(number), {
      timeout: 30_000,
      onMessage(message) {
        const before = outputs.of(0).length;
        outputs.add(0, message);
        if (isIdle) late += outputs.of(0).length - before;
        isIdle ||= message.content.execution_state === "idle";
      },
    });
    assertEquals(outputs.of(0), expected(number));
  }
  const seconds = (performance.now() - start) / 1000;
  assert(seconds < 60, `${seconds} s`);
  console.log(
    `${RUNS * 5} outputs, 0 lost, ${late} after idle, ${
      (1000 * seconds / RUNS).toFixed(1)
    } ms a cell`,
  );
});
