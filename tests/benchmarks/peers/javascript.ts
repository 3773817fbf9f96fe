/**
 * Libraries of JavaScript, in this process.
 *
 * @module
 */

import uniform from "npm:@stdlib/random-array-uniform@0.2.2";
import normal from "npm:@stdlib/random-array-normal@0.2.2";
import * as tf from "npm:@tensorflow/tfjs-core@4.22.0";
import "npm:@tensorflow/tfjs-backend-cpu@4.22.0";
import { randomNormal, randomUniform } from "npm:d3-random@3.0.2";
import { callsFor, timed } from "../clock.ts";
import type { Side } from "../interleave.ts";
import type { Task } from "../tasks.ts";

// Else it advises another backend, which has the same random numbers.
tf.enableProdMode();

/** The libraries, with their versions. */
export const javascriptPeers = {
  tfjs: "4.22.0, cpu backend",
  stdlib: "0.2.2",
  "d3-random": "3.0.2",
} as const;

/** One of these libraries. */
export type JavaScriptPeer = keyof typeof javascriptPeers;

/**
 * Returns a library at a task.
 *
 * @param peer Which library.
 * @param task What is to be done.
 * @throws {TypeError} If the library cannot do it.
 */
export function javascriptSide(peer: JavaScriptPeer, task: Task): Side {
  if (peer === "tfjs") return tfjsSide(task);
  const memory = new Float32Array(task.elements).fill(1);
  const fill = fills[peer][task.kind as "uniform" | "normal"];
  if (fill === undefined) throw unable(peer, task);
  const calls = callsFor(task.elements);
  return { sample: () => timed(calls, () => fill(memory)) };
}

const fills = {
  stdlib: {
    uniform: (memory: Float32Array) => void uniform.assign(0, 1, memory),
    normal: (memory: Float32Array) => void normal.assign(0, 1, memory),
  },
  "d3-random": {
    uniform(memory: Float32Array): void {
      const draw = randomUniform(0, 1);
      for (let i = 0; i < memory.length; i++) memory[i] = draw();
    },
    normal(memory: Float32Array): void {
      const draw = randomNormal(0, 1);
      for (let i = 0; i < memory.length; i++) memory[i] = draw();
    },
  },
};

/** tfjs makes a new tensor at each call: its memory is on the clock. */
function tfjsSide(task: Task): Side {
  const make = makers[task.kind as keyof typeof makers];
  if (make === undefined) throw unable("tfjs", task);
  const calls = task.kind === "orthogonal" ? 1 : callsFor(task.elements);
  return {
    sample: () =>
      timed(calls, () => make(task.elements), (made) => made.dispose()),
  };
}

const makers = {
  uniform: (elements: number) => tf.randomUniform([elements], 0, 1),
  normal: (elements: number) => tf.randomNormal([elements], 0, 1),
  truncNormal: (elements: number) => tf.truncatedNormal([elements], 0, 1),
  orthogonal: (elements: number) => tf.tidy(() => orthogonal(elements)),
};

/** As the orthogonal initializer of its layers does it. */
function orthogonal(elements: number): tf.Tensor {
  const rows = Math.sqrt(elements);
  const [q, r] = tf.linalg.qr(tf.randomNormal([rows, rows]), false);
  const diagonal = tf.stridedSlice(
    tf.reshape(r, [elements]),
    [0],
    [elements],
    [rows + 1],
  );
  return tf.mul(q, tf.sign(diagonal));
}

function unable(peer: JavaScriptPeer, { kind }: Task): TypeError {
  return new TypeError(
    `Cannot time ${peer}: the task must be one of its own, got ${kind}`,
  );
}
