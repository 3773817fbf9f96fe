/**
 * `fan 33 16 3 3`: fan-in and fan-out of a weight, with their derivation.
 *
 * @module
 */

import { cannot, describe } from "../core/options.ts";
import { fan, type FanLayout } from "../init/scaling.ts";
import {
  readArguments,
  readCount,
  readShape,
  UsageError,
} from "./arguments.ts";
import type { Command } from "./command.ts";
import { jsonHelp, printJson, type Terminal } from "./terminal.ts";

const help = `Counts the inputs and outputs of a weight, and shows how.

Usage: fanin fan <shape> [options]

The shape is PyTorch's: outputs, inputs, kernel. 33,16,3,3 and 33 16 3 3 are
the same. Without options the count is PyTorch's; with them it is that of the
connections.

  --groups <n>            groups of channels without connections between them
  --transposed            the weight of a transposed convolution: inputs first
  --stride <n or n,n>     the stride; the count is then a mean
  --fused <n>             matrices stacked along the outputs, such as q, k and v
  --axes <in=-2,out=-1>   what each axis counts, for other layouts: in, out and
                          batch; the others are the kernel. A name may come
                          twice, and in= is none
${jsonHelp}

Permissions: none.

Examples:
  fanin fan 33 16 3 3
  fanin fan 12,2,3,3 --groups 4
  fanin fan 3 5 16 33 --axes in=-2,out=-1`;

/** The command `fan`. */
export const fanCommand: Command = { help, run };

function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { operands, flags, values } = readArguments(args, {
    flags: ["transposed", "json"],
    values: ["groups", "stride", "fused", "axes"],
  });
  const { groups, stride, fused, axes } = values;
  const counts = fan(readShape(operands), {
    transposed: flags.transposed,
    groups: groups === undefined ? 1 : readCount("--groups", groups, 1),
    fused: fused === undefined ? 1 : readCount("--fused", fused, 1),
    stride: stride === undefined ? undefined : readStride(stride),
    axes: axes === undefined ? undefined : readAxes(axes),
  });
  if (flags.json) printJson(terminal, { ...counts, ...counts.derivation });
  else terminal.out(String(counts));
  return Promise.resolve(0);
}

function readStride(text: string): number | number[] {
  const strides = text.split(",").map((part) => readCount("--stride", part, 1));
  return strides.length === 1 ? strides[0] : strides;
}

function readAxes(text: string): FanLayout {
  const layout: Record<string, number[]> = {};
  for (const part of text.split(",")) {
    const [, name, axis] = /^(in|out|batch)=(-?\d*)$/.exec(part.trim()) ?? [];
    if (name === undefined || axis === "-") {
      throw new UsageError(
        cannot(
          "read --axes",
          "each part must be such as in=-2, out=-1 or batch=0",
          describe(part),
        ),
      );
    }
    layout[name] = [
      ...layout[name] ?? [],
      ...axis === "" ? [] : [Number(axis)],
    ];
  }
  return layout;
}
