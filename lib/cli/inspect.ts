/**
 * `inspect model.safetensors`: what is in a checkpoint, and what is odd about it.
 *
 * @module
 */

import "../kernels/offer.ts";

import { openCheckpoint } from "../files/open_checkpoint.ts";
import { inspect } from "../inspection/inspect.ts";
import {
  type Finding,
  type FindingKind,
  findingKinds,
  type Inspection,
} from "../inspection/result.ts";
import type { Command } from "./command.ts";
import { Gallery } from "./inspect_gallery.ts";
import { printFindings, printTensors } from "./inspect_text.ts";
import { jsonHelp, printJson } from "./json.ts";
import { readArguments } from "./options.ts";
import { Progress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { readChoice, readNumber } from "./values.ts";

const help = `Looks into a checkpoint: statistics of each tensor, and findings.

Usage: fanin inspect <checkpoint> [options]

A checkpoint is a .safetensors file, a .safetensors.index.json of several, an
.npz or .npy file, a model.json or weights_manifest.json of TensorFlow.js, or a
folder that has one of these. Files may be larger than memory; an array in an
.npz file may not.

Findings that matter:
  notFinite     NaN or infinities
  fresh         still at initialisation. Said only of what could be told from
                values with 5 % noise; a vector of zeros or ones is a note
  constant      a tensor of one value
  dead          rows of one value each, or columns of zeros; one row of zeros
                is a note
Notes:
  partlyFresh   a part of the values is still as drawn
  outliers      values beyond k std from the mean
  duplicate     the bytes of an earlier tensor

  --only <pattern>        only tensors with this in their name; * stands for any
                          text, and the pattern is then the whole name
  --sigma <k>             std from the mean that make an outlier. Default: as
                          many as one of n normals exceeds once in 10^6 times
  --fail-on <kinds>       kinds that make the exit code 1, notes included, such
                          as fresh,dead; or none. Default: findings that matter
  --plot <page.html>      also write a page of figures, which needs no network
${jsonHelp}

Exit codes: 0 nothing that matters, 1 a finding that does, 2 a failure.

Permissions: --allow-read for the checkpoint, and --allow-write for the folder
of the page.

Examples:
  fanin inspect model.safetensors
  fanin inspect model/ --only '*.bias' --fail-on fresh
  fanin inspect model.npz --plot page.html`;

/** The command `inspect`. */
export const inspectCommand: Command = { help, run };

async function run(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { operands, flags, values } = readArguments(args, {
    flags: ["json"],
    values: ["only", "sigma", "fail-on", "plot"],
  });
  if (operands.length !== 1) {
    throw new UsageError(
      `One checkpoint must be named: there are ${operands.length}`,
    );
  }
  const fails = readFailOn(values["fail-on"]);
  const sigma = values.sigma === undefined
    ? undefined
    : readSigma(values.sigma);
  using checkpoint = await openCheckpoint(operands[0]);
  const only = readOnly(values.only);
  const gallery = values.plot === undefined ? undefined : new Gallery();
  const total = Object.entries(checkpoint.tensors).reduce(
    (sum, [name, { bytes }]) => only(name) ? sum + bytes : sum,
    0,
  );
  const progress = new Progress(terminal, total);
  const found = await inspect(checkpoint, {
    sigma,
    only,
    onProgress: (bytes, name) => progress.add(bytes, name),
    onTensor: (report, values) => gallery?.add(report, values),
  }).finally(() => progress.end());
  if (values.plot !== undefined) {
    await gallery?.write(values.plot, checkpoint.path, found);
  }
  print(found, checkpoint.path, flags.json, terminal);
  return found.findings.some(fails) ? 1 : 0;
}

function print(
  found: Inspection,
  path: string,
  json: boolean,
  terminal: Terminal,
): void {
  if (json) {
    printJson(terminal, { path, ...found });
  } else {
    printTensors(found, terminal);
    printFindings(found, terminal);
  }
}

function readOnly(pattern = "*"): (name: string) => boolean {
  if (!pattern.includes("*")) return (name) => name.includes(pattern);
  const parts = pattern.split("*").map((part) => RegExp.escape(part));
  const whole = new RegExp(`^${parts.join(".*")}$`, "s");
  return (name) => whole.test(name);
}

function readSigma(text: string): number {
  const sigma = readNumber("--sigma", text);
  if (sigma <= 0) {
    throw new UsageError(
      `Cannot read --sigma as it must be above 0: current value is ${text}`,
    );
  }
  return sigma;
}

function readFailOn(text: string | undefined): (finding: Finding) => boolean {
  if (text === undefined) return ({ matters }) => matters;
  if (text === "none") return () => false;
  const kinds = text.split(",").map((word) =>
    readChoice<FindingKind>("--fail-on", word.trim(), findingKinds)
  );
  return ({ kind }) => kinds.includes(kind);
}
