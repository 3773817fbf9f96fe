import {
  Buffers,
  type Drawing,
  partsOf,
  skip,
} from "../../../lib/checkpoint/materialize/parts.ts";
import { spawnWorker } from "../../../lib/parallel/spawn.ts";
import {
  type OpenWorkers,
  openWorkers,
} from "../../../lib/parallel/workers.ts";
import { Generator } from "../../../mod.ts";
import { assertState } from "../../golden/golden.ts";
import {
  assertGolden,
  gpt2,
  joined,
  mixed,
  type Model,
  specOf,
} from "./golden.ts";

let workers: OpenWorkers;

Deno.test.beforeAll(async () => {
  workers = await openWorkers(3, spawnWorker);
});
Deno.test.afterAll(() => workers.close());

for (
  const [model, size, threads] of [
    [mixed, 2 ** 22, 1],
    [mixed, 2 ** 16, 1],
    [mixed, 2 ** 22, 2],
    [mixed, 2 ** 18, 3],
    [gpt2, 2 ** 22, 1],
    [gpt2, 2 ** 25, 2],
  ] as const
) {
  Deno.test(`${model.spec} in parts of ${size} bytes, in ${threads} threads: PyTorch's bytes`, async () => {
    const drawing = drawingOf(model, size, threads);
    for (const [index, tensor] of (await specOf(model)).entries()) {
      const made = await joined(tensor, partsOf(tensor, drawing));
      await assertGolden(model, tensor, index, made);
    }
    await assertState(drawing.generator, model.state);
  });
}

Deno.test("after a skip each tensor is PyTorch's", async () => {
  const spec = await specOf(mixed);
  // A skip of two tensors after each third one, and one of all but the ends.
  for (const step of [3, spec.length - 1]) {
    const drawing = drawingOf(mixed, 2 ** 20, 1);
    for (let index = 0; index < spec.length; index += step) {
      const made = await joined(spec[index], partsOf(spec[index], drawing));
      await assertGolden(mixed, spec[index], index, made);
      await skip(spec.slice(index + 1, index + step), drawing);
    }
  }
});

Deno.test("after all of GPT-2 was skipped the generator is where PyTorch's is", async () => {
  const drawing = drawingOf(gpt2, 2 ** 22, 1);
  await skip(await specOf(gpt2), drawing);
  await assertState(drawing.generator, gpt2.state);
});

function drawingOf(
  { seed }: Model,
  size: number,
  threads: number,
): Drawing {
  return {
    generator: new Generator(seed),
    buffers: new Buffers(size, threads > 1),
    threads: workers.threads.slice(0, threads - 1),
  };
}
