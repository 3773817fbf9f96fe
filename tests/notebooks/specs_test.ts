import { assertEquals } from "@std/assert";
import { parseSpec } from "../../lib/checkpoint/materialize/spec.ts";
import { elementCount } from "../../lib/core/shape.ts";
import { folder, jsonOf, specs } from "../../notebooks/specs.ts";

Deno.test("notebooks/specs/ is what its sources say", async () => {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assertEquals(names.sort(), Object.keys(specs).sort(), "run: deno task specs");
  for (const name of names) {
    const text = await Deno.readTextFile(`${folder}/${name}`);
    assertEquals(text, jsonOf(specs[name]()), "run: deno task specs");
  }
});

// ResNet-50 from torchvision's table, and 53,120 running means and variances;
// the others as their checkpoints count them.
for (
  const [name, parameters] of [
    ["resnet50.json", 25_557_032 + 53_120],
    ["gpt2.json", 124_439_808],
    ["gpt2-medium.json", 354_823_168],
    ["gpt2-large.json", 774_030_080],
    ["gpt2-xl.json", 1_557_611_200],
    ["llama-7b.json", 6_738_415_616],
  ] as const
) {
  Deno.test(`${name} has ${parameters} numbers, and can be made`, async () => {
    const bytes = await Deno.readFile(`${folder}/${name}`);
    const tensors = parseSpec(bytes);
    const counts = tensors.map(({ shape }) => elementCount(shape));
    assertEquals(counts.reduce((sum, count) => sum + count), parameters);
  });
}
