/**
 * What the calling thread and a worker say to each other.
 *
 * @module
 */

import type { DataOf, FloatDtype } from "../core/dtype.ts";
import type { KernelCode, KernelName } from "../kernels/kernel.ts";
import type { Part } from "./part.ts";

/** The first message to a worker. */
export interface Start {
  readonly kind: "start";
  /** The compiled code that it may use. */
  readonly code: KernelCode;
  /** That of jumps. */
  readonly jumpCode: string;
  /**
   * Where it is told which job is on, and tells whether it writes to shared
   * storage; undefined where there is none.
   */
  readonly control: Int32Array | undefined;
}

/** The places in it. */
export const at = { job: 0, isWriting: 1 } as const;

/** Asks a worker to fill a share. */
export interface Job {
  readonly kind: "job";
  /** Which: answers name it. */
  readonly id: number;
  /** The code that makes numbers. */
  readonly kernel: KernelName;
  /** The state of the generator before the group. */
  readonly state: Uint8Array;
  /** Words from there to the share's start. */
  readonly offset: number;
  /** The share's parts. */
  readonly parts: readonly Part[];
  /** The parts' places in shared storage; undefined where buffers are sent. */
  readonly targets: readonly DataOf<FloatDtype>[] | undefined;
}

/** Gives a buffer back that was copied. */
export interface Return {
  readonly kind: "return";
  readonly buffer: ArrayBuffer;
}

/** What a worker is told. */
export type Request = Start | Job | Return;

/** Says that a worker runs. */
export interface Ready {
  readonly kind: "ready";
}

/** Brings the next pieces of a share. */
export interface Package {
  readonly kind: "package";
  readonly id: number;
  /** Where they lie; undefined if in shared storage. */
  readonly buffer: ArrayBuffer | undefined;
}

/** Says that a share is filled, and in which state that leaves the words. */
export interface End {
  readonly kind: "end";
  readonly id: number;
  readonly state: Uint8Array;
}

/** What a worker says. */
export type Answer = Ready | Package | End;

/** The size of a buffer in bytes. */
export const capacity: number = 2 ** 19;
/** The bytes of shared storage between which a worker asks whether to go on. */
export const stride: number = 2 ** 22;
/** Buffers of a worker. */
export const bufferCount = 4;
