import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Generator, init, Tensor } from "../../mod.ts";
import { jumpCode, kernelCode } from "../../lib/numerics/kernels/code.ts";
import { listedSteps, record, takeOff } from "../../lib/core/recording.ts";
import { groupsOf, type Share, sharesOf } from "../../lib/parallel/schedule.ts";
import {
  type Answer,
  at,
  type End,
  type Request,
  Thread,
  type WorkerLike,
} from "../../lib/parallel/thread.ts";
import { spawnWorker } from "../../lib/parallel/spawn.ts";
import { otherJumpCode } from "../kernels/other_jump_code.ts";

const length = 1000;
const state = new Generator(1).getState();

/** Returns the share of a worker: a uniform in shared storage. */
function share(): Share {
  const buffer = new SharedArrayBuffer(4 * length);
  const weight = new Tensor(new Float32Array(buffer), [length], "float32");
  record(
    () => init.uniform(weight, { generator: new Generator(1) }),
    false,
    [weight],
  );
  const [group] = groupsOf(listedSteps());
  const [made] = sharesOf(group.fills, 1, true);
  takeOff(Infinity);
  return made;
}

/** Returns what a worker says at the end of a job. */
function endOf(worker: WorkerLike): Promise<End> {
  return new Promise((resolve) => {
    worker.addEventListener("message", (event) => {
      const answer: Answer = (event as MessageEvent).data;
      if (answer.kind === "end") resolve(answer);
    });
  });
}

Deno.test("a worker writes nothing for a canceled job", async () => {
  const worker = spawnWorker();
  const control = new Int32Array(new SharedArrayBuffer(8));
  const [old, given] = [share(), share()];
  const ended = endOf(worker);
  Atomics.store(control, at.job, 5);
  worker.postMessage({ kind: "start", code: kernelCode, jumpCode, control });
  for (const [id, { parts, targets }] of [[4, old], [5, given]] as const) {
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
  assertEquals(end.id, 5);
  assert(old.targets[0].every((value) => value === 0));
  assert(given.targets[0].every((value) => value !== 0));
  assertEquals(
    end.state,
    new Generator(1).advance(7 + length).getState(),
  );
});

Deno.test("a worker jumps by the code that it was given, or by none", async () => {
  const offset = 2 ** 22;
  const stateBy = async (jumpCode: string) => {
    const worker = spawnWorker();
    const control = new Int32Array(new SharedArrayBuffer(8));
    Atomics.store(control, at.job, 1);
    const ended = endOf(worker);
    worker.postMessage({ kind: "start", code: kernelCode, jumpCode, control });
    const { parts, targets } = share();
    const job = {
      id: 1,
      kernel: "simd",
      state,
      offset,
      parts,
      targets,
    } as const;
    worker.postMessage({ kind: "job", ...job });
    const end = await ended;
    worker.terminate();
    return end.state;
  };
  const expected = new Generator(1).advance(offset + length).getState();
  assertEquals(await stateBy(jumpCode), expected);
  assertEquals(await stateBy(btoa("no WebAssembly")), expected);
  assertNotEquals(await stateBy(otherJumpCode), expected);
});

Deno.test("a thread says which job is on, and ends a worker that does not stop", async () => {
  const requests: Request[] = [];
  let isEnded = false;
  const thread = new Thread({
    addEventListener() {},
    postMessage: (request) => void requests.push(request),
    terminate: () => void (isEnded = true),
  }, 1000);
  const [start] = requests;
  assert(start.kind === "start");
  assertEquals(start.jumpCode, jumpCode);
  const control = start.control!;
  const { parts, targets } = share();
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
