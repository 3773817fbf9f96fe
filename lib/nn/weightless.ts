/**
 * Layers without parameters: activations, dropout, pooling and Flatten. They
 * compute nothing; a model includes them so that its printed text and the names
 * of its other layers are PyTorch's.
 *
 * @module
 */

import {
  type AnyTable,
  asGiven,
  count,
  flag,
  integer,
  oneOf,
  type OptionTable,
  orNull,
  real,
} from "../core/options.ts";
import { type Given, read } from "./layer.ts";
import { Module, setField } from "./module.ts";
import { formatArguments, formatFloat } from "./python.ts";

/**
 * The class of a layer without parameters. Its arguments are fields of its
 * instances; `Changed` lists the fields whose type differs. It accepts `dtype`
 * and `generator` like every layer, and uses neither.
 *
 * @internal
 */
export interface LayerClass<
  Order extends readonly (keyof Options)[],
  Options,
  Changed = unknown,
> {
  /** Makes the layer. */
  new (
    ...given: Given<Order, Options>
  ): Module & Readonly<Omit<Required<Options>, keyof Changed>> & Changed;
  /** The name of the class in texts and errors. */
  readonly title: string;
}

const inplace = flag(false);

const inplaceText = (layer: { readonly inplace: boolean }) =>
  formatArguments([], { inplace: layer.inplace || undefined });

/**
 * `max(0, x)`.
 *
 * @see `torch.nn.ReLU`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const model = new nn.Sequential(
 *   new nn.Linear(4, 8),
 *   new nn.ReLU(),
 *   new nn.Linear(8, 2),
 * );
 * const names = model.namedParameters().map(([name]) => name);
 * assertEquals(names, ["0.weight", "0.bias", "2.weight", "2.bias"]);
 * assertEquals(String(new nn.ReLU(true)), "ReLU(inplace=True)");
 * ```
 */
export const ReLU: LayerClass<[inplace: "inplace"], {
  /** Whether the input is overwritten. Default: false. */
  readonly inplace?: boolean;
}> = weightless("ReLU", { inplace }, inplaceText);
/** An instance of {@linkcode ReLU}. */
export type ReLU = InstanceType<typeof ReLU>;

/**
 * The scaled exponential linear unit.
 *
 * @see `torch.nn.SELU`, PyTorch 2.13.0
 */
export const SELU: LayerClass<[inplace: "inplace"], {
  /** Whether the input is overwritten. Default: false. */
  readonly inplace?: boolean;
}> = weightless("SELU", { inplace }, inplaceText);
/** An instance of {@linkcode SELU}. */
export type SELU = InstanceType<typeof SELU>;

/**
 * `x · sigmoid(x)`.
 *
 * @see `torch.nn.SiLU`, PyTorch 2.13.0
 */
export const SiLU: LayerClass<[inplace: "inplace"], {
  /** Whether the input is overwritten. Default: false. */
  readonly inplace?: boolean;
}> = weightless("SiLU", { inplace }, inplaceText);
/** An instance of {@linkcode SiLU}. */
export type SiLU = InstanceType<typeof SiLU>;

/**
 * `x · tanh(log(1 + exp(x)))`.
 *
 * @see `torch.nn.Mish`, PyTorch 2.13.0
 */
export const Mish: LayerClass<[inplace: "inplace"], {
  /** Whether the input is overwritten. Default: false. */
  readonly inplace?: boolean;
}> = weightless("Mish", { inplace }, inplaceText);
/** An instance of {@linkcode Mish}. */
export type Mish = InstanceType<typeof Mish>;

/**
 * `x` above 0, `negativeSlope · x` below.
 *
 * @see `torch.nn.LeakyReLU`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new nn.LeakyReLU({ negativeSlope: 0.2 });
 * assertEquals(String(layer), "LeakyReLU(negative_slope=0.2)");
 * ```
 */
export const LeakyReLU: LayerClass<
  [negativeSlope: "negativeSlope", inplace: "inplace"],
  {
    /** The slope below 0. Default: 0.01. */
    readonly negativeSlope?: number;
    /** Whether the input is overwritten. Default: false. */
    readonly inplace?: boolean;
  }
> = weightless(
  "LeakyReLU",
  { negativeSlope: real(0.01), inplace },
  ({ negativeSlope, inplace }) =>
    formatArguments([], {
      negative_slope: formatFloat(negativeSlope),
      inplace: inplace || undefined,
    }),
);
/** An instance of {@linkcode LeakyReLU}. */
export type LeakyReLU = InstanceType<typeof LeakyReLU>;

/**
 * `x` above 0, `alpha · (exp(x) − 1)` below.
 *
 * @see `torch.nn.ELU`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(String(new nn.ELU()), "ELU(alpha=1.0)");
 * ```
 */
export const ELU: LayerClass<[alpha: "alpha", inplace: "inplace"], {
  /** The limit at −∞, negated. Default: 1. */
  readonly alpha?: number;
  /** Whether the input is overwritten. Default: false. */
  readonly inplace?: boolean;
}> = weightless(
  "ELU",
  { alpha: real(1), inplace },
  ({ alpha, inplace }) =>
    formatArguments([], {
      alpha: formatFloat(alpha),
      inplace: inplace || undefined,
    }),
);
/** An instance of {@linkcode ELU}. */
export type ELU = InstanceType<typeof ELU>;

/**
 * `x · Φ(x)`.
 *
 * @see `torch.nn.GELU`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(String(new nn.GELU("tanh")), "GELU(approximate='tanh')");
 * ```
 */
export const GELU: LayerClass<[approximate: "approximate"], {
  /** How Φ is computed. Default: "none", exactly. */
  readonly approximate?: "none" | "tanh";
}> = weightless(
  "GELU",
  { approximate: oneOf(["none", "tanh"], "none") },
  ({ approximate }) => `approximate='${approximate}'`,
);
/** An instance of {@linkcode GELU}. */
export type GELU = InstanceType<typeof GELU>;

/**
 * `tanh(x)`.
 *
 * @see `torch.nn.Tanh`, PyTorch 2.13.0
 */
export const Tanh: LayerClass<[], unknown> = weightless("Tanh", {}, () => "");
/** An instance of {@linkcode Tanh}. */
export type Tanh = InstanceType<typeof Tanh>;

/**
 * `1 / (1 + exp(−x))`.
 *
 * @see `torch.nn.Sigmoid`, PyTorch 2.13.0
 */
export const Sigmoid: LayerClass<[], unknown> = weightless(
  "Sigmoid",
  {},
  () => "",
);
/** An instance of {@linkcode Sigmoid}. */
export type Sigmoid = InstanceType<typeof Sigmoid>;

/**
 * `exp(x)`, divided by its sum along an axis.
 *
 * @see `torch.nn.Softmax`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(String(new nn.Softmax(-1)), "Softmax(dim=-1)");
 * ```
 */
export const Softmax: LayerClass<[dim: "dim"], {
  /** The axis; null leaves it open. Default: null. */
  readonly dim?: number | null;
}> = weightless(
  "Softmax",
  { dim: orNull(integer()) },
  ({ dim }) => formatArguments([], { dim }),
);
/** An instance of {@linkcode Softmax}. */
export type Softmax = InstanceType<typeof Softmax>;

/**
 * The logarithm of {@linkcode Softmax}.
 *
 * @see `torch.nn.LogSoftmax`, PyTorch 2.13.0
 */
export const LogSoftmax: LayerClass<[dim: "dim"], {
  /** The axis; null leaves it open. Default: null. */
  readonly dim?: number | null;
}> = weightless(
  "LogSoftmax",
  { dim: orNull(integer()) },
  ({ dim }) => formatArguments([], { dim }),
);
/** An instance of {@linkcode LogSoftmax}. */
export type LogSoftmax = InstanceType<typeof LogSoftmax>;

const dropProbability = real(0.5, { low: 0, high: 1 });

const dropoutText = (
  layer: { readonly p: number; readonly inplace: boolean },
) => formatArguments([], { p: formatFloat(layer.p), inplace: layer.inplace });

/**
 * Drops single numbers.
 *
 * @see `torch.nn.Dropout`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(String(new nn.Dropout(0.1)), "Dropout(p=0.1, inplace=False)");
 * ```
 */
export const Dropout: LayerClass<[p: "p", inplace: "inplace"], {
  /** The probability of a drop, in [0, 1]. Default: 0.5. */
  readonly p?: number;
  /** Whether the input is overwritten. Default: false. */
  readonly inplace?: boolean;
}> = weightless("Dropout", { p: dropProbability, inplace }, dropoutText);
/** An instance of {@linkcode Dropout}. */
export type Dropout = InstanceType<typeof Dropout>;

/**
 * Drops whole channels.
 *
 * @see `torch.nn.Dropout2d`, PyTorch 2.13.0
 */
export const Dropout2d: LayerClass<[p: "p", inplace: "inplace"], {
  /** The probability of a drop, in [0, 1]. Default: 0.5. */
  readonly p?: number;
  /** Whether the input is overwritten. Default: false. */
  readonly inplace?: boolean;
}> = weightless("Dropout2d", { p: dropProbability, inplace }, dropoutText);
/** An instance of {@linkcode Dropout2d}. */
export type Dropout2d = InstanceType<typeof Dropout2d>;

/**
 * Flattens several axes into one.
 *
 * @see `torch.nn.Flatten`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(String(new nn.Flatten()), "Flatten(start_dim=1, end_dim=-1)");
 * ```
 */
export const Flatten: LayerClass<[startDim: "startDim", endDim: "endDim"], {
  /** The first axis that is flattened. Default: 1. */
  readonly startDim?: number;
  /** The last axis that is flattened. Default: −1. */
  readonly endDim?: number;
}> = weightless(
  "Flatten",
  { startDim: integer(1), endDim: integer(-1) },
  ({ startDim, endDim }) =>
    formatArguments([], { start_dim: startDim, end_dim: endDim }),
);
/** An instance of {@linkcode Flatten}. */
export type Flatten = InstanceType<typeof Flatten>;

const kernelSize = asGiven(2, count(1));
const stride = orNull(asGiven(2, count(1)));
const padding = asGiven(2, count(0, 0));

/** A stride that is null is the window's size. */
const ownStride = (
  given: {
    readonly kernelSize: number | readonly number[];
    readonly stride: number | readonly number[] | null;
  },
) => ({ stride: given.stride ?? given.kernelSize });

/**
 * The largest of each window's numbers.
 *
 * @see `torch.nn.MaxPool2d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   String(new nn.MaxPool2d(3, 2, 1)),
 *   "MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False)",
 * );
 * ```
 */
export const MaxPool2d: LayerClass<
  [
    kernelSize: "kernelSize",
    stride: "stride",
    padding: "padding",
    dilation: "dilation",
    returnIndices: "returnIndices",
    ceilMode: "ceilMode",
  ],
  {
    /** Size of the window, at least 1 along each axis. */
    readonly kernelSize: number | readonly number[];
    /** Step of the window, at least 1. Default: null, which is its size. */
    readonly stride?: number | readonly number[] | null;
    /** Padding on both sides, at least 0. Default: 0. */
    readonly padding?: number | readonly number[];
    /** Distance between the window's elements, at least 1. Default: 1. */
    readonly dilation?: number | readonly number[];
    /** Whether to return the places of the maxima, too. Default: false. */
    readonly returnIndices?: boolean;
    /** Whether output sizes are rounded up. Default: false. */
    readonly ceilMode?: boolean;
  },
  { readonly stride: number | readonly number[] }
> = weightless(
  "MaxPool2d",
  {
    kernelSize,
    stride,
    padding,
    dilation: asGiven(2, count(1, 1)),
    returnIndices: flag(false),
    ceilMode: flag(false),
  },
  (layer) =>
    formatArguments([], {
      kernel_size: layer.kernelSize,
      stride: layer.stride,
      padding: layer.padding,
      dilation: layer.dilation,
      ceil_mode: layer.ceilMode,
    }),
  ownStride,
);
/** An instance of {@linkcode MaxPool2d}. */
export type MaxPool2d = InstanceType<typeof MaxPool2d>;

/**
 * The mean of each window's numbers.
 *
 * @see `torch.nn.AvgPool2d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   String(new nn.AvgPool2d(2)),
 *   "AvgPool2d(kernel_size=2, stride=2, padding=0)",
 * );
 * ```
 */
export const AvgPool2d: LayerClass<
  [
    kernelSize: "kernelSize",
    stride: "stride",
    padding: "padding",
    ceilMode: "ceilMode",
    countIncludePad: "countIncludePad",
    divisorOverride: "divisorOverride",
  ],
  {
    /** Size of the window, at least 1 along each axis. */
    readonly kernelSize: number | readonly number[];
    /** Step of the window, at least 1. Default: null, which is its size. */
    readonly stride?: number | readonly number[] | null;
    /** Padding on both sides, at least 0. Default: 0. */
    readonly padding?: number | readonly number[];
    /** Whether output sizes are rounded up. Default: false. */
    readonly ceilMode?: boolean;
    /** Whether padding counts in the mean. Default: true. */
    readonly countIncludePad?: boolean;
    /** The divisor, at least 1. Default: null, the number of elements. */
    readonly divisorOverride?: number | null;
  },
  { readonly stride: number | readonly number[] }
> = weightless(
  "AvgPool2d",
  {
    kernelSize,
    stride,
    padding,
    ceilMode: flag(false),
    countIncludePad: flag(true),
    divisorOverride: orNull(count(1)),
  },
  (layer) =>
    formatArguments([], {
      kernel_size: layer.kernelSize,
      stride: layer.stride,
      padding: layer.padding,
    }),
  ownStride,
);
/** An instance of {@linkcode AvgPool2d}. */
export type AvgPool2d = InstanceType<typeof AvgPool2d>;

/**
 * The mean of each window, whose size follows from the output's.
 *
 * @see `torch.nn.AdaptiveAvgPool2d`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   String(new nn.AdaptiveAvgPool2d([1, null])),
 *   "AdaptiveAvgPool2d(output_size=(1, None))",
 * );
 * ```
 */
export const AdaptiveAvgPool2d: LayerClass<[outputSize: "outputSize"], {
  /** Size of the output, at least 0; null keeps the size of an axis. */
  readonly outputSize: number | readonly (number | null)[];
}> = weightless("AdaptiveAvgPool2d", {
  outputSize: asGiven(2, count(0), orNull(count(0))),
}, ({ outputSize }) => formatArguments([], { output_size: outputSize }));
/** An instance of {@linkcode AdaptiveAvgPool2d}. */
export type AdaptiveAvgPool2d = InstanceType<typeof AdaptiveAvgPool2d>;

/**
 * The identity function. As in PyTorch it takes any arguments and ignores them.
 *
 * @see `torch.nn.Identity`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(String(new nn.Identity()), "Identity()");
 * ```
 */
export class Identity extends Module {
  /** The name of the class in texts and errors. */
  static override readonly title: string = "Identity";

  /**
   * Makes the layer.
   *
   * @param _given Anything.
   */
  constructor(..._given: unknown[]) {
    super();
  }
}

/**
 * Makes a class.
 *
 * @param title The name of the class.
 * @param table How each argument is read, in PyTorch's order.
 * @param text Returns the arguments in the printed text.
 * @param change Returns the fields that differ from the arguments.
 */
function weightless<Order extends readonly (keyof O)[], O, Changed = unknown>(
  title: string,
  table: NoInfer<OptionTable<O>>,
  text: (fields: NoInfer<Omit<Required<O>, keyof Changed> & Changed>) => string,
  change?: (given: NoInfer<Required<O>>) => NoInfer<Changed>,
): LayerClass<Order, O, Changed> {
  const layer = class extends Module {
    static override readonly title = title;

    constructor(...given: unknown[]) {
      super();
      const { dtype: _, generator: __, ...args } = read(
        layer,
        table as AnyTable,
        given,
      );
      const fields = { ...args, ...change?.(args as Required<O>) };
      for (const [name, value] of Object.entries(fields)) {
        setField(this, name, value);
      }
    }

    override extraRepr(): string {
      return text(this as unknown as Parameters<typeof text>[0]);
    }
  };
  Object.defineProperty(layer, "name", { value: title });
  return layer as unknown as LayerClass<Order, O, Changed>;
}
