import { empty, init } from "../../mod.ts";
import { capacity } from "../../lib/parallel/thread.ts";
import { assertSame, closePools, startPools } from "./threads.ts";

Deno.test.beforeAll(startPools);
Deno.test.afterAll(closePools);

const floats = ["float32", "float16", "bfloat16", "float64"] as const;

for (const dtype of floats) {
  Deno.test(`${dtype}: all lengths from 0 to 100`, async () => {
    const lengths = Array.from({ length: 101 }, (_, length) => length);
    for (const distribution of ["uniform", "normal"] as const) {
      // All in one group, and each by itself.
      await assertSame(
        (generator) =>
          lengths.map((length) =>
            init[distribution](empty([length], { dtype }), { generator })
          ),
        1,
      );
      for (const length of lengths.filter((length) => length % 3 === 0)) {
        await assertSame(
          (
            generator,
          ) => [init[distribution](empty([length], { dtype }), { generator })],
          length,
        );
      }
    }
  });

  Deno.test(`${dtype}: lengths about the edges of blocks and buffers`, async () => {
    const whole = capacity /
      (dtype === "float64" ? 8 : dtype === "float32" ? 4 : 2);
    const edges = [512, 624, 1248, whole, 2 * whole];
    for (const edge of edges) {
      for (const more of [-17, -1, 0, 1, 15, 16, 33]) {
        await assertSame((generator) => [
          init.uniform(empty([edge + more], { dtype }), { generator }),
          init.normal(empty([edge + more], { dtype }), { std: 2, generator }),
        ], edge);
      }
    }
  });
}

Deno.test("a group begins anywhere in a state, with the spare normal kept", async () => {
  for (const words of [0, 1, 300, 623, 624, 625]) {
    await assertSame(
      (generator) => [
        init.uniform(empty([5000]), { low: -3, high: 1, generator }),
        init.normal(empty([5001]), { generator }),
        init.uniform(empty([77], { dtype: "float64" }), { generator }),
      ],
      words,
      (generator) => {
        init.normal(empty([3]), { generator });
        generator.advance(words);
      },
    );
  }
});

Deno.test("many dtypes and laws in one group, in odd lengths", async () => {
  await assertSame((generator) => {
    const made = [];
    for (let i = 0; i < 60; i++) {
      const dtype = floats[i * 7 % 4];
      const distribution = i % 3 === 0 ? "normal" : "uniform";
      const length = 16 + i * i * 31 % 9000;
      made.push(init[distribution](empty([length], { dtype }), { generator }));
    }
    return made;
  }, 3);
});
