/**
 * The parameters of recurrent layers and cells: names, shapes and draws.
 *
 * @module
 */

import type { Shape } from "../core/shape.ts";
import { biasBound } from "../init/scaling.ts";
import type { ParameterSpec } from "./fields.ts";
import { uniformWithin } from "./fills.ts";

/** What a cell's parameters depend on. */
export interface CellSizes {
  /** Size of each input. */
  readonly inputSize: number;
  /** Size of the hidden state. */
  readonly hiddenSize: number;
  /** Whether there are biases. */
  readonly bias: boolean;
  /** Size of the projected state, 0 for none; undefined where none can be. */
  readonly projSize?: number;
}

/** What the parameters of a stack of cells depend on. */
export interface StackSizes extends CellSizes {
  /** Layers. */
  readonly numLayers: number;
  /** Whether each layer has a second cell, for the other direction. */
  readonly bidirectional: boolean;
}

/**
 * Returns the parameters of a stack of cells: layer by layer, and in each
 * direction by direction. The first layer reads the input, the others what all
 * directions of the one before gave.
 *
 * @param gates The blocks of rows that stand one below the other.
 * @param sizes What the shapes depend on.
 * @see `RNNBase`, PyTorch 2.13.0
 */
export function layerParameters(
  gates: number,
  { numLayers, bidirectional, ...sizes }: StackSizes,
): ParameterSpec[] {
  const directions = bidirectional ? ["", "_reverse"] : [""];
  const outputs = directions.length * stateSize(sizes);
  return Array.from({ length: numLayers }, (_, layer) => {
    const inputSize = layer === 0 ? sizes.inputSize : outputs;
    return directions.flatMap((direction) =>
      cellParameters(
        gates,
        { ...sizes, inputSize },
        `_l${layer}${direction}`,
      )
    );
  }).flat();
}

/**
 * Returns the parameters of one cell, all from U(−1/√hiddenSize,
 * 1/√hiddenSize).
 *
 * @param gates The blocks of rows that stand one below the other.
 * @param sizes What the shapes depend on.
 * @param suffix What follows each name: the layer and the direction.
 * @see `RNNBase.reset_parameters`, `RNNCellBase.reset_parameters`, PyTorch
 * 2.13.0
 */
export function cellParameters(
  gates: number,
  sizes: CellSizes,
  suffix = "",
): ParameterSpec[] {
  const { inputSize, hiddenSize, bias, projSize } = sizes;
  const rows = gates * hiddenSize;
  const biasShape = bias ? [rows] : null;
  const shapes: Record<string, Shape | null> = {
    weight_ih: [rows, inputSize],
    weight_hh: [rows, stateSize(sizes)],
    bias_ih: biasShape,
    bias_hh: biasShape,
  };
  if (projSize !== undefined) {
    shapes.weight_hr = projSize === 0 ? null : [projSize, hiddenSize];
  }
  const fill = uniformWithin(biasBound(hiddenSize));
  return Object.entries(shapes).map(([name, shape]) => ({
    name: `${name}${suffix}`,
    shape,
    fill,
  }));
}

/** The size of the state that a cell gives. */
function stateSize({ hiddenSize, projSize = 0 }: CellSizes): number {
  return projSize > 0 ? projSize : hiddenSize;
}
