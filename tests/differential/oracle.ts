/**
 * Asks PyTorch, in a process of its own.
 *
 * @module
 */

import { join } from "node:path";
import type { StateDigest } from "../golden/golden.ts";
import { goldenPython } from "../golden/python.ts";
import type { Case } from "./cases.ts";

/** A tensor as PyTorch has it. */
export interface Entry {
  /** The parameter's name; empty for a fill. */
  readonly name: string;
  /** Its shape. */
  readonly shape: readonly number[];
  /** Its element type. */
  readonly dtype: string;
  /** Its bytes, in base64. */
  readonly bytes: string;
  /** Whether the bytes are promised, or only a bound. */
  readonly exact: boolean;
}

/** What PyTorch made of a case. */
export interface Made {
  /** The tensors, call by call. */
  readonly results: readonly (readonly Entry[])[];
  /** A layer's text; null for a fill. */
  readonly repr: string | null;
  /** The generator's state afterwards. */
  readonly state: StateDigest;
}

/** What PyTorch says to a case. */
export type Answer = Made | { readonly error: string };

/**
 * Yields cases with PyTorch's answers, in order.
 *
 * @param cases The cases.
 * @throws {Error} If the Python process fails.
 */
export async function* askPyTorch(
  cases: readonly Case[],
): AsyncIterable<[Case, Answer]> {
  const child = new Deno.Command(await goldenPython(), {
    args: [join(import.meta.dirname!, "answer.py")],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const lines = cases.map((one) => `${JSON.stringify(one)}\n`);
  // A process that ends early is noticed below.
  const asked = new Blob(lines).stream().pipeTo(child.stdin).catch(() => {});
  let answered = 0;
  for await (const line of linesOf(child.stdout)) {
    yield [cases[answered++], JSON.parse(line)];
  }
  await asked;
  const { code } = await child.status;
  if (code !== 0 || answered !== cases.length) {
    throw new Error(
      `Python answered ${answered} of ${cases.length} cases and ended with code ${code}; the next case was ${
        lines[answered]
      }`,
    );
  }
}

async function* linesOf(
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncIterable<string> {
  let rest = "";
  for await (const text of bytes.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
