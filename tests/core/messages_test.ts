/**
 * Messages stay short and are made at all, whatever value is wrong.
 *
 * @module
 */

// Runs alone: it measures time.
import { assert, assertEquals } from "@std/assert";
import {
  cannot,
  describe,
  readOptions,
  real,
  withDefaults,
} from "../../lib/core/options.ts";
import { tensorsOf } from "../../lib/core/source.ts";
import { checkDistribution } from "../../lib/random/distribution.ts";
import {
  calculateGain,
  empty,
  fan,
  Generator,
  init,
  initialize,
  manualSeed,
  nn,
  recipes,
  Tensor,
  tensor,
} from "../../mod.ts";

/** Thrown by values that cannot be read: no message may come to it. */
class Trap extends Error {}

function trap(): never {
  throw new Trap("a value was read that throws");
}

const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const { proxy: revokedList, revoke: revokeList } = Proxy.revocable([], {});
revokeList();

const long = Array.from({ length: 50_000 }, (_, i) => i + 0.5);
const deep = long.slice(0, 20_000)
  .reduce<unknown>((inner) => [inner], []);
const cyclic: unknown[] = [];
cyclic.push(cyclic, { cyclic });

class Hostile {
  toString(): never {
    return trap();
  }
}
Object.defineProperty(Hostile.prototype, "constructor", { get: trap });

/** Values that are rarely right anywhere. */
const values: Readonly<Record<string, unknown>> = {
  "a long string": "x\u0000\u202e😀".repeat(100_000),
  "a long array": long,
  "an array of long strings": new Array(100).fill("y".repeat(10_000)),
  "a nested array": [[long], long],
  "a deep array": deep,
  "a cyclic array": cyclic,
  "a sparse array": new Array(2 ** 32 - 1),
  "a typed array": Float32Array.from(long),
  "a DataView": new DataView(new ArrayBuffer(8)),
  "a large bigint": -(7n ** 100_000n),
  "a symbol": Symbol("s".repeat(10_000)),
  "a function": Object.defineProperty(() => 1, "name", {
    value: "f".repeat(9e4),
  }),
  "a function without a name": Object.defineProperty(() => 1, "name", {
    get: trap,
  }),
  "a Map": new Map(long.map((value) => [value, value])),
  "a Set": new Set(long),
  "a record of many": Object.fromEntries(
    long.map((value) => [`k${value}`, value]),
  ),
  "a record of a long name": { ["n".repeat(100_000)]: 1 },
  "no prototype": Object.create(null),
  "a title that is long": new (class {
    static title = "t".repeat(100_000);
  })(),
  "a title that throws": new (class {
    static get title(): string {
      return trap();
    }
  })(),
  "a brand that throws": Object.defineProperty({}, Symbol.for("fanin.Tensor"), {
    get: trap,
  }),
  "a hostile instance": new Hostile(),
  "a toString that throws": { toString: trap, [Symbol.toPrimitive]: trap },
  "a tag that throws": Object.defineProperty([], Symbol.toStringTag, {
    get: trap,
  }),
  "a proxy that throws": new Proxy({}, {
    get: trap,
    has: trap,
    ownKeys: trap,
    getPrototypeOf: trap,
    getOwnPropertyDescriptor: trap,
  }),
  "a revoked proxy": revoked,
  "a revoked list": revokedList,
  "a Promise": Promise.resolve(1),
  "a Date": new Date(NaN),
  "null": null,
  "NaN": NaN,
  "a boolean": true,
};

const layer = new nn.Linear(2, 2);

const options = (act: (given: object) => unknown) => (value: unknown) =>
  act(value as object);

/** Public functions of these rooms, with a hostile value in each place. */
const acts: Readonly<Record<string, (value: unknown) => unknown>> = {
  "new Tensor": (value) => new Tensor(value as Float32Array, [1], "float32"),
  "new Tensor, no dtype": (value) => new Tensor(value as Float32Array, [1]),
  "new Tensor, shape": (value) =>
    new Tensor(new Float32Array(1), value as [], "float32"),
  "new Tensor, dtype": (value) =>
    new Tensor(new Float32Array(1), [1], value as "float32"),
  "empty": (value) => empty(value as []),
  "empty, size": (value) => empty([2, value as number]),
  "empty, options": options((given) => empty([1], given)),
  "empty, dtype": (value) => empty([1], { dtype: value as "int8" }),
  "tensor": (value) => tensor(value as []),
  "tensor, element": (value) => tensor([[1], [value as number]]),
  "tensor, options": options((given) => tensor([1], given)),
  "reshape": (value) => empty([4]).reshape(value as []),
  "at": (value) => empty([4]).at(value as number),
  "size": (value) => empty([4]).size(value as number),
  "to": (value) => empty([4]).to(value as "int8"),
  "fan": (value) => fan(value as []),
  "fan, size": (value) => fan([3, value as number]),
  "fan, options": options((given) => fan([3, 3], given)),
  "fan, axes": (value) => fan([3, 3], { axes: value as object }),
  "fan, axis": (value) => fan([3, 3], { axes: { in: value as number } }),
  "fan, stride": (value) => fan([3, 3, 3], { stride: value as number }),
  "fan, groups": (value) => fan([3, 3, 3], { groups: value as number }),
  "fan, parameter": (value) =>
    fan({ a: empty([1, 1]), b: empty([1, 1]) }, { parameter: value as string }),
  "calculateGain": (value) => calculateGain(value as "relu"),
  "calculateGain, slope": (value) => calculateGain("relu", value as number),
  "manualSeed": (value) => manualSeed(value as number),
  "new Generator": (value) => new Generator(value as number),
  "advance": (value) => new Generator(0).advance(value as number),
  "setState": (value) => new Generator(0).setState(value as Uint8Array),
  "Generator.fill": (value) =>
    new Generator(0).fill(value as never, { kind: "normal", mean: 0, std: 1 }),
  "Generator.fill, distribution": (value) =>
    new Generator(0).fill(empty([2]), value as never),
  "Generator.fill, kind": (value) =>
    new Generator(0).fill(empty([2]), { kind: value } as never),
  "checkDistribution": (value) =>
    checkDistribution(
      "try",
      { kind: "uniform", low: value as number, high: 1 },
      empty([2]),
    ),
  "initialize": (value) => initialize(value as never, [{ init: "ones" }]),
  "initialize, rules": (value) => initialize(layer, value as never),
  "initialize, a rule": (value) => initialize(layer, [value as never]),
  "initialize, options": options((given) =>
    initialize(layer, [{ init: "ones" }], given)
  ),
  ...Object.fromEntries(
    [
      "init",
      "options",
      "factor",
      "layer",
      "name",
      "where",
      "parts",
      "stays",
      "label",
      "zeroRow",
      "optional",
    ].map((key) => [
      `initialize, ${key}`,
      (value: unknown) =>
        initialize(layer, [
          { init: "ones", [key]: value } as object,
          { init: "zeros" },
        ]),
    ]),
  ),
  "recipes": (value) => recipes.deepNorm(value as object),
  "recipes, an option": (value) => recipes.t5({ headSize: value as number }),
  "distribution": (value) =>
    init.normal.distribution({ shape: value as [], dtype: "float32" }),
  "tensorsOf": (value) => tensorsOf("try", value),
  "tensorsOf, a record": (value) => tensorsOf("try", { w: value }),
  "tensorsOf, a map": (value) => tensorsOf("try", new Map([[value, value]])),
  "readOptions": (value) => readOptions("try", value, { std: real(1) }),
  "readOptions, value": (value) =>
    readOptions("try", { std: value }, { std: real(1) }),
  "withDefaults": (value) => withDefaults("try", value, { a: 1 }),
  ...Object.fromEntries(
    Object.entries(init.initializers).flatMap(([name, fill]) => {
      const shape = name === "dirac" ? [2, 2, 2] : [2, 2];
      return [
        [
          `init.${name}`,
          (value: unknown) => fill(value as Tensor, { value: 1 }),
        ],
        [
          `init.${name}, options`,
          (value: unknown) => fill(empty(shape), value),
        ],
        ...[...Object.keys(fill.options), "generator"].map((option) => [
          `init.${name}, ${option}`,
          (value: unknown) => fill(empty(shape), { [option]: value }),
        ]),
      ];
    }),
  ),
};

for (const [what, act] of Object.entries(acts)) {
  Deno.test(`messages of ${what} are short`, () => {
    for (const [kind, value] of Object.entries(values)) {
      const start = performance.now();
      try {
        act(value);
      } catch (error) {
        // Reading what is right of a value may meet its own error.
        if (error instanceof Trap || String(error).includes("revoked")) {
          continue;
        }
        assert(error instanceof Error, kind);
        const { message } = error;
        assert(message.length <= 400, `${kind}: ${message.length} characters`);
        assert(message.startsWith("Cannot "), `${kind}: ${message}`);
        assert(message.isWellFormed(), kind);
      }
      const time = performance.now() - start;
      assert(time < 20_000, `${kind} took ${time} ms`);
    }
  });
}

Deno.test("every value is described, in at most 80 characters", () => {
  for (const [kind, value] of Object.entries(values)) {
    const text = describe(value);
    assert(text.length > 0 && text.length <= 80, `${kind}: ${text}`);
    assert(text.isWellFormed(), kind);
    // deno-lint-ignore no-control-regex
    assert(!/[\u0000-\u001f\u202e]/.test(text), kind);
  }
  assertEquals(describe([1, 2, 3]), "[1, 2, 3]");
  assertEquals(describe(new Float32Array(5000)), "Float32Array(5000)");
  assertEquals(describe(12n), "12n");
  assertEquals(describe(10n ** 60n), "an integer above 10^60");
  assertEquals(describe(Promise.resolve()), "a Promise; await it");
});

Deno.test("a sentence has at most 400 characters, and keeps its end", () => {
  const part = "z".repeat(10_000);
  const sentence = cannot(part, part, part);
  assert(sentence.length <= 400);
  assert(sentence.startsWith("Cannot zzz") && sentence.includes(", got zzz"));
  assertEquals(cannot("do it", "a must be b"), "Cannot do it: a must be b");
  assertEquals(
    cannot("do it", "a must be b", 3n),
    "Cannot do it: a must be b, got 3",
  );
});
