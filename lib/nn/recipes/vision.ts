/**
 * Recipes of convolutional networks.
 *
 * @module
 */

import { flag, noMore, oneOf, real } from "../../core/options.ts";
import { elementCount } from "../../core/shape.ts";
import {
  constant,
  kaimingNormal,
  normal,
  ones,
  uniform,
  zeros,
} from "../../init/initializers.ts";
import { Conv } from "../conv.ts";
import { Linear } from "../linear.ts";
import type { Module } from "../module.ts";
import {
  batchNorms,
  convs,
  cutFar,
  layers,
  linearBias,
  normRules,
  read,
  recipe,
} from "./recipe.ts";
import type { InitRule, Met, Place, Recipe } from "./rule.ts";

const convBias: InitRule = {
  layer: convs,
  name: "bias",
  init: zeros,
  label: "Conv bias",
};

/**
 * ConvNeXt: convolutions and linear layers from N(0, 0.02²), cut at ±2, which is
 * 100 std and cuts nothing; biases 0, norms 1 and 0, the vectors `gamma` of
 * LayerScale 1e-6; the linear layer of the head times `headScale`.
 *
 * @param options `headScale`. Default: 1.
 * @see Liu et al., "A ConvNet for the 2020s", 2022; `convnext.py` of timm
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * class Net extends nn.Module {
 *   head = new nn.Linear(8, 2);
 * }
 * const { rows } = initialize(new Net(), recipes.convnext({ headScale: 0.5 }));
 * assertAlmostEquals(rows[0].std!, 0.01, 1e-12);
 * ```
 */
export function convnext(
  options: { readonly headScale?: number } = {},
): Recipe {
  const { headScale } = read("convnext", options, { headScale: real(1) });
  return recipe("convnext", {
    paper: "Liu et al., 2022",
    file: "timm, models/convnext.py",
  }, [
    { name: "gamma", optional: true, init: constant, options: { value: 1e-6 } },
    {
      layer: Linear,
      name: /(^|\.)head\b.*weight$/,
      ...cutFar,
      factor: headScale,
      label: "head weight",
    },
    {
      layer: [Conv, Linear],
      name: "weight",
      ...cutFar,
      label: "Conv, Linear weight",
    },
    convBias,
    linearBias,
    ...normRules,
  ]);
}

/**
 * ResNet: convolutions by Kaiming's normal of the fan-out for relu, BatchNorm 1
 * and 0, and in the last of each branch a weight of 0, so that each block starts
 * as its shortcut. That last is `bn3`, or `bn2` in a block without one. The
 * linear layer stays as PyTorch makes it.
 *
 * @param options `zeroGamma`: whether those weights are 0, as in timm; torchvision
 * leaves them at 1. Default: true.
 * @see He et al., "Delving deep into rectifiers", 2015; Goyal et al., "Accurate,
 * large minibatch SGD", 2017, section 5.1; `resnet.py` of timm and torchvision
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * class Block extends nn.Module {
 *   bn1 = new nn.BatchNorm2d(2);
 *   bn2 = new nn.BatchNorm2d(2);
 * }
 * const block = new Block();
 * initialize(block, recipes.resnet());
 * assertEquals(block.bn1.weight!.toArray(), [1, 1]);
 * assertEquals(block.bn2.weight!.toArray(), [0, 0]);
 * ```
 */
export function resnet(
  options: { readonly zeroGamma?: boolean } = {},
): Recipe {
  const { zeroGamma } = read("resnet", options, { zeroGamma: flag(true) });
  const last: InitRule = {
    layer: batchNorms,
    name: "weight",
    where: isLastNorm,
    init: zeros,
    label: "last norm of a branch",
  };
  return recipe("resnet", {
    paper: "He et al., 2015; Goyal et al., 2017",
    file: "timm, models/resnet.py; torchvision 0.29, models/resnet.py",
  }, [
    {
      layer: Conv,
      name: "weight",
      init: kaimingNormal,
      options: { mode: "fan_out", nonlinearity: "relu" },
      label: "Conv weight",
    },
    convBias,
    ...zeroGamma ? [last] : [],
    ...normRules,
    { layer: Linear, stays: true },
  ]);
}

/** Whether a norm is the last of a branch: `bn3`, or `bn2` where there is none. */
function isLastNorm({ module, holder }: Place): boolean {
  const { bn2, bn3 } = (holder ?? {}) as Partial<Record<string, Module>>;
  return module === (bn3 ?? bn2);
}

/**
 * EfficientNet: convolutions from N(0, 2 / fan-out), biases 0, BatchNorm 1 and 0,
 * linear layers from U(−1/√out, 1/√out).
 *
 * timm divides a grouped convolution's fan-out by the groups, which torchvision
 * does not: there a depthwise convolution of g groups starts √g times smaller.
 *
 * @param options Whose code: `timm` or `torchvision`. Default: timm.
 * @see Tan and Le, "EfficientNet: rethinking model scaling", 2019;
 * `_efficientnet_builder.py` of timm, `efficientnet.py` of torchvision
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const depthwise = new nn.Conv2d(16, 16, 3, { groups: 16, bias: false });
 * const { rows } = initialize(depthwise, recipes.efficientnet());
 * assertEquals(rows[0].std, Math.sqrt(2 / 9));
 * ```
 */
export function efficientnet(
  options: { readonly variant?: "timm" | "torchvision" } = {},
): Recipe {
  const { variant } = read("efficientnet", options, {
    variant: oneOf<"timm" | "torchvision">(["timm", "torchvision"], "timm"),
  });
  const groupsOf = ({ module }: Met) =>
    variant === "timm" ? (module as Conv).groups : 1;
  return recipe("efficientnet", {
    paper: "Tan and Le, 2019",
    file: variant === "timm"
      ? "timm, models/_efficientnet_builder.py"
      : "torchvision 0.29, models/efficientnet.py",
  }, [
    {
      layer: Conv,
      name: "weight",
      init: normal,
      options: (met) => ({
        std: Math.sqrt(2 / Math.floor(fanOutOf(met) / groupsOf(met))),
      }),
      label: "Conv weight",
    },
    convBias,
    {
      layer: Linear,
      name: "weight",
      init: uniform,
      options({ shape }) {
        const bound = 1 / Math.sqrt(shape[0]);
        return { low: -bound, high: bound };
      },
    },
    linearBias,
    ...normRules,
  ]);
}

/**
 * DCGAN: convolutions and transposed ones from N(0, 0.02²), BatchNorm's weights
 * from N(1, 0.02²) and its biases 0. Other tensors stay.
 *
 * @see Radford, Metz and Chintala, "Unsupervised representation learning with deep
 * convolutional generative adversarial networks", 2015; `dcgan/main.py` of
 * pytorch/examples
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new nn.Sequential(
 *   new nn.ConvTranspose2d(4, 8, 4, { bias: false }),
 *   new nn.BatchNorm2d(8),
 * );
 * const { rows } = initialize(model, recipes.dcgan());
 * assertEquals(rows.map(({ std }) => std), [0.02, 0.02, 0]);
 * ```
 */
export function dcgan(): Recipe {
  noMore("make recipes.dcgan", arguments, 0);
  return recipe("dcgan", {
    paper: "Radford, Metz and Chintala, 2015",
    file: "pytorch/examples, dcgan/main.py",
    partial: true,
  }, [
    {
      layer: convs,
      name: "weight",
      init: normal,
      options: { std: 0.02 },
      label: "Conv weight",
    },
    {
      layer: batchNorms,
      name: "weight",
      init: normal,
      options: { mean: 1, std: 0.02 },
      label: "norm weight",
    },
    { layer: batchNorms, name: "bias", init: zeros, label: "norm bias" },
  ]);
}

/**
 * Fixup, for residual networks without normalization: the convolutions of a
 * branch of m layers from N(0, 2 / fan-out) times L^(−1/(2m−2)), but the last 0;
 * shortcuts without the factor; scalar biases 0 and scales 1; the classifier 0.
 * L is the number of blocks. The first convolution stays as PyTorch makes it.
 *
 * The exponent is negative, as in the authors' code and by what the paper says;
 * paperswithcode and its copies print it with a plus, which would make branches
 * larger as they grow in number.
 *
 * @param options The number L of blocks. Default: as many as have two or three
 * convolutions of these names.
 * @see Zhang, Dauphin and Ma, "Fixup initialization: residual learning without
 * normalization", 2019; `fixup_resnet_imagenet.py` of hongyi-zhang/Fixup
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * class Block extends nn.Module {
 *   conv1 = new nn.Conv2d(8, 8, 3, { bias: false });
 *   conv2 = new nn.Conv2d(8, 8, 3, { bias: false });
 * }
 * const { rows } = initialize(new Block(), recipes.fixup({ layers: 12 }));
 * assertAlmostEquals(rows[0].std! / Math.sqrt(2 / 72), 0.288675, 1e-6);
 * ```
 */
export function fixup(options: { readonly layers?: number } = {}): Recipe {
  const given = read("fixup", options, { layers });
  return recipe("fixup", {
    paper: "Zhang, Dauphin and Ma, 2019",
    file: "hongyi-zhang/Fixup, imagenet/models/fixup_resnet_imagenet.py",
    note:
      "no normalization; a scalar bias before each layer, a scale per branch",
  }, [
    {
      layer: Conv,
      name: "weight",
      where: (place) => place.module === branchOf(place).at(-1),
      init: zeros,
      label: "last of a branch",
    },
    {
      layer: Conv,
      name: "weight",
      where: (place) => branchOf(place).includes(place.module),
      label: "branch",
      init: normal,
      options(met) {
        const depth = given.layers ?? depthOf(met);
        const exponent = -1 / (2 * branchOf(met).length - 2);
        return { std: Math.sqrt(2 / fanOutOf(met)) * depth ** exponent };
      },
    },
    {
      layer: Conv,
      name: /(^|\.)(downsample|shortcut)\b.*weight$/,
      init: normal,
      options: (met) => ({ std: Math.sqrt(2 / fanOutOf(met)) }),
      label: "shortcut",
      optional: true,
    },
    { layer: Conv, stays: true, label: "Conv" },
    { layer: Linear, init: zeros },
    {
      name: /(^|\.)bias\d*[ab]?$/,
      init: zeros,
      label: "scalar bias",
      optional: true,
    },
    { name: "scale", init: ones, optional: true },
  ]);
}

/** How many modules of the model are blocks. */
function depthOf({ model }: Place): number {
  return model.modules().filter((holder) => branchOf({ holder }).length > 0)
    .length;
}

/** The convolutions of a block's branch: `conv1`, `conv2`, and `conv3` if any. */
function branchOf({ holder }: Pick<Place, "holder">): Module[] {
  const { conv1, conv2, conv3 } = (holder ?? {}) as Partial<
    Record<string, Module>
  >;
  const all = [conv1, conv2, conv3].filter((conv) => conv instanceof Conv);
  return all.length < 2 ? [] : all;
}

function fanOutOf({ shape: [outputs, , ...kernel] }: Met): number {
  return outputs * elementCount(kernel);
}
