import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  defaultGenerator,
  empty,
  Generator,
  init,
  initModel,
  manualSeed,
  nn,
  withSeed,
} from "../../mod.ts";

/** Returns the next numbers of the default generator. */
function draw(): number[] {
  return [...init.uniform(empty([3])).data];
}

/** Returns the first numbers of a seed. */
function first(seed: number | bigint): number[] {
  const generator = new Generator(seed);
  return [...init.uniform(empty([3]), { generator }).data];
}

function later(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

/**
 * Calls a function at the start of seed 9, and checks that the default generator
 * is then where it was.
 */
async function leavesAsFound(act: () => unknown): Promise<void> {
  manualSeed(9);
  // Half a pair of normals stays in the state.
  init.normal(empty([1]));
  const generator = defaultGenerator();
  const state = generator.getState();
  await act();
  assert(defaultGenerator() === generator);
  assertEquals(generator.getState(), state);
  manualSeed(9);
  assertEquals(draw(), first(9));
}

Deno.test("withSeed draws the seed's numbers and returns the result", () => {
  for (const seed of [0, 1, -1, 2n ** 63n]) {
    assertEquals(withSeed(seed, draw), first(seed));
    assertEquals(withSeed(seed, () => [draw(), draw()])[0], first(seed));
  }
  assertEquals(withSeed(0, () => undefined), undefined);
});

Deno.test("withSeed leaves the default generator as it found it", async () => {
  await leavesAsFound(() => withSeed(0, draw));
  await leavesAsFound(() => withSeed(0, () => manualSeed(5)));
  await leavesAsFound(() =>
    assertThrows(
      () =>
        withSeed(0, () => {
          draw();
          throw new Error("on purpose");
        }),
      Error,
      "on purpose",
    )
  );
});

Deno.test("asynchronous functions draw the seed's numbers to their end", async () => {
  await leavesAsFound(async () => {
    const drawn = await withSeed(0, async () => {
      const before = draw();
      await later();
      return [before, draw()];
    });
    assertEquals(drawn, withSeed(0, () => [draw(), draw()]));
  });
  await leavesAsFound(() =>
    assertRejects(
      () =>
        withSeed(0, async () => {
          draw();
          await later();
          throw new Error("on purpose");
        }),
      Error,
      "on purpose",
    )
  );
});

Deno.test("functions that return promises, and thenables, are asynchronous", async () => {
  await leavesAsFound(async () => {
    const drawn = await withSeed(0, () => later().then(draw));
    assertEquals(drawn, first(0));
    // deno-lint-ignore no-explicit-any
    const thenable: any = {
      then: (resolve: (value: number[]) => void) =>
        void setTimeout(() => resolve(draw()), 1),
    };
    assertEquals(await withSeed(1, () => thenable), first(1));
  });
});

const refusal = "must wait until other calls";

Deno.test("overlapping asynchronous calls are refused before they run", async () => {
  await leavesAsFound(async () => {
    let ran = false;
    const pending = withSeed(0, async () => {
      await later();
      return draw();
    });
    await assertRejects(
      () => withSeed(1, async () => void await (ran = true)),
      Error,
      refusal,
    );
    assertEquals(ran, false);
    assertEquals(await pending, first(0));
    assertEquals(await withSeed(1, async () => await draw()), first(1));
  });
});

Deno.test("overlapping functions that return a promise are refused, too", async () => {
  await leavesAsFound(async () => {
    const pending = withSeed(0, () => later().then(draw));
    await assertRejects(
      () => withSeed(1, () => Promise.reject(new Error("its own"))),
      Error,
      refusal,
    );
    assertEquals(await pending, first(0));
  });
});

Deno.test("a synchronous call in an asynchronous one leaves its sequence", async () => {
  await leavesAsFound(async () => {
    const drawn = await withSeed(0, async () => {
      const before = draw();
      assertEquals(withSeed(1, draw), first(1));
      await later();
      assertThrows(() => withSeed(2, () => assert(false)), Error);
      return [before, draw()];
    });
    assertEquals(drawn, withSeed(0, () => [draw(), draw()]));
  });
});

Deno.test("synchronous calls nest, and none takes in an asynchronous one", async () => {
  await leavesAsFound(async () => {
    const drawn = withSeed(0, () => {
      const before = draw();
      assertEquals(withSeed(1, draw), first(1));
      return [before, draw()];
    });
    assertEquals(drawn, withSeed(0, () => [draw(), draw()]));
    for (const inner of [async () => await draw(), () => later().then(draw)]) {
      const outer = withSeed(0, () => withSeed(1, inner));
      await assertRejects(() => outer, Error, refusal);
    }
  });
});

Deno.test("initModel draws from the seed of withSeed, and the other way round", async () => {
  const build = () => new nn.Linear(30, 20);
  const wanted = withSeed(4, build).weight.data;
  await leavesAsFound(async () => {
    const inside = await withSeed(4, () => initModel(build, { workers: 1 }));
    assertEquals(inside.weight.data, wanted);
    const outside = await initModel(() => withSeed(4, build), { workers: 1 });
    assertEquals(outside.weight.data, wanted);
  });
});

Deno.test("wrong arguments are refused before anything runs", () => {
  const act = () => assert(false);
  assertThrows(() => withSeed(0.5, act), RangeError, "0.5");
  assertThrows(() => withSeed("0" as never, act), TypeError, "seed");
  assertThrows(() => withSeed(undefined as never, act), TypeError, "seed");
  assertThrows(
    () => withSeed(0, 3 as never),
    TypeError,
    "act must be a function",
  );
});
