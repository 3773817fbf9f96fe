import { assertEquals } from "@std/assert";
import { filesIn } from "../checkpoint/files/folder.ts";
import { planOf } from "../../lib/checkpoint/materialize/plan.ts";
import { mixed, specOf } from "../checkpoint/materialize/golden.ts";
import { output, startSlurm } from "./slurm.ts";

const root = new URL("../../", import.meta.url).pathname;
const cli = `${root}lib/cli/mod.ts`;
const spec = `${root}${mixed.spec}`;
const jobs = `${root}notebooks/array_job`;
const seed = String(mixed.seed);

/** What the jobs need to run what is here. */
const env = { FANIN: cli, SEED: seed };

async function has(command: string): Promise<boolean> {
  const { success } = await new Deno.Command("sh", {
    args: ["-c", `command -v ${command}`],
    stdout: "null",
  }).output();
  if (!success) console.log(`NOT RUN: no ${command}`);
  return success;
}

/** Writes a model by one process; files of the size that four would choose. */
async function byOne(folder: string): Promise<Record<string, string>> {
  const model = `${folder}/one`;
  const { bytes } = planOf(await specOf(mixed));
  await output(Deno.execPath(), [
    "run",
    "-A",
    cli,
    "materialize",
    spec,
    "-o",
    model,
    "--seed",
    seed,
    "--shard-size",
    String(Math.ceil(bytes / 4)),
  ], {});
  return await filesIn(model);
}

Deno.test({
  name: "an array of four Slurm tasks writes the model of one process",
  ignore:
    !(await has("sbatch") && await has("slurmctld") && await has("slurmd")),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await using slurm = await startSlurm(folder);
      const out = await output("sbatch", [
        "--wait",
        "--array=0-3",
        `--chdir=${folder}`,
        `${jobs}/materialize.sbatch`,
        spec,
        "model",
      ], { ...slurm.env, ...env });
      console.log(out.trim());
      for (const task of [0, 1, 2, 3]) {
        const log = await Deno.readTextFile(
          `${folder}/materialize-${task}.log`,
        );
        console.log(`task ${task}: ${log.trim().split("\n").at(-1)}`);
      }
      assertEquals(await filesIn(`${folder}/model`), await byOne(folder));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "four processes of GNU parallel write the model of one process",
  ignore: !await has("parallel"),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const model = `${folder}/model`;
      await output("sh", [`${jobs}/parallel.sh`, spec, model], env);
      assertEquals(await filesIn(model), await byOne(folder));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
