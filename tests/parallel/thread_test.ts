import { assert, assertEquals } from "@std/assert";
import { Generator } from "../../mod.ts";
import { kernelCode } from "../../lib/kernels/code.ts";
import type { DataOf, FloatDtype } from "../../lib/core/dtype.ts";
import { type Answer, at, type Request } from "../../lib/parallel/messages.ts";
import { spawnWorker } from "../../lib/parallel/spawn.ts";
import { Thread } from "../../lib/parallel/thread.ts";

const length = 1000;
const state = new Generator(1).getState();
const parts = [{
  law: { kind: "uniform", low: 0, high: 1 },
  dtype: "float32",
  count: length,
  before: 0,
}] as const;

function sharedTarget(): DataOf<FloatDtype> {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}

Deno.test("a worker writes nothing for a job that is on no more", async () => {
  const worker = spawnWorker!();
  const control = new Int32Array(new SharedArrayBuffer(8));
  const [old, given] = [sharedTarget(), sharedTarget()];
  const ended = new Promise<Answer>((resolve) => {
    worker.addEventListener("message", (event) => {
      const answer: Answer = (event as MessageEvent).data;
      if (answer.kind === "end") resolve(answer);
    });
  });
  Atomics.store(control, at.job, 5);
  worker.postMessage({ kind: "start", code: kernelCode, control });
  for (const [id, target] of [[4, old], [5, given]] as const) {
    const targets = [target];
    worker.postMessage({
      kind: "job",
      id,
      kernel: "typescript",
      state,
      offset: 7,
      parts,
      targets,
    });
  }
  const end = await ended;
  worker.terminate();
  assertEquals(end.kind === "end" && end.id, 5);
  assert(old.every((value) => value === 0));
  assert(given.every((value) => value !== 0));
  assertEquals(
    end.kind === "end" && end.state,
    new Generator(1).advance(7 + length).getState(),
  );
});

Deno.test("a thread says which job is on, and ends a worker that does not stop", async () => {
  const requests: Request[] = [];
  let isEnded = false;
  const thread = new Thread({
    addEventListener() {},
    postMessage: (request) => void requests.push(request),
    terminate: () => void (isEnded = true),
  });
  const [start] = requests;
  assert(start.kind === "start");
  const control = start.control!;
  const targets = [sharedTarget()];
  const task = { state, offset: 0, parts, targets };
  const jobs = [1, 2].map(() => thread.fill(task, () => true));
  assertEquals(control[at.job], 2);
  assertEquals(await jobs[0], undefined);
  thread.stop();
  assertEquals(control[at.job], 0);
  assertEquals(await jobs[1], undefined);
  assert(!isEnded);
  control[at.isWriting] = 1;
  thread.stop();
  assert(isEnded);
});
