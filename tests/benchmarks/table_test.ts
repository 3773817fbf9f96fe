import { assertEquals } from "@std/assert";
import { results } from "./example.ts";
import { report } from "./table.ts";
import {
  formatMegabytes,
  formatRatio,
  formatShare,
  formatSize,
  formatTime,
} from "./words.ts";

Deno.test("the report is one aligned table and what belongs to it", () => {
  assertEquals(
    report(results),
    `\
work             numbers    fanin  peer        takes  times fanin's  middle half  target  verdict
───────────────  ───────  ───────  ───────  ────────  ─────────────  ───────────  ──────  ───────────
uniform              1 M  1.00 ns  PyTorch   4.00 ns           4.00    3.60–4.40  ≥ 3.50  met
uniform             16 M  1.00 ns  PyTorch   3.00 ns           3.00    2.70–3.30  ≥ 3.50  not met
                                   NumPy    0.500 ns          0.500  0.450–0.550
orthogonal 256²   65,536  10.0 ms  tfjs       7.25 s            725      725–725   ≥ 500  other bytes

Medians of 7 rounds, all sides by turns; times are for each number or for
the whole. "times fanin's" is the median of the rounds' ratios. PyTorch draws on
one thread, whatever it is given. The 2 workers run before the clock starts. A new
layer takes new memory on both sides; all else fills memory that was there.

Not measured:
  PyTorch, no Python: a; b
  fanin, not there yet: c

Memory beyond the tensor of 16 M, at the peak, without the pages of Deno's program:
  uniform: 8.0 MB (8.0 MB to 8.0 MB), target at most 8.0 MB: met
  both: 16.1 MB (16.1 MB to 16.1 MB), target at most 16.0 MB: not met

A fresh process, from its start to its end:
  nothing: 15.0 ms (15.0 ms to 15.0 ms)

Machine:
  A Processor, 2 cores, linux x86_64
  Deno 2.9.6, V8 15.0
  fanin's path: simd
  PyTorch 2.13.0+cpu, AVX2, threads: 1
  tfjs 4.22.0
  new memory takes 2.00 ns for each float32, both sides alike
  load 0.5 before, 1.3 after`,
  );
});

Deno.test("what was not asked for is not in the report", () => {
  const nothing = { comparisons: [], skipped: [], memory: [], startup: [] };
  assertEquals(
    report({ ...results, ...nothing }).split("\n")[0],
    "Machine:",
  );
});

Deno.test("a machine that was busy before is called so", () => {
  const busy = { ...results.machine, load: [0.6, 2] };
  const [line] = report({ ...results, machine: busy }).split("\n").slice(-1);
  assertEquals(
    line,
    "  load 0.6 before, 2.0 after: the machine was busy, and times are rough",
  );
});

Deno.test("times have three digits and the unit that suits them", () => {
  assertEquals(
    [7.123, 0.99951, 0.9994, 0.0430004, 1.5e-3, 2e-6, 1e-9, 9.996e-9, 7.1e-10]
      .map(formatTime),
    [
      "7.12 s",
      "1.00 s",
      "999 ms",
      "43.0 ms",
      "1.50 ms",
      "2.00 µs",
      "1.00 ns",
      "10.0 ns",
      "0.710 ns",
    ],
  );
});

Deno.test("a time is per number or for the whole", () => {
  const elements = 1000;
  assertEquals(formatShare({ per: "number", elements }, 1e-6), "1.00 ns");
  assertEquals(formatShare({ per: "whole", elements }, 1e-6), "1.00 µs");
});

Deno.test("ratios, sizes and bytes", () => {
  assertEquals(
    [0.04204, 1 / 6, 0.9999, 3.5, 652.4, 1234].map(formatRatio),
    ["0.0420", "0.167", "1.00", "3.50", "652", "1234"],
  );
  assertEquals(
    [2 ** 20, 25 * 2 ** 20, 10_000, 0].map(formatSize),
    ["1 M", "25 M", "10,000", "0"],
  );
  assertEquals([4.25e6, -1e5].map(formatMegabytes), ["4.3 MB", "-0.1 MB"]);
});
