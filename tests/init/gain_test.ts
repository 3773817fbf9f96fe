import { assertEquals, assertThrows } from "@std/assert";
import { calculateGain, type Nonlinearity } from "../../mod.ts";
import { parseHexFloat, readGolden } from "../golden/golden.ts";

interface Case {
  readonly nonlinearity: Nonlinearity;
  readonly slope: number | null;
  readonly gain: string;
}

for (
  const { nonlinearity, slope, gain } of await readGolden<Case>("gain.json")
) {
  Deno.test(`gain of ${nonlinearity}, slope ${slope}, is PyTorch's`, () => {
    assertEquals(
      calculateGain(nonlinearity, slope === null ? undefined : slope),
      parseHexFloat(gain),
    );
  });
}

Deno.test("calculateGain refuses unknown names and bad slopes", () => {
  assertThrows(
    () => calculateGain("swish" as never),
    RangeError,
    "must be one of linear, conv1d",
  );
  assertThrows(() => calculateGain("toString" as never), RangeError);
  assertThrows(() => calculateGain("leaky_relu", NaN), RangeError, "NaN");
  assertThrows(
    () => calculateGain("leaky_relu", true as never),
    TypeError,
    "true",
  );
});
