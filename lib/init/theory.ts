/** What `filledBy` says, as its readers still expect it. @module */
import type { Tensor } from "../core/tensor.ts";
import { expectationOf } from "../random/distribution.ts";
import { filledBy } from "../random/generator.ts";

/** The distribution from which a tensor was filled. */
export interface Theory {
  readonly name: string;
  readonly options: Readonly<Record<string, number | string>>;
  readonly distribution:
    | "uniform"
    | "normal"
    | "truncatedNormal"
    | "orthogonal"
    | "constant";
  readonly mean: number;
  readonly std: number;
  readonly bound: number | null;
  readonly cut?: {
    readonly mean: number;
    readonly std: number;
    readonly low: number;
    readonly high: number;
  };
  readonly zeroed?: number;
}

/** Returns it. */
export function theoryOf(tensor: Tensor): Theory | undefined {
  const filled = filledBy(tensor);
  if (filled === undefined) return undefined;
  const { initializer, options, distribution: d, zeroed } = filled;
  if (d.kind === "sparse" || d.kind === "ones" || d.kind === "scaled") {
    return undefined;
  }
  const { mean, std } = expectationOf(d, tensor.shape);
  return Object.freeze({
    name: initializer,
    options: options as Theory["options"],
    distribution: d.kind,
    mean,
    std,
    bound: d.kind === "uniform" ? (d.high - d.low) / 2 : null,
    ...d.kind === "truncatedNormal"
      ? {
        cut: {
          mean: d.mean,
          std: d.std,
          low: d.low ?? -Infinity,
          high: d.high ?? Infinity,
        },
      }
      : {},
    ...zeroed === undefined ? {} : { zeroed },
  });
}
