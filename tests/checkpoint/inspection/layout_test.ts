/**
 * What the axes of weights stand for decides on fans, dead rows and candidates.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import {
  bytesSource,
  encodeNpz,
  encodeSafetensors,
  inspect,
  openNpz,
  openSafetensors,
} from "../../../lib/checkpoint/mod.ts";
import {
  empty,
  Generator,
  init,
  nn,
  type Tensor,
  tensor,
} from "../../../mod.ts";

async function opened(tensors: Record<string, Tensor>, format?: string) {
  const metadata: Record<string, string> = format === undefined
    ? {}
    : { format };
  const file = encodeSafetensors(tensors, { metadata });
  return await openSafetensors(bytesSource(file));
}

const weight = init.uniform(empty([5, 3, 4, 7]), {
  generator: new Generator(1),
});

for (
  const [name, format, layout, fans] of [
    ["w", "pt", "torch", [3 * 28, 5 * 28]],
    ["w", "tf", "hwio", [15 * 4, 15 * 7]],
    ["w", "flax", "hwio", [15 * 4, 15 * 7]],
    ["w", "mlx", "ohwi", [7 * 12, 5 * 12]],
    ["conv.weight", undefined, "torch", [3 * 28, 5 * 28]],
    ["conv/kernel", undefined, "hwio", [15 * 4, 15 * 7]],
    ["w", undefined, null, [null, null]],
    ["w", "constructor", null, [null, null]],
  ] as const
) {
  Deno.test(`${name} of ${format ?? "no format"} is ${layout}`, async () => {
    const found = await inspect(await opened({ [name]: weight }, format));
    assertEquals(found.layout, layout);
    const [{ fanIn, fanOut }] = found.tensors;
    assertEquals([fanIn, fanOut], [...fans]);
  });
}

Deno.test("an option goes before what a file says", async () => {
  const source = await opened({ w: weight }, "pt");
  const { layout, tensors: [{ fanIn }] } = await inspect(source, {
    layout: "hwio",
  });
  assertEquals([layout, fanIn], ["hwio", 60]);
  await assertRejects(
    () => inspect(source, { layout: "nchw" as never }),
    RangeError,
    'layout must be one of torch, hwio, ohwi, got "nchw"',
  );
});

Deno.test("names that tell two layouts tell none", async () => {
  const file = await encodeNpz({ "a.weight": weight, "b.kernel": weight });
  const { layout } = await inspect(await openNpz(bytesSource(file)));
  assertEquals(layout, null);
});

Deno.test("weights in memory have PyTorch's layout", async () => {
  assertEquals((await inspect(new nn.Linear(2, 3))).layout, "torch");
});

Deno.test("dead outputs are told by the axis of outputs", async () => {
  const rows = Array.from(
    { length: 6 },
    (_, i) => Array.from({ length: 5 }, (_, j) => j === 2 ? 0 : i * 5 + j + 1),
  );
  const kernel = tensor([rows]);
  const messageOf = async (layout: "torch" | "hwio") => {
    const { findings } = await inspect({ kernel }, { layout });
    return findings.find(({ kind }) => kind === "dead")?.message;
  };
  assertEquals(await messageOf("hwio"), "output 2 is all zero");
  assertEquals(await messageOf("torch"), undefined);
});
