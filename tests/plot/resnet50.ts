/**
 * The shapes of ResNet-50's parameters, by the names that torchvision gives
 * them.
 *
 * @module
 */

import { specs } from "../../notebooks/specs.ts";

/** Returns 161 names and shapes, in order. */
export function resnet50Shapes(): [string, number[]][] {
  return specs["resnet50.json"]()
    .filter(({ name }) => !/running_(mean|var)$/.test(name))
    .map(({ name, shape }) => [name, [...shape]]);
}
