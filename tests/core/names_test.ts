import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Dtype, empty, init, Tensor } from "../../mod.ts";
import { describe } from "../../lib/core/options.ts";

Deno.test("other names of dtypes are recognized", () => {
  const meant = {
    double: "float64",
    float: "float32",
    half: "float16",
    "torch.float64": "float64",
    "torch.half": "float16",
    Float32: "float32",
    BFLOAT16: "bfloat16",
    folat32: "float32",
  };
  for (const [name, dtype] of Object.entries(meant)) {
    assertThrows(
      () => empty([2], { dtype: name as Dtype }),
      TypeError,
      `got ${name}; did you mean ${dtype}?`,
    );
  }
});

Deno.test("a suggestion ignores capitals", () => {
  const nonlinearity = "ReLU" as "relu";
  assertThrows(
    () => init.kaimingNormal(empty([2, 2]), { nonlinearity }),
    RangeError,
    'got "ReLU"; did you mean relu?',
  );
});

Deno.test("control characters in names do not reach the terminal", () => {
  const name = "\u001b[31mred\u0007";
  const shown = '"\\u001b[31mred\\u0007"';
  const acts = [
    () => empty([2], { dtype: name as Dtype }),
    () => empty([2], { [name]: 1 } as never),
    () => init.normal(empty([2]), { [name]: 1 } as never),
    () => init.normal({ [name]: 1 } as never),
  ];
  for (const act of acts) {
    const { message } = assertThrows(act, TypeError, shown);
    // deno-lint-ignore no-control-regex
    assert(!/[\u0000-\u001f]/.test(message), message);
  }
  assertEquals(describe({ [name]: 1 }), `an object with ${shown}`);
});

Deno.test("a tensor takes the arrays of a dtype named or not", () => {
  const clamped = new Uint8ClampedArray([7]) as unknown as Uint8Array;
  assertEquals(new Tensor(clamped, [1], "uint8").item(), 7);
  const halves = (globalThis as unknown as {
    Float16Array?: new (values: number[]) => Uint16Array;
  }).Float16Array;
  if (halves === undefined) return;
  const half = new halves([0.5]);
  assertEquals(new Tensor(half, [1], "float16").item(), 0.5);
  for (const dtype of ["bfloat16", "uint16"] as const) {
    assertThrows(() => new Tensor(half, [1], dtype), TypeError, "array of");
  }
});

Deno.test("an infinite end is refused with its reason", () => {
  const message =
    "high must be finite where at most 0.3 of the normal lies inside, as in PyTorch, got Infinity";
  assertThrows(
    () => init.truncNormal(empty([2]), { low: 5, high: Infinity }),
    RangeError,
    message,
  );
});
