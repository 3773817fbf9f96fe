/**
 * One example of each figure, for snapshots and for checks that hold for all.
 *
 * @module
 */

import {
  empty,
  Generator,
  init,
  nn,
  plot,
  propagate,
  tensor,
} from "../../mod.ts";
import type { ParameterOwner } from "../../lib/core/source.ts";

const shape = [33, 16, 3, 3];

function conv(): nn.Conv2d {
  const generator = new Generator(0);
  return new nn.Conv2d(16, 33, 3, { stride: 2, generator });
}

/** A layer with any name. */
export function named(name: string): ParameterOwner {
  const parameters = conv().namedParameters();
  const owner = { namedParameters: () => parameters, toString: () => name };
  return owner;
}

/** Names that would do harm if they were not shown as they are. */
export const hostile = [
  '<script>alert("1")</script>',
  "</script><!-- ]]>",
  `"double" 'single' &lt; &amp; &#60;`,
  "<b>bold</b> <a href='javascript:alert(1)'>x</a>",
  "$x^2$ %{x} %{customdata[0]}",
];

/** Examples by the name of their snapshot. */
export const figures: Readonly<Record<string, () => plot.Figure>> = {
  weights_uniform: () => plot.weights(conv()),
  weights_normal: () =>
    plot.weights(init.kaimingNormal(empty(shape), {
      nonlinearity: "relu",
      generator: new Generator(0),
    })),
  weights_constant: () => plot.weights(init.ones(empty([8]))),
  weights_plain: () => plot.weights(tensor([0.5, -0.25, 0.125, NaN])),
  weights_bool: () => plot.weights(tensor([true, false, true, true])),
  kernels_conv: () => plot.kernels(conv(), { out: [0, 3], in: [0, 5] }),
  kernels_first_layer: () => {
    const generator = new Generator(1);
    return plot.kernels(init.normal(empty([8, 3, 2, 2]), { generator }));
  },
  kernels_matrix: () => {
    const generator = new Generator(2);
    return plot.kernels(new nn.Linear(6, 4, { generator }));
  },
  compare: () => {
    const generator = new Generator(3);
    return plot.compare({
      "Xavier, uniform": init.xavierUniform(empty(shape), { generator }),
      "Kaiming, normal": init.kaimingNormal(empty(shape), { generator }),
      "no initializer": tensor([-0.1, 0, 0.1]),
    });
  },
  propagation: () =>
    plot.propagation(
      propagate({ depth: 4, width: 24, batch: 16, bins: 10, seed: 5 }),
    ),
  propagation_two: () => {
    const small = { depth: 6, width: 16, batch: 8, bins: 8 };
    return plot.propagation({
      Xavier: propagate({ ...small, init: "xavierNormal" }),
      "std 1": propagate({ ...small, init: { name: "normal", std: 1 } }),
    });
  },
  propagation_lines: () =>
    plot.propagation(
      propagate({ activation: "tanh", width: 24, batch: 8, bins: 0 }),
      { forward: "preactivations", backward: "weightGradients" },
    ),
  layers: () => {
    const generator = new Generator(7);
    return plot.layers(
      new nn.Sequential(
        new nn.Linear(64, 48, { generator }),
        new nn.LayerNorm(48),
        new nn.Linear(48, 10, { generator }),
      ),
    );
  },
  layers_odd: () =>
    plot.layers({
      unknown: tensor([-1, 0, 0.25, 0.5, 1]),
      orthogonal: init.orthogonal(empty([12, 12]), {
        generator: new Generator(8),
      }),
      "not finite": tensor([NaN, Infinity]),
      far: tensor([7, 7]),
      near: tensor([0.5]),
      "far below": tensor([-30]),
    }),
  fan_conv: () => plot.fan([33, 16, 3, 3]),
  fan_matrix: () => plot.fan([4, 6]),
  fan_groups: () => plot.fan([12, 2, 5], { groups: 4 }),
  quantiles_known: () =>
    plot.quantiles(
      init.truncNormal(empty(shape), {
        std: 0.02,
        low: -0.04,
        high: 0.04,
        generator: new Generator(4),
      }),
      { points: 100 },
    ),
  quantiles_own: () =>
    plot.quantiles(tensor([0.5, -0.25, 0.125, 7, 0.25, NaN])),
  spectrum_normal: () =>
    plot.spectrum(init.kaimingNormal(empty([48, 16, 2, 3]), {
      generator: new Generator(5),
    })),
  spectrum_orthogonal: () =>
    plot.spectrum(init.orthogonal(empty([12, 20]), {
      gain: Math.SQRT2,
      generator: new Generator(6),
    })),
  hostile: () => plot.weights(named(hostile.join(" "))),
};
