import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Kernel } from "../../notebooks/runner/kernel.ts";
import {
  requireDeno,
  startKernel,
} from "../../notebooks/runner/start_kernel.ts";
import { Outputs } from "../../notebooks/runner/outputs.ts";
import { isRunning, scratchFolder } from "./scratch.ts";

/** Returns the plain texts of a cell's outputs. */
async function texts(kernel: Kernel, code: string): Promise<string[]> {
  const outputs = new Outputs();
  await kernel.execute(code, {
    onMessage: (message) => outputs.add(0, message),
    timeout: 20_000,
  });
  return outputs.of(0).map((output) => {
    if (output.output_type === "stream") return output.text;
    if (output.output_type === "error") return output.evalue;
    return String(output.data["text/plain"]);
  });
}

/** Runs a test with a variable set, and sets it back. */
async function withVariable(
  name: string,
  value: string,
  test: () => Promise<void>,
): Promise<void> {
  const before = Deno.env.get(name);
  Deno.env.set(name, value);
  try {
    await test();
  } finally {
    if (before === undefined) Deno.env.delete(name);
    else Deno.env.set(name, before);
  }
}

function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name);
}

Deno.test("a kernel runs in its folder", async () => {
  await using folder = await scratchFolder();
  folder.file("three.ts", "export const three = 3;");
  await using kernel = await startKernel({ cwd: folder.path });
  const code = `import { three } from "./three.ts"; console.log(three);`;
  assertEquals(await texts(kernel, code), ["3\n"]);
});

Deno.test("a closed kernel leaves no process and no file", async () => {
  await using folder = await scratchFolder();
  await withVariable("TMPDIR", folder.path, async () => {
    const starting = startKernel();
    assertEquals(namesIn(folder.path).length, 1);
    const kernel = await starting;
    assert(isRunning(kernel.pid));
    assertEquals(await texts(kernel, "console.log(Deno.pid)"), [
      `${kernel.pid}\n`,
    ]);
    await kernel.close();
    await kernel.close();
    assert(!isRunning(kernel.pid));
    assertEquals(namesIn(folder.path), []);
    await assertRejects(() => kernel.execute("1"), Error, "closed");
  });
});

Deno.test("asking for the end of outputs leaves counts and names alone", async () => {
  await using kernel = await startKernel();
  const names =
    "Object.getOwnPropertyNames(globalThis).length + ' ' + typeof _";
  const [first] = await texts(kernel, `console.log(${names})`);
  for (let count = 2; count < 6; count++) {
    const reply = await kernel.execute(`let x${count} = ${count};`);
    assertEquals(reply.execution_count, count);
  }
  assertEquals(await texts(kernel, `console.log(${names})`), [first]);
  assertEquals(await texts(kernel, "console.log(x2 + x5)"), ["7\n"]);
});

Deno.test("output of the cell's last turn is the cell's", async () => {
  await using kernel = await startKernel();
  for (let count = 0; count < 50; count++) {
    const code =
      `setTimeout(() => console.log("late"), 0); console.log("now");`;
    assertEquals((await texts(kernel, code)).join(""), "now\nlate\n");
  }
});

Deno.test("a kernel that does not mark the end of its outputs is refused", async () => {
  await using kernel = await startKernel();
  await assertRejects(
    () => kernel.execute("Deno.jupyter.broadcast = undefined;"),
    Error,
    "is Deno.jupyter overwritten?",
  );
});

Deno.test("colors do not depend on the user's variables", async () => {
  await withVariable("NO_COLOR", "1", async () => {
    await using kernel = await startKernel();
    assertEquals(await texts(kernel, "1 + 1"), ["\x1b[33m2\x1b[39m"]);
  });
});

Deno.test("what ends a kernel early is said, and nothing is left", async () => {
  await using kernel = await startKernel();
  await assertRejects(
    () => kernel.execute("Deno.exit(7)"),
    Error,
    "exit code 7",
  );
  assert(!isRunning(kernel.pid));

  await using stuck = await startKernel();
  await assertRejects(
    () => stuck.execute("while (true);", { timeout: 300 }),
    Error,
    "The cell was not done within 0.3 s",
  );
  await stuck.close();
  assert(!isRunning(stuck.pid));
});

Deno.test("an abort ends the wait with its reason", async () => {
  const controller = new AbortController();
  await using kernel = await startKernel({ signal: controller.signal });
  const running = kernel.execute("await new Promise(() => {});");
  controller.abort(new Error("enough"));
  await assertRejects(() => running, Error, "enough");
});

Deno.test("a kernel that does not answer or start leaves nothing", async () => {
  await using folder = await scratchFolder();
  await withVariable("TMPDIR", folder.path, async () => {
    await assertRejects(
      () => startKernel({ startTimeout: 1 }),
      Error,
      "The kernel did not answer within 0.001 s",
    );
    await assertRejects(() => startKernel({ cwd: "/no/such/folder" }), Error);
    assertEquals(namesIn(folder.path), []);
  });
});

Deno.test("an old Deno is refused", () => {
  for (const version of ["2.9.0", "2.9.6", "2.10.1", "3.0.0-rc.1"]) {
    requireDeno(version);
  }
  for (const version of ["2.8.3", "1.46.0"]) {
    assertThrows(
      () => requireDeno(version),
      Error,
      `must be 2.9.0 or newer, got ${version}`,
    );
  }
});
