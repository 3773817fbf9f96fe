import { assert, assertEquals, assertThrows } from "@std/assert";
import { nn } from "../../mod.ts";
import { everyLayer, printout } from "./every_layer.ts";

Deno.test("each class has its name as a title", () => {
  assertEquals(Object.keys(everyLayer).sort(), Object.keys(nn).sort());
  for (const [name, layer] of Object.entries(everyLayer)) {
    const { title, name: inCode } = layer.constructor as typeof nn.Module;
    assertEquals([title, inCode], [name, name]);
    assert(layer instanceof nn[name as "Module"]);
    assert(String(layer).startsWith(`${name}(`));
  }
});

Deno.test("a class without a title goes by its name in the code", () => {
  class Block extends nn.Sequential {}
  class Gate extends nn.GELU {}
  class Short extends nn.Linear {
    static override readonly title = "Projection";
  }
  assertEquals(
    String(new Block(new Gate("tanh"))),
    [
      "Block(",
      "  (0): Gate(approximate='tanh')",
      ")",
    ].join("\n"),
  );
  assertEquals(
    String(new Short(1, 2)),
    "Projection(in_features=1, out_features=2, bias=True)",
  );
  assertThrows(() => new Short(1, 2).loadStateDict({}), RangeError, "Proj");
});

Deno.test("a minified bundle prints what the code prints", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const root = new URL("../../", import.meta.url).pathname;
    const bundled = await run(
      "bundle",
      "--quiet",
      "--minify",
      "--no-lock",
      `--config=${root}deno.json`,
      `--output=${folder}/layers.js`,
      `${root}tests/nn/every_layer.ts`,
    );
    assertEquals(bundled.code, 0, bundled.err);
    const text = await Deno.readTextFile(`${folder}/layers.js`);
    assert(!/class Linear\b/.test(text), "the bundle is not minified");
    const { code, out, err } = await run(
      "run",
      "--no-lock",
      "--no-config",
      `${folder}/layers.js`,
    );
    assertEquals(code, 0, err);
    assertEquals(out, `${printout()}\n`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function run(
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  const command = new Deno.Command(Deno.execPath(), { args });
  const { code, stdout, stderr } = await command.output();
  const [out, err] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  return { code, out, err };
}
