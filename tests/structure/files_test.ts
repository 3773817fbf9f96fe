import { assert, assertEquals } from "@std/assert";
import { filesBelow, root } from "./graph.ts";

Deno.test("no file of lib/ is a drawer of odds and ends", () => {
  const drawers = filesBelow("lib", ".ts").filter((file) =>
    /(^|\/|_)(utils?|helpers?|misc)\.ts$/.test(file)
  );
  assertEquals(drawers, []);
});

for (
  const folder of [
    "",
    "tests/benchmarks/",
    "tests/interchange/",
    "tests/kernels/compile/",
  ]
) {
  Deno.test(`${folder}deno.lock names no host`, () => {
    assertEquals(read(`${folder}deno.lock`).match(/\w+:\/\/[^"]*/g), null);
  });
}

// `deno fmt --check` of 2.9.6 takes every notebook for unformatted.
Deno.test("the notebooks are as deno fmt leaves them", async () => {
  for (const file of filesBelow("notebooks", ".ipynb")) {
    const text = read(file);
    assert(await formatted(text) === text, `run: deno fmt ${file}`);
  }
});

Deno.test("no notebook names a file or a folder of a machine", () => {
  const found = filesBelow("notebooks", ".ipynb").flatMap((file) =>
    pathsIn(read(file)).map((path) => `${file}: ${path}`)
  );
  assertEquals(found, []);
});

Deno.test("the search for paths of a machine finds them", () => {
  for (
    const text of [
      "at file:///a/b.ts:3:4",
      '"/home/ada/fanin"',
      "(/Users/ada)",
      "in /tmp/1",
      String.raw`C:\\Users\\ada`,
      Deno.cwd(),
    ]
  ) {
    assertEquals(pathsIn(text).length, 1, text);
  }
  assertEquals(pathsIn("lib/core/tensor.ts, ../mod.ts, and/or"), []);
  assertEquals(pathsIn(`${"A".repeat(300)}/tmp/${"A".repeat(300)}`), []);
});

/** Returns a notebook's text as `deno fmt` would write it. */
async function formatted(notebook: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "ipynb", "-"],
    cwd: root,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const [, { stdout }] = await Promise.all([
    new Blob([notebook]).stream().pipeTo(child.stdin),
    child.output(),
  ]);
  return new TextDecoder().decode(stdout);
}

/** Paths of a machine in a text; runs of base64 are passed over. */
function pathsIn(text: string): string[] {
  const plain = text.replaceAll(/[A-Za-z0-9+/]{256,}={0,2}/g, "");
  const known = plain.match(
    /file:\/\/|(?<![\w.])\/(home|root|Users|tmp|var|opt|private)\/|\b[A-Z]:\\+\w/g,
  );
  return known ?? (plain.includes(Deno.cwd()) ? [Deno.cwd()] : []);
}

function read(file: string): string {
  return Deno.readTextFileSync(new URL(file, root));
}
