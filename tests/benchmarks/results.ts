/**
 * What a run of the benchmark finds.
 *
 * @module
 */

import type { Middle } from "./samples.ts";

/** Another library compared with fanin at one task. */
export interface Comparison {
  /** What was done. */
  readonly work: string;
  /** How many numbers it was done to. */
  readonly elements: number;
  /** What times are given for: each number, or the whole. */
  readonly per: "number" | "whole";
  /** The other library, and how it did it where that differs. */
  readonly peer: string;
  /** Its seconds for the whole. */
  readonly theirs: Middle;
  /** fanin's seconds for the whole. */
  readonly ours: Middle;
  /** How many times as long it took, round by round. */
  readonly ratio: Middle;
  /** How many times as long it is to take, at least. */
  readonly target?: number;
  /** Whether both drew the same bytes; undefined where they are not to. */
  readonly same?: boolean;
}

/** What was not done. */
export interface Skipped {
  /** What it was. */
  readonly work: string;
  /** By whom. */
  readonly by: string;
  /** Why not. */
  readonly reason: string;
}

/** What a fill needs beyond the tensor. */
export interface Memory {
  /** What was done. */
  readonly work: string;
  /** Bytes beyond those of a process that touches the tensor alone. */
  readonly bytes: Middle;
  /** In how many threads. */
  readonly threads: number;
}

/** How long a fresh process takes to its end. */
export interface Startup {
  /** What it runs. */
  readonly module: string;
  /** Seconds. */
  readonly seconds: Middle;
}

/** The machine, as far as it matters. */
export interface Machine {
  /** The processor's name. */
  readonly processor: string;
  /** How many cores Deno sees. */
  readonly cores: number;
  /** The operating system and architecture. */
  readonly system: string;
  /** The versions of Deno and V8. */
  readonly deno: string;
  /** How fanin computes. */
  readonly fanin: string;
  /** The peers and their versions. */
  readonly peers: Readonly<Record<string, string>>;
  /** Seconds that the first touch of new memory costs for each float32. */
  readonly touch: number;
  /** Tasks that wanted a core in the last minute, before and after. */
  readonly load: readonly number[];
}

/** What a run finds. */
export interface Results {
  /** The day. */
  readonly date: string;
  /** Where. */
  readonly machine: Machine;
  /** How many samples were taken of each. */
  readonly runs: number;
  /** The rows of the table. */
  readonly comparisons: readonly Comparison[];
  /** What is missing from it. */
  readonly skipped: readonly Skipped[];
  /** What fills need. */
  readonly memory: readonly Memory[];
  /** What starting costs. */
  readonly startup: readonly Startup[];
}

/** Nanoseconds a number by size. */
export interface GrowthLine {
  /** Who does what: `fanin uniform`. */
  readonly name: string;
  /** The sizes, and seconds for each number. */
  readonly points: readonly {
    readonly elements: number;
    readonly each: Middle;
  }[];
}

/** What a run of `--growth` finds. */
export interface Growth {
  /** The day. */
  readonly date: string;
  /** Where. */
  readonly machine: Machine;
  /** How many samples were taken of each. */
  readonly runs: number;
  /** Each library at each fill. */
  readonly lines: readonly GrowthLine[];
}

/**
 * Returns what a comparison says of its target, nothing where there is none.
 *
 * @param comparison The comparison.
 */
export function verdictOf(
  { same, target, ratio }: Comparison,
): "met" | "not met" | "other bytes" | "" {
  if (same === false) return "other bytes";
  if (target === undefined) return "";
  return ratio.median >= target ? "met" : "not met";
}
