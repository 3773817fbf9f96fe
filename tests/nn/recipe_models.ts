/**
 * The models of `recipes.json`, made from its data.
 *
 * @module
 */

import { empty, nn } from "../../mod.ts";

/** A module or parameter: a layer, a tensor's shape, or children by name. */
export type Node =
  | {
    readonly layer: string;
    readonly args: readonly number[];
    readonly options: Readonly<Record<string, unknown>>;
  }
  | { readonly tensor: readonly number[] }
  | { readonly [name: string]: Node };

/**
 * Returns the model that a node describes.
 *
 * @param node The node: a layer, or children by name.
 */
export function build(node: Node): nn.Module {
  if (isLayer(node)) {
    const options = Object.fromEntries(
      Object.entries(node.options).map(([name, value]) => [
        name.replaceAll(/_(.)/g, (_, letter) => letter.toUpperCase()),
        value,
      ]),
    );
    const layers = nn as unknown as Record<string, Layer>;
    return new layers[node.layer](...node.args, options);
  }
  const module = new nn.Module();
  for (const [name, child] of Object.entries(node) as [string, Node][]) {
    if (isTensor(child)) Object.assign(module, { [name]: empty(child.tensor) });
    else module.addModule(name, build(child));
  }
  return module;
}

type Layer = new (...args: unknown[]) => nn.Module;

function isLayer(node: Node): node is Extract<Node, { args: unknown }> {
  return "args" in node;
}

function isTensor(node: Node): node is { readonly tensor: readonly number[] } {
  return Array.isArray((node as { tensor?: unknown }).tensor);
}
