/**
 * `deno task bench:materialize`: how fast `materialize` writes a model, against
 * `dd` of as many bytes to the same disk and against PyTorch and `save_file`;
 * and the most memory that each takes, as the system says it.
 *
 * Options: `--millions 1000` parameters, `--runs 3` of each by turns, `--folder`
 * on the disk in question, `--python` with PyTorch 2.13 and safetensors.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { join } from "node:path";
import { goldenPython } from "../golden/python.ts";
import { interleave } from "./interleave.ts";
import { middleOf } from "./samples.ts";

/** A way to write the model. */
interface Way {
  readonly name: string;
  readonly command: readonly string[];
}

/** Parameters of a tensor. */
const each = 25e6;

const { millions, runs, folder, python } = parseArgs(Deno.args, {
  string: ["millions", "runs", "folder", "python"],
  default: { millions: "1000", runs: "3", folder: Deno.cwd() },
});
const root = join(import.meta.dirname!, "..", "..");
const place = await Deno.makeTempDir({ dir: folder, prefix: "out-" });
const tensors = Number(millions) * 1e6 / each;
const bytes = 4 * each * tensors;
const spec = join(place, "spec.json");
const out = join(place, "model");

/** Writes a spec of matrices from N(0, 0.02²). */
async function writeSpec(): Promise<void> {
  const entries = Array.from({ length: tensors }, (_, i) => ({
    name: `layer.${i}.weight`,
    shape: [5000, each / 5000],
    init: "normal",
    options: { std: 0.02 },
  }));
  await Deno.writeTextFile(spec, JSON.stringify(entries));
}

function materializeBy(workers: number): readonly string[] {
  return [
    Deno.execPath(),
    "run",
    "--allow-read",
    "--allow-write",
    join(root, "lib", "cli", "mod.ts"),
    "materialize",
    spec,
    "-o",
    out,
    "--workers",
    String(workers),
  ];
}

async function ways(): Promise<Way[]> {
  const script = join(import.meta.dirname!, "peers", "materialize.py");
  const block = 4e6;
  const dd = ["dd", "if=/dev/zero", `of=${out}`, `bs=${block}`, "conv=fsync"];
  return [
    { name: "fanin", command: materializeBy(1) },
    { name: "fanin, 2 threads", command: materializeBy(2) },
    { name: "dd", command: [...dd, `count=${bytes / block}`] },
    {
      name: "PyTorch and save_file",
      command: [python ?? await goldenPython(), script, spec, out, "0"],
    },
  ];
}

/** Runs a command; returns its seconds and its most bytes of memory. */
async function measure(
  [program, ...args]: readonly string[],
): Promise<{ seconds: number; peak: number }> {
  await new Deno.Command("sync").output();
  const start = performance.now();
  const child = new Deno.Command(program, {
    args: [...args],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, 20);
  const { success, stderr } = await child.output();
  const seconds = (performance.now() - start) / 1000;
  clearInterval(timer);
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  await Deno.remove(out, { recursive: true });
  return { seconds, peak };
}

/** The most memory that a process had so far; 0 when it has ended. */
function peakOf(pid: number): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return 1024 * Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

if (import.meta.main) {
  try {
    await writeSpec();
    const all = await ways();
    const peaks = all.map(() => 0);
    const sides = all.map(({ command }, i) => ({
      runs: Number(runs),
      async sample() {
        const { seconds, peak } = await measure(command);
        peaks[i] = Math.max(peaks[i], peak);
        return seconds;
      },
    }));
    const samples = await interleave(sides, Number(runs));
    const medians = samples.map((times) => middleOf(times).median);
    console.log(`${millions} M float32 parameters, ${runs} runs by turns`);
    all.forEach(({ name }, i) =>
      console.log(
        `${name.padEnd(22)} ${medians[i].toFixed(2)} s  ${
          (bytes / 1e6 / medians[i]).toFixed(0)
        } MB/s  ${(medians[i] / medians[0]).toFixed(2)} of fanin's  peak ${
          (peaks[i] / 1e6).toFixed(0)
        } MB  [${samples[i].map((time) => time.toFixed(2)).join(", ")}]`,
      )
    );
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}
