/**
 * The generator is the seam: another framework's needs a `fill` alone, and
 * then works with all that draws.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type AnyGenerator,
  empty,
  expectationOf,
  filledBy,
  init,
  initModel,
  nn,
  propagate,
  summary,
} from "../../mod.ts";

/** A generator in ten lines: a golden-ratio sequence, as uniforms. */
class Toy implements AnyGenerator {
  #x = 0;

  fill: AnyGenerator["fill"] = ({ data }, distribution) => {
    const { mean, std } = expectationOf(distribution, [data.length]);
    for (let i = 0; i < data.length; i++) {
      this.#x = (this.#x + 0.6180339887498949) % 1;
      data[i] = mean + std * Math.sqrt(12) * (this.#x - 0.5);
    }
  };
}

Deno.test("a toy generator fills by init", () => {
  const w = init.kaimingNormal(empty([30, 20]), { generator: new Toy() });
  assertEquals(filledBy(w)?.distribution, {
    kind: "normal",
    mean: 0,
    std: Math.sqrt(2 / 20),
  });
  const expected = empty([30, 20]);
  new Toy().fill(expected, filledBy(w)!.distribution);
  assert(w.equals(expected));
});

Deno.test("a toy generator draws layers, weight and bias one after the other", () => {
  const layer = new nn.Linear(20, 30, { generator: new Toy() });
  const toy = new Toy();
  for (const tensor of layer.parameters()) {
    const expected = empty(tensor.shape);
    toy.fill(expected, filledBy(tensor)!.distribution);
    assert(tensor.equals(expected));
  }
});

Deno.test("a toy generator draws what propagate sends through", () => {
  const stds = () =>
    propagate({ width: 64, depth: 3, batch: 16, generator: new Toy() }).layers
      .map(({ activations }) => activations.std);
  assert(stds().every((std) => std > 0));
  assertEquals(stds(), stds());
});

Deno.test("a toy generator builds a model in threads, with the plain call's bytes", async () => {
  const build = (generator?: AnyGenerator) =>
    new nn.Sequential(
      new nn.Linear(50, 400, { generator }),
      new nn.Linear(400, 10, { generator }),
    );
  const plain = build(new Toy());
  for (const workers of [1, 2]) {
    const toy = new Toy();
    const given = await initModel(() => build(toy), { workers });
    const byDefault = await initModel(() => build(), {
      workers,
      generator: new Toy(),
    });
    for (const model of [given, byDefault]) {
      const tensors = model.parameters();
      plain.parameters().forEach((tensor, i) =>
        assert(tensor.equals(tensors[i]), `tensor ${i} with ${workers}`)
      );
    }
  }
});

Deno.test("summary judges what a toy generator drew", () => {
  const layer = new nn.Linear(100, 200, { generator: new Toy() });
  const verdicts = summary(layer).rows.map(({ verdict }) => verdict);
  assertEquals(verdicts.length, 2);
  assert(verdicts.every((verdict) => verdict === verdicts[0]));
  assert(String(summary(layer)).includes("as expected"));
});

Deno.test("one that repeats is refused where several tensors draw, and fills one", async () => {
  class Key extends Toy {
    readonly repeats = true;
  }
  const generator = new Key();
  const words = "new numbers at each fill; keys(key) splits";
  assertThrows(() => new nn.Linear(2, 3, { generator }), TypeError, words);
  assertThrows(
    () => propagate({ width: 4, depth: 1, generator }),
    TypeError,
    words,
  );
  await assertRejects(
    () => initModel(() => new nn.Linear(2, 3), { generator }),
    TypeError,
    words,
  );
  const w = init.uniform(empty([3]), { generator });
  assert(w.toFloat32().some((x) => x !== 0));
});
