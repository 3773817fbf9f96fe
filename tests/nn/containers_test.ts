import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { init, nn } from "../../mod.ts";
import { testRefusals } from "./refusals.ts";

const one = new nn.Linear(1, 2);
const two = new nn.Linear(2, 3, { bias: false });

Deno.test("a row of modules is named by places", () => {
  for (
    const row of [new nn.Sequential(one, two), new nn.ModuleList([one, two])]
  ) {
    assertEquals(Object.keys(row.stateDict()), [
      "0.weight",
      "0.bias",
      "1.weight",
    ]);
    assertEquals(row.length, 2);
    assert(row.at(0) === one && row.at(-1) === two);
    assertEquals([...row], [one, two]);
    assertThrows(() => row.at(2), RangeError, `index ${row.constructor.name}`);
    row.append(one, one);
    assertEquals([...row], [one, two, one, one]);
    assertEquals(row.namedParameters().map(([name]) => name), [
      "0.weight",
      "0.bias",
      "1.weight",
    ]);
    assertEquals(Object.keys(row.stateDict()).at(-1), "3.bias");
    assertEquals(row.namedChildren().map(([name]) => name), ["0", "1"]);
  }
});

Deno.test("ten and more modules keep their order", () => {
  const layers = Array.from({ length: 12 }, (_, i) => new nn.Linear(1, i + 1));
  const row = new nn.Sequential(...layers);
  assertEquals([...row], layers);
  assertEquals(row.namedChildren().at(-1)?.[0], "11");
});

Deno.test("a sequence may name its modules, and prints as PyTorch's", () => {
  assertEquals(
    String(new nn.Sequential({ hidden: one, output: two })),
    `Sequential(
  (hidden): Linear(in_features=1, out_features=2, bias=True)
  (output): Linear(in_features=2, out_features=3, bias=False)
)`,
  );
  assertEquals(String(new nn.Sequential()), "Sequential()");
});

Deno.test("a list prints equal neighbors once, as PyTorch's", () => {
  const line = "Linear(in_features=2, out_features=3, bias=False)";
  assertEquals(
    String(new nn.ModuleList([two, one, two, two, two])),
    `ModuleList(
  (0): ${line}
  (1): ${one}
  (2-4): 3 x ${line}
)`,
  );
  assertEquals(String(new nn.ModuleList()), "ModuleList()");
});

Deno.test("modules by name", () => {
  const dict = new nn.ModuleDict({ left: one }).addModule("right", two);
  assertEquals(dict.keys(), ["left", "right"]);
  assert(dict.get("right") === two);
  assertEquals(dict.addModule("left", two).keys(), ["left", "right"]);
  assertThrows(() => dict.get("keys"), RangeError, "one of left, right");
  for (const name of ["", "a.b", "keys", "parameters", "toString"]) {
    assertThrows(() => dict.addModule(name, one), RangeError, `"${name}"`);
  }
  assertThrows(() => dict.addModule("x", {} as never), TypeError, "a module");
  const numbered = new nn.ModuleDict({ 2: one }).addModule("10", two);
  assertThrows(() => numbered.addModule("3", one), RangeError, "ascend");
  assertEquals(numbered.keys(), ["2", "10"]);
  assertThrows(() => dict.addModule("0", one), RangeError, "come first");
});

Deno.test("a message names a few of thousands of modules", () => {
  const names = Array.from({ length: 5000 }, (_, index) => `layer${index}`);
  const dict = new nn.ModuleDict(
    Object.fromEntries(names.map((name) => [name, one])),
  );
  const { message } = assertThrows(() => dict.get("layer_7"), RangeError);
  assert(message.length <= 400, message);
  assertStringIncludes(message, "layer0, layer1");
  assertStringIncludes(message, " more, got");
  assertStringIncludes(message, "did you mean layer");
});

Deno.test("apply goes to children before what holds them", () => {
  const model = new nn.Sequential(one, new nn.Sequential(two, one));
  const order: nn.Module[] = [];
  assert(model.apply((module) => order.push(module)) === model);
  const inner = model.at(1) as nn.Sequential;
  assertEquals(order, [one, two, one, inner, model]);
  assertEquals(model.namedModules().map(([name]) => name), [
    "",
    "0",
    "1",
    "1.0",
  ]);
  assertEquals(model.modules(), [model, one, inner, two]);
});

Deno.test("parameters are initialized by name", () => {
  const model = new nn.Sequential(new nn.Linear(4, 3), new nn.Linear(3, 2));
  for (const [name, parameter] of model.namedParameters()) {
    if (name.endsWith("bias")) init.constant(parameter, { value: 0.5 });
    else init.ones(parameter);
  }
  const values = model.parameters().map((parameter) => parameter.toFloat32());
  assertEquals(
    values.map((each) => new Set(each)),
    [1, 0.5, 1, 0.5].map((x) => new Set([x])),
  );
});

testRefusals([
  [
    "Sequential",
    [1],
    TypeError,
    "must be given modules or an object of modules, got 1",
  ],
  ["Sequential", [one, 1], TypeError, "1 must be a module"],
  ["Sequential", [{ "a.b": one }], RangeError, '"a.b"'],
  ["ModuleList", [[one, "x"]], TypeError, "1 must be a module"],
  ["ModuleList", [{ one }], TypeError, "an array of modules, got an object"],
  ["ModuleList", [null], TypeError, "an array of modules, got null"],
  ["ModuleDict", [new Map([["age", one]])], TypeError, "got Map(1)"],
  ["ModuleDict", [Promise.resolve({ one })], TypeError, "await it"],
  ["ModuleDict", [{ age: 3 }], TypeError, "age must be a module"],
  ["ModuleDict", [null], TypeError, "must be given modules"],
]);
