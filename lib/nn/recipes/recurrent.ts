/**
 * Recipes of recurrent networks.
 *
 * @module
 */

import { flag, real } from "../../core/options.ts";
import {
  constant,
  identity,
  normal,
  orthogonal,
  xavierUniform,
  zeros,
} from "../../init/initializers.ts";
import {
  define,
  type Initializer,
  type RandomOptions,
} from "../../init/initializer.ts";
import { LSTM, LSTMCell, RNN, RNNCell } from "../recurrent.ts";
import { read, recipe } from "./recipe.ts";
import type { Recipe } from "./rule.ts";

const lstms = [LSTM, LSTMCell];
const plain = [RNN, RNNCell];

/**
 * The classic LSTM: weights of the input by Xavier's uniform, of the state
 * orthogonal, biases 0 but those of the forget gate 1. All other tensors stay.
 *
 * PyTorch's gates are in the order i, f, g, o, and it has two biases that are
 * added: the 1 goes into `bias_ih`, and `bias_hh` is 0. Keras has the order i, f,
 * c, o, so its bias is 0, 1, 0, 0 as well.
 *
 * The matrix `[4h, h]` of all gates is orthogonal, as in Keras; a gate's block of
 * it is not, its singular values have the root mean square 1/2. With `perGate`
 * each block is orthogonal by itself, and the whole has singular values of 2.
 *
 * @param options `forgetBias`: the forget gate's bias. Default: 1. `perGate`:
 * whether each gate's matrix is orthogonal by itself. Default: false.
 * @see Jozefowicz, Zaremba and Sutskever, "An empirical exploration of recurrent
 * network architectures", 2015; `lstm.py` of Keras
 *
 * @example
 * ```ts
 * import { filledBy, initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const cell = new nn.LSTMCell(3, 2);
 * initialize(cell, recipes.lstm());
 * assertEquals(cell.bias_ih!.toArray(), [0, 0, 1, 1, 0, 0, 0, 0]);
 * assertEquals(filledBy(cell.bias_ih!)?.parts?.[1].rows, [2, 4]);
 * ```
 */
export function lstm(
  options: { readonly forgetBias?: number; readonly perGate?: boolean } = {},
): Recipe {
  const { forgetBias, perGate } = read("lstm", options, {
    forgetBias: real(1),
    perGate: flag(false),
  });
  const gate = { init: orthogonal };
  return recipe("lstm", {
    paper: "Jozefowicz, Zaremba and Sutskever, 2015",
    file: "keras, layers/rnn/lstm.py; mxnet, initializer.py: LSTMBias",
    partial: true,
  }, [
    {
      layer: lstms,
      name: /(^|\.)weight_ih/,
      label: "weight_ih",
      init: xavierUniform,
    },
    perGate
      ? {
        layer: lstms,
        name: /(^|\.)weight_hh/,
        label: "weight_hh",
        parts: [gate, gate, gate, gate],
      }
      : {
        layer: lstms,
        name: /(^|\.)weight_hh/,
        label: "weight_hh",
        init: orthogonal,
      },
    {
      layer: lstms,
      name: /(^|\.)bias_ih/,
      label: "bias_ih",
      parts: [
        { init: zeros },
        { init: constant, options: { value: forgetBias } },
        { init: zeros, share: 2 },
      ],
    },
    { layer: lstms, name: /(^|\.)bias_hh/, label: "bias_hh", init: zeros },
  ]);
}

/** Options of the initializer of two gates' biases. */
interface ChronoOptions extends RandomOptions {
  readonly longest?: number;
}

/** The biases of the input and the forget gate. */
const chronoGates: Initializer<ChronoOptions> = define(
  "chrono",
  { longest: real() },
  ({ longest }) => ({ kind: "chrono", longest }),
);

/**
 * Chrono: biases of an LSTM that remembers for 1 to T steps. The forget gate's
 * are ln u with u from U[1, T − 1), the input gate's −ln u with the same u,
 * others 0. Weights, and all other tensors, stay.
 *
 * It goes into `bias_ih`, and `bias_hh` is 0: code that fills both of PyTorch's
 * biases doubles their sum, and so squares the time.
 *
 * Draws u, h numbers for h units, where the input gate's biases are.
 *
 * @param options `longest`: T, above 2, in steps. No default.
 * @see Tallec and Ollivier, "Can recurrent neural networks warp time?", 2018;
 * 0h-n0/chrono_initialization, which fills both biases
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const cell = new nn.LSTMCell(3, 2);
 * initialize(cell, [recipes.chrono({ longest: 100 }), recipes.lstm()]);
 * const [i, , f, , g] = cell.bias_ih!.data;
 * assertEquals([i, g], [-f, 0]);
 * ```
 */
export function chrono(options: { readonly longest: number }): Recipe {
  const { longest } = read("chrono", options, { longest: real() });
  return recipe("chrono", {
    paper: "Tallec and Ollivier, 2018",
    file: "0h-n0/chrono_initialization, with one bias in place of both",
    partial: true,
  }, [
    {
      layer: lstms,
      name: /(^|\.)bias_ih/,
      label: "bias_ih",
      parts: [{ init: chronoGates, options: { longest } }, { init: zeros }],
    },
    { layer: lstms, name: /(^|\.)bias_hh/, label: "bias_hh", init: zeros },
  ]);
}

/**
 * IRNN: a plain recurrent network of relu whose weights of the state are the
 * identity, those of the input from N(0, 0.001²), biases 0. All other tensors
 * stay.
 *
 * @param options `gain`: the number on the diagonal. Default: 1.
 * @see Le, Jaitly and Hinton, "A simple way to initialize recurrent networks of
 * rectified linear units", 2015; `mnist_irnn.py` of Keras
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const cell = new nn.RNNCell(3, 2, { nonlinearity: "relu" });
 * initialize(cell, recipes.irnn());
 * assertEquals(cell.weight_hh.toArray(), [[1, 0], [0, 1]]);
 * ```
 */
export function irnn(options: { readonly gain?: number } = {}): Recipe {
  const { gain } = read("irnn", options, { gain: real(1) });
  return recipe("irnn", {
    paper: "Le, Jaitly and Hinton, 2015",
    file: "keras, examples/mnist_irnn.py",
    note: "the activation is relu",
    partial: true,
  }, [
    {
      layer: plain,
      name: /(^|\.)weight_hh/,
      label: "weight_hh",
      init: identity,
      options: { gain },
    },
    {
      layer: plain,
      name: /(^|\.)weight_ih/,
      label: "weight_ih",
      init: normal,
      options: { std: 0.001 },
    },
    { layer: plain, name: /(^|\.)bias_/, label: "bias", init: zeros },
  ]);
}
