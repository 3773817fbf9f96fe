/**
 * Results that were not measured, for tests.
 *
 * @module
 */

import type { Comparison, Growth, Results } from "./results.ts";
import type { Middle } from "./samples.ts";
import { M } from "./works.ts";

const machine = {
  processor: "A Processor",
  cores: 2,
  system: "linux x86_64",
  deno: "2.9.6, V8 15.0",
  fanin: "simd",
  peers: { PyTorch: "2.13.0+cpu, AVX2, threads: 1", tfjs: "4.22.0" },
  touch: 2e-9,
  load: [0.5, 1.25],
};

/** A time with nothing about it. */
export function exactly(value: number): Middle {
  return { median: value, low: value, high: value };
}

function fill(elements: number, peer: string, ratio: number, target?: number) {
  return {
    work: "uniform",
    elements,
    per: "number",
    peer,
    ours: exactly(1e-9 * elements),
    theirs: exactly(ratio * 1e-9 * elements),
    ratio: { median: ratio, low: 0.9 * ratio, high: 1.1 * ratio },
    target,
  } satisfies Comparison;
}

/** Results with a target met, one not met, one without, and other bytes. */
export const results: Results = {
  date: "2026-01-02",
  machine,
  runs: 7,
  comparisons: [
    fill(M, "PyTorch", 4, 3.5),
    { ...fill(16 * M, "PyTorch", 3, 3.5), same: true },
    fill(16 * M, "NumPy", 0.5),
    {
      work: "orthogonal 256²",
      elements: 65_536,
      per: "whole",
      peer: "tfjs",
      ours: exactly(0.01),
      theirs: exactly(7.25),
      ratio: exactly(725),
      target: 500,
      same: false,
    },
  ],
  skipped: [
    { work: "a", by: "PyTorch", reason: "no Python" },
    { work: "b", by: "PyTorch", reason: "no Python" },
    { work: "a", by: "PyTorch", reason: "no Python" },
    { work: "c", by: "fanin", reason: "not there yet" },
  ],
  memory: [
    { work: "uniform", bytes: exactly(8e6), threads: 1 },
    { work: "both", bytes: exactly(16.1e6), threads: 2 },
  ],
  startup: [{ module: "nothing", seconds: exactly(0.015) }],
};

/** Two lines of three points. */
export const growth: Growth = {
  date: "2026-01-02",
  machine,
  runs: 7,
  lines: ["fanin uniform", "PyTorch normal"].map((name, line) => ({
    name,
    points: [1e4, 1e6, 1e8].map((elements, index) => ({
      elements,
      each: exactly((1 + line + index / 2) * 1e-9),
    })),
  })),
};
