/**
 * The base of layers and models: parameters by name, and PyTorch's text.
 *
 * @module
 */

import type { Dtype } from "../core/dtype.ts";
import { empty } from "../core/create.ts";
import type { Shape } from "../core/shape.ts";
import { kindOf, Showable } from "../core/show.ts";
import { Tensor } from "../core/tensor.ts";
import type { Generator } from "../random/generator.ts";

/** One parameter of a layer and how it is drawn. */
export interface ParameterSpec {
  /** The field that holds it, which is its name in PyTorch. */
  readonly name: string;
  /** Its shape; null where the layer is made without it. */
  readonly shape: Shape | null;
  /** Fills it with the layer's default. */
  readonly fill: (parameter: Tensor, generator?: Generator) => void;
}

/** What every layer takes beside PyTorch's arguments. */
export interface LayerOptions {
  /** The element type of the parameters. Default: float32. */
  readonly dtype?: Dtype;
  /** Where the first weights come from. Default: the default generator. */
  readonly generator?: Generator;
}

/**
 * The base of layers and models. Fields that hold tensors are parameters,
 * fields that hold modules are children, in order of assignment.
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * class Net extends nn.Module {
 *   hidden = new nn.Linear(4, 8);
 *   output = new nn.Linear(8, 2);
 * }
 *
 * const names = new Net().namedParameters().map(([name]) => name);
 * assertEquals(names, [
 *   "hidden.weight",
 *   "hidden.bias",
 *   "output.weight",
 *   "output.bias",
 * ]);
 * ```
 */
export class Module extends Showable {
  #specs: readonly ParameterSpec[] = [];

  /** The kind by which its renderer is found. */
  get [kindOf](): string {
    return "module";
  }

  /** Returns the parameters, those of children after its own. */
  parameters(): Tensor[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /**
   * Returns names and parameters, those of children after its own, their names
   * after the child's and a dot. A tensor in two places appears at the first.
   */
  namedParameters(): [string, Tensor][] {
    const seen = new Set<Tensor>();
    return namedTensors(this, "").filter(([, parameter]) => {
      const isNew = !seen.has(parameter);
      seen.add(parameter);
      return isNew;
    });
  }

  /** Returns the children: names and modules. */
  namedChildren(): [string, Module][] {
    return Object.entries(this).filter((field): field is [string, Module] =>
      field[1] instanceof Module
    );
  }

  /**
   * Draws the layer's own parameters anew, in PyTorch's order. Children keep
   * theirs, as in PyTorch.
   *
   * @param options The generator. Default: the default generator.
   * @returns This module.
   */
  resetParameters(options: Pick<LayerOptions, "generator"> = {}): this {
    for (const { name, fill } of this.#specs) {
      const parameter = this[name as keyof this];
      if (parameter instanceof Tensor) fill(parameter, options.generator);
    }
    return this;
  }

  /**
   * Returns the arguments that the layer's text shows. A subclass overrides it.
   */
  extraRepr(): string {
    return "";
  }

  /** Returns the text that PyTorch prints. */
  override toString(): string {
    const name = this.constructor.name;
    const children = this.namedChildren().map(([field, child]) =>
      `(${field}): ${child}`.replaceAll("\n", "\n  ")
    );
    const extra = this.extraRepr();
    if (children.length === 0) return `${name}(${extra})`;
    const lines = [...extra === "" ? [] : [extra], ...children];
    return `${name}(\n  ${lines.join("\n  ")}\n)`;
  }

  /**
   * Makes the parameters of a layer, one field each, and draws them in order.
   * A layer's constructor calls it last.
   *
   * @param specs The parameters, in PyTorch's order of draws.
   * @param options The dtype and the generator.
   */
  protected makeParameters(
    specs: readonly ParameterSpec[],
    options: LayerOptions,
  ): void {
    this.#specs = specs;
    for (const { name, shape } of specs) {
      const parameter = shape === null
        ? null
        : empty(shape, { dtype: options.dtype });
      Object.assign(this, { [name]: parameter });
    }
    this.resetParameters({ generator: options.generator });
  }
}

function namedTensors(module: Module, prefix: string): [string, Tensor][] {
  const own = Object.entries(module).filter((
    field,
  ): field is [string, Tensor] => field[1] instanceof Tensor);
  return [
    ...own.map(([name, value]): [string, Tensor] => [prefix + name, value]),
    ...module.namedChildren().flatMap(([name, child]) =>
      namedTensors(child, `${prefix}${name}.`)
    ),
  ];
}
