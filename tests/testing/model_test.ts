import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  empty,
  Generator,
  init,
  nn,
  type Tensor,
  tensor,
  withSeed,
} from "../../mod.ts";
import {
  assertInitialized,
  AssertionError,
  assertModelEquals,
} from "../../lib/testing.ts";
import { copyOf, reshaped, retyped, withBit } from "./changes.ts";

class Net extends nn.Module {
  conv = new nn.Conv2d(3, 8, 5);
  norm = new nn.BatchNorm2d(8);
  head = new nn.Linear(8, 10);
}

const net = withSeed(0, () => new Net());

/** Returns the message with which a call fails. */
function failure(act: () => void): string {
  return assertThrows(act, AssertionError).message;
}

/** Returns the state of the model with another tensor under a name. */
function withTensor(name: string, change: (tensor: Tensor) => Tensor) {
  const state = net.stateDict();
  return { ...state, [name]: change(state[name]) };
}

Deno.test("equal models pass in each form, whatever the order of names", () => {
  const state = net.stateDict();
  const entries = Object.entries(state);
  const forms = [
    net.clone(),
    state,
    new Map(entries.map(([name, each]) => [name, copyOf(each)])),
    Object.fromEntries(entries.toReversed()),
  ];
  for (const a of forms) for (const b of forms) assertModelEquals(a, b);
});

Deno.test("one changed bit, shape, dtype or name of a model fails", () => {
  const { "norm.running_var": _, ...fewer } = net.stateDict();
  const more = { ...net.stateDict(), extra: empty([1]) };
  const { "head.bias": bias, ...rest } = net.stateDict();
  const changed = {
    "bit of a parameter": withTensor("head.weight", (x) => withBit(x, 77)),
    "bit of a buffer": withTensor("norm.running_mean", (x) => withBit(x, 0)),
    "bit of a counter": withTensor(
      "norm.num_batches_tracked",
      (x) => withBit(x, 0),
    ),
    "shape": withTensor("head.weight", reshaped),
    "dtype": withTensor("head.weight", retyped),
    "missing name": fewer,
    "surplus name": more,
    "other name": { ...rest, "head.Bias": bias },
  };
  for (const [what, other] of Object.entries(changed)) {
    for (const [a, b] of [[net, other], [other, net]]) {
      assert(failure(() => assertModelEquals(a, b)).length > 0, what);
    }
  }
});

Deno.test("the message says what is missing, surplus and different", () => {
  const expected = {
    weight: tensor([[1, 2], [3, 4]]),
    bias: tensor([1, 2]),
    gone: tensor([1n]),
    same: tensor([5]),
  };
  const actual = {
    weight: tensor([[1, 2], [3, 5]]),
    bias: tensor([[1, 2]]),
    same: tensor([5]),
    new: tensor([true]),
  };
  assertEquals(
    failure(() => assertModelEquals(actual, expected, { msg: "restored" })),
    `Models are not equal: restored
  of 4 tensors 1 missing, 2 different, and 1 surplus
  gone: missing, int64 [1]
  new: surplus, bool [1]
  weight: 1 of 4 elements differs, float32 [2, 2]
    [1, 1]: 5., expected 4.
    largest difference: 1 at [1, 1], 2097152 ulps
  bias: float32 [1, 2], expected float32 [2]`,
  );
});

Deno.test("the message about a large model is short", () => {
  const many = (value: number) =>
    new Map(Array.from({ length: 500 }, (_, i) => [
      `${"layer.".repeat(30)}${i}`,
      init.constant(empty([30, 30]), { value }),
    ]));
  const message = failure(() => assertModelEquals(many(1), many(2)));
  assert(message.includes("of 500 tensors 0 missing, 500 different"), message);
  assert(message.includes("… 494 more"), message);
  assert(message.length < 4100, `${message.length}`);
  const none = failure(() => assertModelEquals(many(1), {}));
  assert(none.length < 4100, `${none.length}`);
});

Deno.test("options of tensors hold for models", () => {
  const [a, b] = [[0, NaN], [-0, NaN]].map((each) => ({ w: tensor(each) }));
  const payload = { w: withBit(b.w, 32) };
  failure(() => assertModelEquals(a, payload, { equalZero: true }));
  failure(() => assertModelEquals(a, payload, { equalNaN: true }));
  assertModelEquals(a, payload, { equalNaN: true, equalZero: true });
});

Deno.test("what is no model is no failed assertion", () => {
  for (const wrong of [null, 3, "w.safetensors", tensor([1]), { w: 1 }]) {
    assertThrows(() => assertModelEquals(wrong as never, net), TypeError);
    assertThrows(() => assertModelEquals(net, wrong as never), TypeError);
    assertThrows(() => assertInitialized(wrong as never), TypeError);
  }
  assertThrows(
    () => assertModelEquals(net, net, { ulps: 1 } as never),
    TypeError,
    "must be among equalNaN, equalZero, msg",
  );
});

Deno.test("fresh models are initialized", () => {
  for (let seed = 0; seed < 20; seed++) {
    withSeed(seed, () => {
      assertInitialized(new Net());
      const orthogonal = init.orthogonal(empty([30, 20]));
      const sparse = init.sparse(empty([30, 20]), { sparsity: 0.5 });
      assertInitialized({ orthogonal, sparse, zeros: init.zeros(empty([2])) });
    });
  }
});

Deno.test("each kind of wrong weights is told", () => {
  const generator = new Generator(1);
  const make = () => new nn.Linear(400, 300, { generator });
  const wide = make();
  wide.weight.toFloat32().forEach((x, i, data) => data[i] = x * 1.1);
  const narrow = make();
  narrow.weight.toFloat32().forEach((x, i, data) => data[i] = x * 0.9);
  const shifted = new nn.Linear(400, 300);
  init.normal(shifted.weight, { std: 1, generator });
  shifted.weight.toFloat32().forEach((x, i, data) => data[i] = x + 0.1);
  const dead = make();
  dead.weight.toFloat32().fill(0);
  const broken = make();
  broken.weight.toFloat32()[7] = NaN;
  const loaded = make();
  loaded.loadStateDict(make().stateDict());
  const found = { wide, narrow, shifted, dead, broken, loaded };
  const told = Object.fromEntries(
    Object.entries(found).map(([what, model]) => {
      const { bias: _, ...weight } = model.stateDict();
      const message = failure(() => assertInitialized(weight));
      return [
        what,
        message.split("\n")[2].trim().replace(/(std 0\.\d\d)\d+;/, "$1;"),
      ];
    }),
  );
  assertEquals(Object.keys(told).map((key) => told[key].split(":")[1].trim()), [
    "wide",
    "narrow",
    "shifted",
    "constant",
    "not finite",
    "unknown",
  ]);
  assertEquals(told.broken, "weight: not finite: 1 of 120,000 elements");
  assertEquals(
    told.loaded,
    "weight: unknown: no initializer is known to have filled it",
  );
  assert(told.wide.endsWith("kaimingUniform gives mean 0, std 0.02887"));
});

Deno.test("parameters in except are not tested, and must be there", () => {
  const model = new nn.Linear(4, 3);
  model.weight.toFloat32().fill(9);
  assertInitialized(model, { except: ["weight"] });
  failure(() => assertInitialized(model, { except: ["bias"] }));
  assertThrows(
    () => assertInitialized(model, { except: ["wieght"] }),
    RangeError,
    "did you mean weight?",
  );
  assertThrows(
    () => assertInitialized(model, { except: "weight" as never }),
    TypeError,
    "array of names",
  );
  assertThrows(
    () => assertInitialized(model, { alpha: 2 }),
    RangeError,
    "Cannot test what a model was initialized with: alpha must be in (0, 1)",
  );
});

Deno.test("alpha decides how far is too far", () => {
  const model = withSeed(0, () => new nn.Linear(100, 100));
  model.weight.toFloat32().forEach((x, i, data) => data[i] = x * 0.985);
  assertInitialized(model);
  failure(() => assertInitialized(model, { alpha: 0.2 }));
});

Deno.test("a model in which nothing is tested is no passed test", () => {
  for (
    const act of [
      () => assertInitialized(new nn.ReLU()),
      () =>
        assertInitialized(new nn.Linear(2, 2), { except: ["weight", "bias"] }),
    ]
  ) {
    assertThrows(
      act,
      RangeError,
      "there must be a parameter to test, got none",
    );
  }
});
