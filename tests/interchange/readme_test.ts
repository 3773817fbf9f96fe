/**
 * Runs the README's blocks for other libraries, which `deno test --doc` leaves
 * out, and compares what they log with the comments there.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { readDocument } from "../documents.ts";
import { root } from "../structure/graph.ts";

const block = /^```ts ignore\n(import [^\n]* from "npm:(.*?)";\n.*?)^```$/gms;
const lock = "tests/interchange/deno.lock";
const logged = /^console\.log\(.*\); \/\/ (.*)$/gm;

const readme = await readDocument("tests/interchange/README.md");
const blocks = [...readme.matchAll(block)];

Deno.test("the README has a block for each library", () => {
  assertEquals(blocks.map(([, , name]) => name), [
    "@tensorflow/tfjs-core@4.22.0",
    "onnxruntime-node@1.30.0",
    "@huggingface/transformers@4.3.1",
    "@jax-js/jax@0.1.25",
  ]);
});

for (const [, code, name] of blocks) {
  Deno.test(`the README's block for ${name} logs what it says`, async () => {
    const expected = [...code.matchAll(logged)].map(([, text]) => text);
    assertGreater(expected.length, 0);
    assertEquals(await run(code), expected);
  });
}

/** Returns the lines that a module of the README's writes. */
async function run(code: string): Promise<string[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--check", `--lock=${lock}`, "--frozen", "-"],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await new Response(code).body!.pipeTo(child.stdin);
  const { success, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  if (!success) throw new Error(text.decode(stderr));
  return text.decode(stdout).trim().split("\n");
}
