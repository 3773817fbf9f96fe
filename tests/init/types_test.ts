/**
 * What must not compile does not, and what is right does: `deno check` reads
 * these calls, which are never made.
 *
 * @module
 */

import { empty, Generator, init, Tensor, tensor } from "../../mod.ts";

function calls(): void {
  const w = empty([4, 4]);
  const typed: Tensor<"float32"> = init.normal(w);
  init.normal(typed, { std: 0.5, mean: 1, generator: new Generator(0) });
  init.normal(w, { std: undefined });
  init.constant(w, { value: 3 });
  init.sparse(w, { sparsity: 0.5 });
  init.ones(w, {});
  init.kaimingUniform(w, { mode: "fan_out", gain: 2 });
  init.varianceScaling(w, { mode: "fan_geo_avg", axes: { in: 0, out: 1 } });
  init.truncNormal(w, { low: -Infinity });
  init.uniform(w, { generator: { fill: ({ data }) => void data.fill(0) } });
  init.initializers.kaimingNormal(w, { a: 1 });
  init.normal.distribution({ shape: [2], dtype: "float16" }, { std: 2 });
  const std: number | undefined = init.normal.options.std.fallback;

  const known: Tensor = w;
  init.ones(known);

  // @ts-expect-error integers are not filled
  init.ones(empty([2], { dtype: "int32" }));
  // @ts-expect-error nor drawn, even with options
  init.uniform(new Tensor(new Uint8Array(2), [2], "uint8"), { high: 2 });
  // @ts-expect-error a number as text
  init.normal(w, { std: "x" });
  // @ts-expect-error an unknown option
  init.normal(w, { sd: 1 });
  // @ts-expect-error PyTorch's name
  init.uniform(w, { a: 0 });
  // @ts-expect-error a value is needed
  init.constant(w);
  // @ts-expect-error a value is needed
  init.constant(w, {});
  // @ts-expect-error a share is needed
  init.sparse(w);
  // @ts-expect-error a share is needed
  init.sparse(w, { std: 1 });
  // @ts-expect-error by position
  init.kaimingNormal(w, 0, "fan_out");
  // @ts-expect-error no such mode
  init.kaimingNormal(w, { mode: "fan_avg" });
  // @ts-expect-error it draws nothing
  init.zeros(w, { generator: new Generator(0) });
  // @ts-expect-error no tensor
  init.normal([1, 2]);
  // @ts-expect-error no generator
  init.normal(w, { generator: 0 });
  // @ts-expect-error it has no such option
  void init.normal.options.gain;

  const inferred: Tensor<"float64"> = tensor(new Float64Array(2));
  const asked: Tensor<"int8"> = tensor(new Float64Array(2), { dtype: "int8" });
  const taken: Tensor<"float32"> = new Tensor<"float32">(new Float32Array(2), [
    2,
  ]);
  // @ts-expect-error 16 bits may be of several dtypes
  new Tensor<"float16">(new Uint16Array(2), [2]);
  // @ts-expect-error another array
  new Tensor(new Float32Array(2), [2], "float64");
  // @ts-expect-error it cannot be set
  w.data = new Float32Array(16);
  // @ts-expect-error an unknown option
  empty([2], { dtpye: "float64" });
  void [std, inferred, asked, taken];
}

Deno.test("the calls above are for the type checker", () => void calls);
