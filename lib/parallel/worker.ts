/**
 * The code of a worker: it fills a share into shared storage, or into buffers,
 * which it sends and gets back.
 *
 * @module
 */

import type { DataOf, FloatDtype } from "../core/dtype.ts";
import { offerJump } from "../numerics/kernels/jump.ts";
import { offerKernels, useKernel } from "../numerics/kernels/kernel.ts";
import { Words } from "../random/torch/words.ts";
import {
  fillPiece,
  packed,
  type Part,
  type Piece,
  placeOf,
  viewOf,
} from "./pieces.ts";
import {
  type Answer,
  at,
  bufferCount,
  capacity,
  type Job,
  type Request,
  stride,
} from "./thread.ts";

// The types of a page declare it otherwise.
declare function postMessage(
  answer: Answer,
  options?: { transfer: ArrayBuffer[] },
): void;

/** A job that is not finished. */
interface Open extends Job {
  readonly words: Words;
  readonly packages: IterableIterator<Piece[]>;
}

let control: Int32Array | undefined;
let open: Open | undefined;
const free: ArrayBuffer[] = [];
let made = 0;

addEventListener("message", (event) => {
  const request = (event as MessageEvent<Request>).data;
  if (request.kind === "start") {
    control = request.control;
    offerKernels(request.code);
    offerJump(request.jumpCode);
    postMessage({ kind: "ready" });
    return;
  }
  if (request.kind === "return") free.push(request.buffer);
  else open = begin(request);
  if (open?.targets === undefined) sendBuffers();
  else fillShared(open, open.targets);
});

function begin(job: Job): Open {
  useKernel(job.kernel);
  const words = new Words().setState(job.state).advance(BigInt(job.offset));
  const { parts, targets } = job;
  return {
    ...job,
    words,
    packages: packed(parts, targets === undefined ? capacity : stride),
  };
}

/** Fills buffers and sends them, while there are any. */
function sendBuffers(): void {
  while (open !== undefined) {
    const { id, packages } = open;
    if (free.length === 0 && made === bufferCount) return;
    const { value, done } = packages.next();
    if (done) return end(open);
    if (free.length === 0) made++;
    const buffer = free.pop() ?? new ArrayBuffer(capacity);
    fill(open, value, (piece, part) => viewOf(buffer, piece, part));
    postMessage({ kind: "package", id, buffer }, { transfer: [buffer] });
  }
}

/** Fills shared storage, unless the job was canceled. */
function fillShared(job: Open, targets: NonNullable<Job["targets"]>): void {
  for (const pieces of job.packages) {
    Atomics.store(control!, at.isWriting, 1);
    const isOn = Atomics.load(control!, at.job) === job.id;
    try {
      if (isOn) fill(job, pieces, (piece) => placeOf(targets, piece));
    } finally {
      Atomics.store(control!, at.isWriting, 0);
    }
    if (!isOn) {
      open = undefined;
      return;
    }
    postMessage({ kind: "package", id: job.id, buffer: undefined });
  }
  end(job);
}

function fill(
  { parts, words }: Open,
  pieces: readonly Piece[],
  place: (piece: Piece, part: Part) => DataOf<FloatDtype>,
): void {
  for (const piece of pieces) {
    const part = parts[piece.part];
    fillPiece(piece, part, place(piece, part), words);
  }
}

function end({ id, words }: Open): void {
  open = undefined;
  postMessage({ kind: "end", id, state: words.getState() });
}
