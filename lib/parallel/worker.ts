/**
 * What runs in a worker: fills shares into buffers, sends them, and waits for
 * some to come back.
 *
 * @module
 */

import { offerKernels, useKernel } from "../kernels/kernel.ts";
import { Generator } from "../random/generator.ts";
import { jump } from "../random/jump.ts";
import {
  type Answer,
  bufferCount,
  capacity,
  type Job,
  type Request,
} from "./messages.ts";
import { fillPiece, packed, type Piece, viewOf } from "./part.ts";

// Not declared alike in a page, where it sends to another window.
declare function postMessage(
  answer: Answer,
  options?: { transfer: ArrayBuffer[] },
): void;

/** A job that is not finished. */
interface Open extends Job {
  readonly source: Generator;
  readonly packages: IterableIterator<Piece[]>;
}

let open: Open | undefined;
const free: ArrayBuffer[] = Array.from(
  { length: bufferCount },
  () => new ArrayBuffer(capacity),
);

addEventListener("message", (event) => {
  const request = (event as MessageEvent<Request>).data;
  if (request.kind === "start") {
    offerKernels(request.code);
    postMessage({ kind: "ready" });
    return;
  }
  if (request.kind === "return") free.push(request.buffer);
  else open = begin(request);
  while (open !== undefined && free.length > 0) open = sendOne(open);
});

function begin(job: Job): Open {
  useKernel(job.kernel);
  const source = new Generator().setState(job.state);
  jump(source.twister, job.jump);
  return { ...job, source, packages: packed(job.parts, capacity) };
}

/** Fills a buffer and sends it; returns the job unless it is finished. */
function sendOne(job: Open): Open | undefined {
  const { id, source, packages, parts } = job;
  const { value, done } = packages.next();
  if (done) {
    postMessage({ kind: "end", id, state: source.getState() });
    return undefined;
  }
  const buffer = free.pop()!;
  for (const piece of value) {
    const part = parts[piece.part];
    fillPiece(piece, part, viewOf(buffer, piece, part), source);
  }
  postMessage({ kind: "package", id, buffer }, { transfer: [buffer] });
  return job;
}
