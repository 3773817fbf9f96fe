import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type AnyGenerator,
  defaultGenerator,
  empty,
  filledBy,
  Generator,
  init,
  initModel,
  manualSeed,
  nn,
  type Tensor,
  tensor,
} from "../../mod.ts";
import { record } from "../../lib/core/recording.ts";
import { nextWord, spareOf } from "../golden/golden.ts";
import { executeListed } from "../../lib/parallel/execute.ts";
import {
  areSame,
  assertSame,
  buildShared,
  closePools,
  pools,
  startPools,
  ways,
} from "./threads.ts";

Deno.test.beforeAll(startPools);
Deno.test.afterAll(closePools);

/** A generator that knows no more than to fill, and counts how often. */
class Halves implements AnyGenerator {
  fills = 0;
  fill: AnyGenerator["fill"] = ({ data }) => {
    this.fills++;
    data.fill(0.5);
  };
}

Deno.test("fills are deferred until a tensor is read, and constants do not end that", () => {
  const generator = new Halves();
  const made = record(() => {
    const weight = init.uniform(empty([1000]), { generator });
    init.zeros(weight.at(3));
    init.ones(empty([10]));
    init.eye(empty([3, 3]));
    return init.normal(weight, { generator });
  });
  assertEquals(generator.fills, 0);
  assertEquals(made.data[3], 0.5);
  assertEquals(generator.fills, 2);
});

Deno.test("using a generator first runs all deferred draws", () => {
  const generator = new Generator(1);
  const made = record(() => {
    const weight = init.uniform(empty([1000]), { generator });
    init.zeros(weight.at(3));
    return weight;
  });
  assertEquals(
    generator.getState(),
    new Generator(1).advance(1000).getState(),
  );
  assert(made.data[0] !== 0 && made.data[3] === 0);
});

Deno.test("another framework's generator fills on the calling thread, in order", async () => {
  const generator = new Generator(4);
  const expected = [
    init.normal(empty([1_000_000]), { generator }),
    init.uniform(empty([1_000_000]), { generator }),
  ];
  for (const [pool, manner] of ways()) {
    const [halves, shared] = [new Halves(), new Generator(4)];
    const made = await buildShared(
      () => [
        init.normal(empty([1_000_000]), { generator: shared }),
        init.normal(empty([1_000_000]), { generator: halves }),
        ...new nn.Linear(300, 200, { generator: halves }).parameters(),
        init.uniform(empty([1_000_000]), { generator: shared }),
      ],
      pool,
      manner,
    );
    assert(areSame([made[0], made[4]], expected));
    assert(made.slice(1, 4).every(({ data }) => data.every((x) => x === 0.5)));
    assertEquals(halves.fills, 3);
    assertEquals(shared.getState(), generator.getState());
  }
});

Deno.test("a generator that fills in a way of its own is asked to", async () => {
  class Doubled extends Generator {
    override fill(...args: Parameters<Generator["fill"]>): void {
      super.fill(...args);
      const { data } = args[0];
      for (let i = 0; i < data.length; i++) data[i] *= 2;
    }
  }
  await assertSame((generator) => {
    const doubled = new Doubled().setState(generator.getState());
    return [init.uniform(empty([100_000]), { generator: doubled })];
  }, 3);
});

Deno.test("any generator may be the default one while a model is built", async () => {
  const generator = new Halves();
  const { weight, bias } = await initModel(() => new nn.Linear(30, 40), {
    generator,
  });
  assert([...weight.data, ...bias!.data].every((value) => value === 0.5));
  assertEquals(generator.fills, 2);
  await assertRejects(
    () => initModel(() => manualSeed(0), { generator }),
    TypeError,
    "Cannot use the default generator: it must be a Generator",
  );
  await assertRejects(
    () => initModel(() => 1, { generator: { fill() {}, repeats: true } }),
    TypeError,
    "generator must give new numbers at each fill",
  );
  assert(defaultGenerator() instanceof Generator);
});

const builds: Record<string, (generator: Generator) => Tensor[]> = {
  "all initializers, one after the other": (generator) => [
    init.uniform(empty([40, 30]), { generator }),
    init.normal(empty([7]), { generator }),
    init.truncNormal(empty([50, 3]), { generator }),
    init.truncNormal(empty([90]), { low: 2, high: 3, generator }),
    init.orthogonal(empty([20, 8]), { generator }),
    init.sparse(empty([11, 12]), { sparsity: 0.3, generator }),
    init.kaimingNormal(empty([8, 4, 3]), { generator }),
    init.xavierUniform(empty([8, 4], { dtype: "bfloat16" }), { generator }),
    init.normal(empty([4]), { generator }),
    init.constant(empty([30]), { value: 2 }),
    init.eye(empty([5, 6])),
    init.dirac(empty([4, 4, 3])),
    init.normal(empty([333], { dtype: "float64" }), { generator }),
  ],
  "fills of one tensor over and over": (generator) => {
    const weight = empty([100, 21]);
    init.uniform(weight, { generator });
    init.normal(weight, { generator });
    const other = init.normal(empty([900]), { generator });
    init.uniform(weight.reshape([21, 100]), { generator });
    init.zeros(other.at(0));
    init.normal(weight.at(99), { generator });
    init.uniform(other.reshape([-1, 9]).at(5), { generator });
    return [weight, other];
  },
  "constants before and after": (generator) => {
    const [one, two] = [empty([500]), empty([500])];
    init.ones(one);
    init.uniform(one, { generator });
    init.uniform(two, { generator });
    init.ones(two);
    init.ones(one.at(7));
    init.normal(two, { generator });
    return [one, two];
  },
  "fills that are lost, at the start, between and at the end": (generator) => {
    const [one, two, three] = [empty([700]), empty([800]), empty([900])];
    for (const each of [three, one, two, one, two]) {
      init.normal(each, { generator });
    }
    init.uniform(three, { generator });
    init.uniform(two, { generator });
    init.constant(two, { value: 3 });
    const four = init.uniform(empty([40]), { generator });
    init.uniform(empty([0]), { generator });
    return [one, two, three, four];
  },
  "two generators by turns": (generator) => {
    const other = new Generator(77);
    return [1, 2, 3, 4, 5].flatMap((i) => [
      init.uniform(empty([100 * i]), { generator }),
      init.normal(empty([100 * i]), { generator: other }),
    ]);
  },
  "copies of layers": (generator) => {
    const layer = new nn.TransformerEncoderLayer(16, 2, {
      dimFeedforward: 24,
      generator,
    });
    const stack = new nn.TransformerEncoder(layer, 3);
    new nn.BatchNorm2d(3).clone();
    layer.linear1.resetParameters({ generator });
    return [...layer.parameters(), ...stack.parameters()];
  },
  "reads of data between": (generator) => {
    const one = init.uniform(empty([300]), { generator });
    const largest = Math.max(...one.data);
    const two = init.normal(empty([300]), { std: largest, generator });
    const three = init.uniform(empty([50]), {
      high: two.at(0).item() ** 2,
      generator,
    });
    return [one, two, three, tensor(two.toArray() as number[])];
  },
  "writes to data between, by an array got before": (generator) => {
    const one = empty([300]);
    const { data } = one;
    init.uniform(one, { generator });
    data[5] = data[6] + 1;
    const view = init.normal(empty([40, 20]), { generator });
    const row = view.at(3).data;
    init.uniform(view, { generator });
    row[2] = row[1] + 1;
    return [one, view];
  },
  "a generator's methods between": (generator) => {
    const one = init.uniform(empty([300]), { generator });
    const word = nextWord(generator);
    const two = init.normal(empty([21]), { mean: word, generator });
    const copy = generator.clone();
    const three = init.normal(empty([5]), { generator });
    const spare = spareOf(generator.getState()) ?? 0;
    const four = init.normal(empty([300]), { mean: spare, generator: copy });
    const state = generator.getState();
    const five = init.uniform(empty([64]), { generator });
    generator.setState(state);
    const six = init.uniform(empty([64]), { generator });
    generator.advance(10).fillWords(new Uint32Array(3));
    const seven = init.uniform(empty([64]), { generator });
    generator.manualSeed(3);
    const eight = init.normal(empty([64]), { generator });
    const nine = init.normal(empty([3]), { generator });
    const other = new Generator(9);
    init.normal(empty([1]), { generator: other });
    generator.setState(other.getState());
    const ten = init.normal(empty([3]), { generator });
    return [one, two, three, four, five, six, seven, eight, nine, ten];
  },
  "a state dict that is loaded": (generator) => {
    const one = new nn.Linear(20, 30, { generator });
    const two = new nn.Linear(20, 30, { generator, dtype: "float64" });
    two.loadStateDict(one.stateDict());
    init.uniform(one.weight, { generator });
    return [...one.parameters(), ...two.parameters()];
  },
};

for (const [name, build] of Object.entries(builds)) {
  Deno.test(name, () => assertSame(build, 9));
}

Deno.test("an earlier tensor, whose data other code may hold, is filled at once", async () => {
  const generator = new Generator(2);
  const old = empty([100]);
  const { data } = old;
  await buildShared(() => {
    const first = init.uniform(empty([50]), { generator });
    init.normal(old, { generator });
    assert(data[0] !== 0);
    return first;
  }, pools[1]);
  const plain = new Generator(2);
  init.uniform(empty([50]), { generator: plain });
  assertEquals(data, init.normal(empty([100]), { generator: plain }).data);
});

Deno.test("afterwards, tensors are like any others", async () => {
  const made = await buildShared(() => {
    const weight = init.uniform(empty([40]), { generator: new Generator(1) });
    return [weight, weight.at(2), empty([3])];
  }, pools[1]);
  for (const each of made) {
    const properties = (tensor: Tensor) =>
      Object.entries(Object.getOwnPropertyDescriptors(tensor))
        .map(([name, { get, enumerable }]) => [name, get, enumerable]);
    assertEquals(properties(each), properties(empty([1])));
    assert(each.data instanceof Float32Array);
  }
  assertEquals(made[0].data.buffer, made[1].data.buffer);
  assert(made[0].data.buffer === made[1].data.buffer);
  assertEquals(filledBy(made[0])?.initializer, "uniform");
});

Deno.test("a function that throws leaves the generators as without threads", async () => {
  const fail = (generator: Generator, seen: Tensor[]) => () => {
    seen.push(init.uniform(empty([100]), { generator }));
    seen.push(init.normal(empty([3]), { generator }));
    seen.push(init.uniform(empty([100]), { low: 2, high: 1, generator }));
  };
  const [plain, shared] = [new Generator(4), new Generator(4)];
  const seen: Tensor[][] = [[], []];
  try {
    fail(plain, seen[0])();
  } catch { /* As it should. */ }
  await assertRejects(
    () => initModel(fail(shared, seen[1])),
    RangeError,
    "low",
  );
  assertEquals(shared.getState(), plain.getState());
  assertEquals(
    seen[1].map(({ data }) => data),
    seen[0].map(({ data }) => data),
  );
});

Deno.test("a thrown error restores the default generator", async () => {
  const before = defaultGenerator();
  const generator = new Generator(1);
  await assertRejects(
    () =>
      initModel(() => {
        assert(defaultGenerator() === generator);
        throw new RangeError("mine");
      }, { generator }),
    RangeError,
    "mine",
  );
  assert(defaultGenerator() === before);
});

Deno.test("manualSeed in the function seeds the generator that was given", async () => {
  const generator = new Generator(1);
  const made = await initModel(() => {
    manualSeed(0);
    return new nn.Linear(30, 40);
  }, { generator });
  manualSeed(0);
  assertEquals(made.weight.data, new nn.Linear(30, 40).weight.data);
  assertEquals(generator.getState(), defaultGenerator().getState());
});

Deno.test("code that draws or reads before the promise resolves gets all earlier draws first", async () => {
  const build = (generator: Generator) => [
    init.uniform(empty([2_000_000]), { generator }),
    init.truncNormal(empty([200]), { generator }),
    init.normal(empty([1_000_001]), { generator }),
  ];
  const plain = new Generator(4);
  const expected = build(plain);
  const word = nextWord(plain);
  const between = plain.getState();
  const wanted = build(plain);
  const sevens = init.constant(empty([2_000_000]), { value: 7 });
  for (const [pool, manner] of ways()) {
    for (const turns of [0, 1, 2, 5]) {
      const shared = new Generator(4);
      const promise = buildShared(() => build(shared), pool, manner);
      for (let i = 0; i < turns; i++) await new Promise((go) => setTimeout(go));
      assertEquals(nextWord(shared), word);
      assertEquals(shared.getState(), between);
      const actual = await promise;
      // Whoever writes now is not overwritten by what is under way.
      actual[0].data.fill(7);
      const next = await buildShared(() => build(shared), pool, manner);
      assert(areSame(actual, [sevens, ...expected.slice(1)]));
      assert(areSame(next, wanted));
      assertEquals(shared.getState(), plain.getState());
    }
  }
});

Deno.test("models built at the same time get the same numbers as in sequence", async () => {
  const build = (generator: Generator) => () => [
    init.uniform(empty([3_000_000]), { generator }),
    init.normal(empty([3_000_000]), { generator }),
  ];
  const [plain, shared] = [new Generator(4), new Generator(4)];
  const expected = [1, 2, 3].map(() => build(plain)());
  const actual = await Promise.all(
    [1, 2, 3].map(() => buildShared(build(shared), pools[2])),
  );
  assert(areSame(actual.flat(), expected.flat()));
  assertEquals(shared.getState(), plain.getState());
});

Deno.test("a model that begins while another is filled waits", async () => {
  const build = (generator: Generator) => () => [
    init.normal(empty([3_000_000]), { generator }),
  ];
  const plain = new Generator(4);
  const expected = [1, 2, 3].flatMap(() => build(plain)());
  for (const [pool, manner] of ways()) {
    const shared = new Generator(4);
    const actual: Promise<Tensor[]>[] = [];
    for (const turns of [3, 1, 0]) {
      actual.push(buildShared(build(shared), pool, manner));
      for (let i = 0; i < turns; i++) await new Promise((go) => setTimeout(go));
    }
    const made = (await Promise.all(actual)).flat();
    assert(areSame(made, expected));
    assertEquals(shared.getState(), plain.getState());
  }
});

Deno.test("a model within a model is refused, and changes nothing", async () => {
  const [plain, shared] = [new Generator(4), new Generator(4)];
  let inner: Promise<unknown> = Promise.resolve();
  const made = await initModel(() => {
    const first = init.uniform(empty([100]), { generator: shared });
    inner = initModel(() => init.uniform(empty([9]), { generator: shared }));
    return [first, init.normal(empty([100]), { generator: shared })];
  });
  await assertRejects(() => inner, Error, "no other recording");
  assertEquals(
    made[0].data,
    init.uniform(empty([100]), { generator: plain }).data,
  );
  assertEquals(
    made[1].data,
    init.normal(empty([100]), { generator: plain }).data,
  );
  assertEquals(shared.getState(), plain.getState());
});

Deno.test("progress goes up to the number of elements", async () => {
  for (const [pool, manner] of ways()) {
    const told: [number, number][] = [];
    await buildShared(
      () => {
        const generator = new Generator(1);
        const weight = init.uniform(empty([2_000_000]), { generator });
        init.normal(weight, { generator });
        init.truncNormal(empty([100]), { generator });
        init.zeros(empty([10]));
        return init.normal(empty([5]), { generator });
      },
      pool,
      {
        ...manner,
        onProgress: (filled, total) => void told.push([filled, total]),
      },
    );
    assert(told.length > 5);
    assertEquals(told.at(-1), [2_000_105, 2_000_105]);
    told.forEach(([filled, total], i) => {
      assertEquals(total, 2_000_105);
      assert(filled <= total && filled >= (told[i - 1]?.[0] ?? 0));
    });
  }
});

Deno.test("what onProgress throws comes out, and the rest is filled", async () => {
  for (const [pool, manner] of ways()) {
    const [plain, shared] = [new Generator(4), new Generator(4)];
    const build = (generator: Generator) => [
      init.uniform(empty([1_000_000]), { generator }),
      init.normal(empty([1_000_000]), { generator }),
    ];
    const made: Tensor[] = [];
    await assertRejects(
      () =>
        initModel(() => void made.push(...build(shared)), {
          workers: pool,
          shared: manner.shared,
          onProgress() {
            throw new RangeError("enough");
          },
        }),
      RangeError,
      "enough",
    );
    assert(build(plain).every((each, index) => each.equals(made[index])));
    assertEquals(shared.getState(), plain.getState());
  }
});

Deno.test("the event loop gets its turns with one thread, too", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++);
  const [plain, shared] = [new Generator(4), new Generator(4)];
  const build = (generator: Generator) =>
    init.normal(empty([20_000_000]), { generator });
  const made = await initModel(() => build(shared), { workers: 1 });
  clearInterval(timer);
  assert(turns > 0);
  assert(made.equals(build(plain)));
});

Deno.test("values that are no options throw before anything is built", async () => {
  const never = () => {
    throw new Error("built");
  };
  const cases = [
    [{ workers: 0 }, RangeError, "got 0"],
    [{ workers: 1.5 }, RangeError, "1.5"],
    [{ workers: "2" }, RangeError, '"2"'],
    [{ generator: 1 }, TypeError, "Generator"],
    [{ onProgress: 1 }, TypeError, "function"],
    [{ shared: 1 }, TypeError, "shared"],
    [{ existing: [1] }, TypeError, "existing"],
    [{ threads: 1 }, TypeError, "threads"],
  ] as const;
  for (const [options, kind, text] of cases) {
    await assertRejects(() => initModel(never, options as never), kind, text);
  }
  await assertRejects(() => initModel(1 as never), TypeError, "function");
});

Deno.test("an asynchronous function is refused, and what it drew is drawn", async () => {
  const [plain, shared] = [new Generator(4), new Generator(4)];
  await assertRejects(
    () =>
      initModel(() =>
        Promise.resolve(init.uniform(empty([100]), { generator: shared }))
      ),
    TypeError,
    "asynchronous",
  );
  init.uniform(empty([100]), { generator: plain });
  assertEquals(shared.getState(), plain.getState());
});

Deno.test("nothing to do is done at once", async () => {
  let calls = 0;
  assertEquals(await initModel(() => 3, { onProgress: () => calls++ }), 3);
  await executeListed({
    threads: () => Promise.reject(new Error("not needed")),
    worthSharing: 0,
    onProgress() {},
  });
});
