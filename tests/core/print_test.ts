import { assertEquals } from "@std/assert";
import { type Dtype, empty, tensor } from "../../mod.ts";
import { readGolden } from "../golden/golden.ts";

interface Case {
  readonly dtype: Dtype;
  readonly shape: number[];
  /** Values as text; null where they are a ramp. */
  readonly values: string[] | null;
  readonly scale?: number;
  readonly text: string;
}

for (const [index, row] of (await readGolden<Case>("print.json")).entries()) {
  const { dtype, shape, text } = row;
  Deno.test(`prints as PyTorch, ${index}: [${shape}] ${dtype}`, () => {
    const values = valuesOf(row);
    const printed = values.length === 0
      ? empty(shape, { dtype })
      : tensor(values, { dtype }).reshape(shape);
    assertEquals(printed.toString(), text);
  });
}

function valuesOf({ dtype, shape, values, scale }: Case): number[] {
  if (values === null) {
    const n = shape.reduce((a, b) => a * b, 1);
    const ramp = Array.from({ length: n }, (_, i) => scale! * (i - n / 3));
    return dtype.startsWith("int") ? ramp.map(Math.trunc) : ramp;
  }
  if (dtype === "int64") return values.map(BigInt) as unknown[] as number[];
  return values.map((text) =>
    text.endsWith("inf")
      ? (text.startsWith("-") ? -Infinity : Infinity)
      : Number(text)
  );
}
