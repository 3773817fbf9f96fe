import { assert, assertEquals } from "@std/assert";
import { empty, Generator, init } from "../../mod.ts";
import {
  activations,
  type Curve,
  curveOf,
} from "../../lib/propagation/activations.ts";
import {
  backward,
  forward,
  type Layer,
  matrixOf,
  type Passed,
} from "../../lib/propagation/stack.ts";
import type { Matrix } from "../../lib/numerics/matrix.ts";

/** Halfway between rounding and curvature. */
const step = 1e-5;
const widths = [5, 6, 4, 3];
const batch = 3;

interface Net {
  readonly layers: readonly Layer[];
  readonly inputs: Matrix;
  readonly ends: Matrix;
}

function netOf(seed: number): Net {
  const generator = new Generator(seed);
  const draw = (shape: number[]) => init.normal(empty(shape), { generator });
  return {
    layers: widths.slice(1).map((fanOut, index) => ({
      weight: draw([fanOut, widths[index]]),
      bias: draw([fanOut]),
    })),
    inputs: matrixOf(draw([batch, widths[0]])),
    ends: matrixOf(draw([batch, widths.at(-1)!])),
  };
}

function pass({ layers, inputs }: Net, curve: Curve): Passed[] {
  const passed: Passed[] = [];
  for (const layer of layers) {
    passed.push(forward(layer, passed.at(-1)?.activations ?? inputs, curve));
  }
  return passed;
}

/** Σ ends · outputs, whose gradient by the outputs is `ends`. */
function loss(net: Net, curve: Curve): number {
  const { data } = pass(net, curve).at(-1)!.activations;
  return data.reduce((sum, value, i) => sum + value * net.ends.data[i], 0);
}

/** Every slope of the loss, along one number after the other. */
function differences(net: Net, curve: Curve, along: Float64Array): number[] {
  return Array.from(along, (value, i) => {
    along[i] = value + step;
    const above = loss(net, curve);
    along[i] = value - step;
    const below = loss(net, curve);
    along[i] = value;
    return (above - below) / (2 * step);
  });
}

function assertClose(found: ArrayLike<number>, expected: number[], of: string) {
  assertEquals(found.length, expected.length);
  expected.forEach((value, i) => {
    const error = Math.abs(found[i] - value);
    assert(
      error < 1e-6 * (1 + Math.abs(value)),
      `${of}: ${found[i]}, ${value}`,
    );
  });
}

for (const [seed, name] of activations.entries()) {
  Deno.test(`${name}: gradients are those of finite differences`, () => {
    const curve = curveOf(name, 0.1);
    const net = netOf(seed);
    const passed = pass(net, curve);
    let gradients = net.ends;
    for (let index = net.layers.length - 1; index >= 0; index--) {
      const inputs = index === 0 ? net.inputs : passed[index - 1].activations;
      const [layer, own] = [net.layers[index], passed[index]];
      const found = backward(layer, own, inputs, gradients, curve, true);
      // Weights in double, so that a small step is not rounded away.
      const { rows, columns, data } = matrixOf(layer.weight);
      const shape = [rows, columns];
      const weight = { shape, data } as unknown as Layer["weight"];
      const layers = net.layers.with(index, { ...layer, weight });
      const expected = differences({ ...net, layers }, curve, data);
      assertClose(found.weightGradients.data, expected, `weight ${index}`);
      gradients = found.inputGradients!;
    }
    const expected = differences(net, curve, net.inputs.data);
    assertClose(gradients.data, expected, "inputs");
  });

  Deno.test(`${name}: the slope is that of the value`, () => {
    const { value, slope } = curveOf(name, 0.1);
    for (const x of [-30, -6.1, -2.5, -1.1, -0.1, 0.1, 0.7, 2, 5, 30]) {
      const difference = (value(x + step) - value(x - step)) / (2 * step);
      assertClose([slope(x)], [difference], `at ${x}`);
    }
  });
}

Deno.test("values far out are finite or what the limit says", () => {
  for (const name of activations) {
    const { value, slope } = curveOf(name, 0.1);
    for (const x of [-1000, 1000]) {
      assert(Number.isFinite(value(x)) && Number.isFinite(slope(x)), name);
    }
  }
});
