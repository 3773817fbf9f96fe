import { assert, assertEquals, assertThrows } from "@std/assert";
import { indexText } from "../../../lib/checkpoint/materialize/materialize.ts";
import { Buffers, partsOf } from "../../../lib/checkpoint/materialize/parts.ts";
import { filesOf, planOf } from "../../../lib/checkpoint/materialize/plan.ts";
import {
  parseSpec,
  type SpecTensor,
} from "../../../lib/checkpoint/materialize/spec.ts";
import { Generator } from "../../../mod.ts";
import { gpt2, mixed, specOf } from "./golden.ts";

/** Tensors of so many bytes. */
function tensorsOf(...sizes: number[]): SpecTensor[] {
  const entries = sizes.map((size, i) =>
    `{"name": "${i}", "shape": [${
      size / 2
    }], "init": "ones", "dtype": "float16"}`
  );
  return parseSpec(new TextEncoder().encode(`[${entries.join(",")}]`));
}

function packed(size: number | undefined, ...sizes: number[]): string[] {
  return planOf(tensorsOf(...sizes), size).files.map(({ tensors }) =>
    tensors.map(({ bytes }) => bytes).join(" ")
  );
}

Deno.test("a file takes tensors while they fit", () => {
  assertEquals(packed(10, 4, 6, 2, 8, 4), ["4 6", "2 8", "4"]);
  assertEquals(packed(10, 4, 8, 2), ["4", "8 2"]);
  // What is larger than a file may be has one of its own.
  assertEquals(packed(10, 4, 20, 4, 4), ["4", "20", "4 4"]);
  assertEquals(packed(10, 0, 20, 0, 10, 0), ["0 20", "0 10 0"]);
  assertEquals(packed(10, 20, 0), ["20", "0"]);
  assertEquals(packed(undefined, 4, 20), ["4 20"]);
});

Deno.test("files have Hugging Face's names, and an index says where tensors are", () => {
  const plan = planOf(tensorsOf(4, 6, 8), 10);
  assertEquals(
    plan.files.map(({ name, start, bytes }) => [name, start, bytes]),
    [
      ["model-00001-of-00002.safetensors", 0, 10],
      ["model-00002-of-00002.safetensors", 2, 8],
    ],
  );
  assertEquals(
    indexText(plan),
    `{
  "metadata": {
    "total_size": 18
  },
  "weight_map": {
    "0": "model-00001-of-00002.safetensors",
    "1": "model-00001-of-00002.safetensors",
    "2": "model-00002-of-00002.safetensors"
  }
}
`,
  );
});

Deno.test("each file has one process, and each process about as many bytes", async () => {
  const plan = planOf(await specOf(gpt2), 1e7);
  for (const count of [1, 2, 3, 4, 7]) {
    const shares = Array.from(
      { length: count },
      (_, index) => filesOf(plan, { index, count }),
    );
    assertEquals(shares.flat(), plan.files);
    const largest = Math.max(...plan.files.map(({ bytes }) => bytes));
    for (const files of shares) {
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      assert(Math.abs(bytes - plan.bytes / count) <= largest);
    }
  }
});

Deno.test("a process writes the files of which the middle is its own", () => {
  const sharesOf = (count: number, ...sizes: number[]) => {
    const plan = planOf(tensorsOf(...sizes), 2);
    return Array.from(
      { length: count },
      (_, index) => filesOf(plan, { index, count }).map(({ bytes }) => bytes),
    );
  };
  assertEquals(sharesOf(2, 6, 4, 4), [[6], [4, 4]]);
  assertEquals(sharesOf(3, 2, 2, 8), [[2, 2], [], [8]]);
  assertEquals(sharesOf(2, 4, 0), [[], [4, 0]]);
  assertEquals(sharesOf(2, 0), [[0], []]);
});

Deno.test("without a size of files each of several processes has one", async () => {
  const spec = await specOf(gpt2);
  assertEquals(planOf(spec).files.length, 1);
  for (const count of [2, 3, 4]) {
    const plan = planOf(spec, undefined, count);
    for (let index = 0; index < count; index++) {
      assert(filesOf(plan, { index, count }).length > 0, `${index}/${count}`);
    }
  }
});

Deno.test("an invalid process number is refused", () => {
  const plan = planOf(tensorsOf(2));
  for (const index of [-1, 2, 0.5, NaN]) {
    assertThrows(
      () => filesOf(plan, { index, count: 2 }),
      RangeError,
      "one of 0 to 1",
    );
  }
});

Deno.test("the words of a plan are those that are drawn", async () => {
  const { tensors } = planOf(await specOf(mixed));
  const generator = new Generator(mixed.seed);
  const buffers = new Buffers(2 ** 20, false);
  let known = 0;
  for (const tensor of tensors) {
    const jumped = generator.clone();
    for await (const _ of partsOf(tensor, { generator, buffers, threads: [] }));
    if (tensor.words === undefined) continue;
    jumped.advance(tensor.words);
    // The spare normal has a place of its own.
    assertEquals(wordsIn(jumped), wordsIn(generator), tensor.name);
    known++;
  }
  // All but the cut normals, and few normals after few of these.
  const unknown = tensors.filter(({ words }) => words === undefined);
  assertEquals(unknown.map(({ name }) => name), [
    "few.truncated",
    "few.3",
    "few.sparse",
    "few.orthogonal",
    "scalar",
    "few.4",
    "single.truncated",
    "single.tail",
    "few.5",
    "bfloat16.truncated",
    "bfloat16.tail",
    "float16.tail",
    "few.6",
  ]);
  assertEquals(known, tensors.length - unknown.length);
});

Deno.test("a plan states the memory needed besides the parts", async () => {
  const { memory } = planOf(await specOf(mixed));
  assertEquals(memory, Math.ceil(1501 * 803 / 8));
  assertEquals(planOf(await specOf(gpt2)).memory, 0);
});

function wordsIn(generator: Generator): Uint8Array {
  return generator.getState().subarray(0, 24 + 8 * 624);
}
