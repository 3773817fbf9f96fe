/**
 * Recipes of small dense networks: policies, and functions of coordinates.
 *
 * @module
 */

import { noMore, oneOf, real } from "../../core/options.ts";
import { orthogonal, uniform, zeros } from "../../init/initializers.ts";
import { Conv } from "../conv.ts";
import { Linear } from "../linear.ts";
import { read, recipe } from "./recipe.ts";
import type { Met, Place, Recipe } from "./rule.ts";

/**
 * PPO: orthogonal weights with the gain √2, but 0.01 in the policy's last layer
 * and 1 in the value's; biases 0, and the logarithm of a Gaussian policy's std 0.
 *
 * The policy's last layer is the last linear one below a module whose name begins
 * with `actor`, `policy`, `pi` or `action`; the value's below `critic`, `value` or
 * `vf`.
 *
 * @see Schulman et al., "Proximal policy optimization algorithms", 2017;
 * `ppo.py` of CleanRL, `policies.py` of stable-baselines3
 *
 * @example
 * ```ts
 * import { filledBy, initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * class Agent extends nn.Module {
 *   actor = new nn.Sequential(new nn.Linear(4, 8), new nn.Tanh(), new nn.Linear(8, 2));
 * }
 * const agent = new Agent();
 * const gainOf = (layer: nn.Linear) => filledBy(layer.weight)?.options.gain;
 * initialize(agent, recipes.ppo());
 * assertEquals(gainOf(agent.actor.children()[0] as nn.Linear), Math.SQRT2);
 * assertEquals(gainOf(agent.actor.children()[2] as nn.Linear), 0.01);
 * ```
 */
export function ppo(): Recipe {
  noMore("make recipes.ppo", arguments, 0);
  const gain = (gain: number) => ({ init: orthogonal, options: { gain } });
  return recipe("ppo", {
    paper: "Schulman et al., 2017",
    file: "cleanrl, ppo.py; stable-baselines3 2.9, common/policies.py",
  }, [
    {
      name: "weight",
      where: isPolicyHead,
      label: "policy head",
      ...gain(0.01),
    },
    { name: "weight", where: isValueHead, label: "value head", ...gain(1) },
    {
      layer: [Linear, Conv],
      name: "weight",
      label: "weight",
      ...gain(Math.SQRT2),
    },
    { layer: [Linear, Conv], name: "bias", init: zeros, label: "bias" },
    { name: /log_?std$/, init: zeros, label: "log std", optional: true },
  ]);
}

function isPolicyHead(place: Place): boolean {
  return isLastBelow(place, /^(actor|policy|pi$|pi_|action)/);
}

function isValueHead(place: Place): boolean {
  return isLastBelow(place, /^(critic|value|vf)/);
}

/** Whether a layer is the last linear one below a child of the model. */
function isLastBelow({ model, module, name }: Place, child: RegExp): boolean {
  const [first] = name.split(".");
  if (!child.test(first)) return false;
  const below = new Map(model.namedChildren()).get(first)!.modules();
  return below.findLast((each) => each instanceof Linear) === module;
}

/**
 * SIREN, for layers of sin(ω x): the first layer's weights from U(−1/n, 1/n) with
 * n inputs, all others', the last one's included, from U(−√(6/n)/ω, √(6/n)/ω).
 *
 * The first layer is the model's first linear one. The authors leave the biases
 * as PyTorch makes them.
 *
 * @param options `omega`: ω. Default: 30. `biases`: `stay`, or `asWeights` for
 * the interval of the layer's weights, as in siren-pytorch. Default: stay.
 * @see Sitzmann et al., "Implicit neural representations with periodic activation
 * functions", 2020; `modules.py` of vsitzmann/siren
 *
 * @example
 * ```ts
 * import { filledBy, initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const net = new nn.Sequential(new nn.Linear(2, 6), new nn.Linear(6, 1));
 * initialize(net, recipes.siren());
 * const highOf = (layer: nn.Linear) => filledBy(layer.weight)?.options.high;
 * assertEquals(highOf(net.children()[0] as nn.Linear), 1 / 2);
 * assertEquals(highOf(net.children()[1] as nn.Linear), 1 / 30);
 * ```
 */
export function siren(
  options: {
    readonly omega?: number;
    readonly biases?: "stay" | "asWeights";
  } = {},
): Recipe {
  const { omega, biases } = read("siren", options, {
    omega: real(30, { low: Number.MIN_VALUE }),
    biases: oneOf<"stay" | "asWeights">(["stay", "asWeights"], "stay"),
  });
  const interval = (met: Met) => {
    const [, inputs] = (met.module as Linear).weight.shape;
    const high = isFirst(met) ? 1 / inputs : Math.sqrt(6 / inputs) / omega;
    return { low: -high, high };
  };
  return recipe("siren", {
    paper: "Sitzmann et al., 2020",
    file: biases === "stay"
      ? "vsitzmann/siren, modules.py"
      : "siren-pytorch 0.1.7, siren_pytorch.py",
    note: `sin(${omega} x) in the first layer, too`,
  }, [
    { layer: Linear, name: "weight", init: uniform, options: interval },
    biases === "stay"
      ? { layer: Linear, name: "bias", stays: true }
      : { layer: Linear, name: "bias", init: uniform, options: interval },
  ]);
}

function isFirst({ model, module }: Place): boolean {
  return model.modules().find((each) => each instanceof Linear) === module;
}
