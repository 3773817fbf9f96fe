/**
 * The rows of the benchmark: what is timed against whom, and how fast it is to
 * be.
 *
 * @module
 */

import {
  type Fill,
  gpt2,
  type Layer,
  making,
  orthogonal,
  resnet50,
  type Task,
} from "./tasks.ts";

/** 2^20: what M means in sizes. */
export const M = 2 ** 20;

/** The parts of the benchmark, in order; `--only` picks some. */
export const groups = [
  "uniform",
  "normal",
  "truncNormal",
  "workers",
  "orthogonal",
  "models",
  "statistics",
  "memory",
  "startup",
  "growth",
] as const;

/** A part of the benchmark. */
export type Group = typeof groups[number];

/** Another library. */
export type PeerName = "PyTorch" | "NumPy" | "tfjs" | "stdlib" | "d3-random";

/** Another library at the same work. */
export interface Opponent {
  /** Who. */
  readonly peer: PeerName;
  /** What it does, in words, where that is not quite the same. */
  readonly how?: string;
  /** What it does, where that is not quite the same. */
  readonly task?: Task;
  /** How many times as long as fanin it is to take, at least. */
  readonly target?: number;
  /** In how many rounds it takes part, where it is too slow for all. */
  readonly runs?: number;
}

/** A thing to time. */
export interface Work {
  /** Its part of the benchmark. */
  readonly group: Group;
  /** What it is called. */
  readonly title: string;
  /** What fanin does. */
  readonly task: Task;
  /** What times are given for: each number, or the whole. */
  readonly per: "number" | "whole";
  /** Against whom. */
  readonly opponents: readonly Opponent[];
}

const fills: Readonly<Record<Fill["kind"], readonly Opponent[]>> = {
  uniform: [
    { peer: "PyTorch", target: 3.5 },
    { peer: "NumPy" },
    { peer: "tfjs", target: 9 },
    { peer: "d3-random" },
    { peer: "stdlib" },
  ],
  normal: [
    { peer: "PyTorch", target: 1.4 },
    { peer: "NumPy" },
    { peer: "tfjs", target: 11 },
    { peer: "d3-random" },
    { peer: "stdlib" },
  ],
  truncNormal: [
    { peer: "PyTorch", target: 4 },
    { peer: "tfjs" },
  ],
};

const titles: Readonly<Record<Fill["kind"], string>> = {
  uniform: "uniform",
  normal: "normal",
  truncNormal: "truncNormal ±2σ",
};

/**
 * Returns what is to be timed.
 *
 * @param chosen The parts.
 * @param sizes How many numbers are filled.
 */
export function worksOf(
  chosen: readonly Group[],
  sizes: readonly number[],
): Work[] {
  const all: Work[] = [
    ...(Object.keys(fills) as Fill["kind"][]).flatMap((kind) =>
      sizes.map((elements) => filling(kind, elements))
    ),
    onWorkers("uniform", 5),
    onWorkers("normal", 2.5),
    newByWorkers("uniform", {
      layer: "Linear",
      args: [4096, 4096],
      bias: false,
    }),
    newByWorkers("normal", { layer: "Embedding", args: [4096, 4096] }),
    ...matrices,
    model("ResNet-50's layers", resnet50()),
    model("GPT-2 small", gpt2()),
    {
      group: "statistics",
      title: "moments and 100 bins",
      task: { kind: "statistics", elements: 25 * M },
      per: "number",
      opponents: [{ peer: "NumPy", target: 3 }],
    },
  ];
  return all.filter(({ group }) => chosen.includes(group));
}

function filling(kind: Fill["kind"], elements: number): Work {
  return {
    group: kind,
    title: titles[kind],
    task: { kind, elements },
    per: "number",
    opponents: fills[kind],
  };
}

/**
 * A tensor of 16 M numbers filled in place by two workers, which run already.
 * PyTorch draws on one thread whatever it is given.
 */
function onWorkers(kind: Fill["kind"], target: number): Work {
  return {
    group: "workers",
    title: `${titles[kind]} by 2 workers`,
    task: { kind, elements: 16 * M, workers: 2 },
    per: "number",
    opponents: [{ peer: "PyTorch", target }],
  };
}

/** A layer of 16 M numbers, memory included: that is new on both sides. */
function newByWorkers(kind: Fill["kind"], layer: Layer): Work {
  return {
    group: "workers",
    title: `new layer, ${titles[kind]} by 2 workers`,
    task: making([layer], 2),
    per: "number",
    opponents: [{ peer: "PyTorch", task: making([layer]) }],
  };
}

const matrices: readonly Work[] = [
  {
    group: "orthogonal",
    title: "orthogonal 256²",
    task: orthogonal(256),
    per: "whole",
    opponents: [
      { peer: "tfjs", target: 500, runs: 3 },
      { peer: "PyTorch" },
    ],
  },
  {
    group: "orthogonal",
    title: "orthogonal 1024²",
    task: orthogonal(1024),
    per: "whole",
    opponents: [{ peer: "PyTorch", target: 1 / 6 }],
  },
];

function model(title: string, layers: readonly Layer[]): Work {
  return {
    group: "models",
    title: `${title}, default weights`,
    task: making(layers),
    per: "whole",
    opponents: [{ peer: "PyTorch", target: 1.5 }],
  };
}
