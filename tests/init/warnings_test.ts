import { assertEquals } from "@std/assert";
import { empty, Generator, init, nn } from "../../mod.ts";
import { warningsOf } from "../core/warnings.ts";

// Each test has shapes and numbers of its own: a text is shown once.

Deno.test("kaiming warns once of a shape without elements, and draws nothing", () => {
  const generator = new Generator(0);
  const fill = (shape: number[]) =>
    warningsOf(() => {
      init.kaimingNormal(empty(shape), { generator });
      init.kaimingUniform(empty(shape), { generator });
    });
  for (const shape of [[0, 11], [11, 0], [2, 0, 11], [0]]) {
    const end = `a tensor of shape [${
      shape.join(", ")
    }] has no elements and stays as it is`;
    assertEquals(fill(shape), [
      `init.kaimingNormal: ${end}`,
      `init.kaimingUniform: ${end}`,
    ]);
    assertEquals(fill(shape), []);
  }
  assertEquals(generator.getState(), new Generator(0).getState());
});

Deno.test("a layer without inputs warns as its initializer does", () => {
  const texts = warningsOf(() => new nn.Linear(0, 12));
  assertEquals(texts.length, 1);
});

Deno.test("the others leave a tensor without elements in silence", () => {
  const generator = new Generator(0);
  const texts = warningsOf(() => {
    for (const shape of [[0, 13], [13, 0]]) {
      init.xavierUniform(empty(shape), { generator });
      init.xavierNormal(empty(shape), { generator });
      init.orthogonal(empty(shape), { generator });
      init.truncNormal(empty(shape), { generator });
      init.sparse(empty(shape), { sparsity: 0.5 });
      init.eye(empty(shape));
    }
  });
  assertEquals(texts, []);
  assertEquals(generator.getState(), new Generator(0).getState());
});

Deno.test("truncNormal warns once of a mean more than 2 std outside", () => {
  const fill = () =>
    warningsOf(() => {
      init.truncNormal(empty([2]), { low: 2, high: 4 });
      init.truncNormal(empty([2]), { low: -4, high: -2 });
      init.truncNormal(empty([2]), { low: 2.1, high: 4 });
      init.truncNormal(empty([2]), { low: -4, high: -2.1 });
    });
  assertEquals(fill(), [
    "init.truncNormal: the mean 0 is more than 2 std outside [2.1, 4]; the distribution may be off",
    "init.truncNormal: the mean 0 is more than 2 std outside [-4, -2.1]; the distribution may be off",
  ]);
  assertEquals(fill(), []);
});
