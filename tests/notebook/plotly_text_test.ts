import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  plotlyIntegrity,
  plotlyText,
  plotlyUrl,
} from "../../lib/notebook/plotly.ts";
import { bundle } from "../../notebooks/bundle.ts";
import { unpack } from "../../notebooks/runner/packed.ts";

/** Prints what a figure's bundle holds: its types, the library's hash and text. */
const program = `
const figure = plot.weights(tensor([1, 2, 3]));
const shown = await figure[Symbol.for("Jupyter.display")]();
const carried = /<script type="text.plain" data-fanin-library="([^"]*)">([^<]*)</.exec(shown["text/html"]);
console.log(Object.keys(shown).sort().join(" "));
console.log(carried?.[1] ?? "none");
console.log(carried?.[2] ?? "none");
`;

const types = "application/vnd.plotly.v1+json text/html text/plain";

Deno.test("the address names the version that is imported", async () => {
  const source = await Deno.readTextFile(
    new URL("../../lib/notebook/plotly.ts", import.meta.url),
  );
  const versions = source.match(/plotly\.js-cartesian-dist-min@[\d.]+/g);
  assertEquals(versions?.length, 2);
  assertEquals(new Set(versions).size, 1);
  assertMatch(plotlyUrl, /^https:\/\/[^?#]+@\d+\.\d+\.\d+\/[\w.-]+\.js$/);
});

Deno.test("the single file carries plotly.js to the byte", async () => {
  await inFolder(async (folder) => {
    const path = await bundle(folder, { types: false });
    const [shown, hash, packed] = await runOffline(folder, path);
    assertEquals([shown, hash], [types, plotlyIntegrity]);
    assert(unpack(packed) === await plotlyText());
  });
});

Deno.test("a figure shows without plotly.js where it cannot be had", async () => {
  await inFolder(async (folder) => {
    const path = new URL("../../mod.ts", import.meta.url).href;
    assertEquals(await runOffline(folder, path), [
      types,
      "none",
      "none",
    ]);
  });
});

/** Runs the program with no network and nothing cached; returns its lines. */
async function runOffline(folder: string, fanin: string): Promise<string[]> {
  const main = `${folder}/main.ts`;
  await Deno.writeTextFile(
    main,
    `import { plot, tensor } from ${JSON.stringify(fanin)};\n${program}`,
  );
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-config", "--cached-only", "--no-check", main],
    env: { DENO_DIR: `${folder}/cache`, NO_COLOR: "1" },
  }).output();
  const [text, errors] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  assertEquals(errors, "");
  return text.trim().split("\n");
}

async function inFolder(
  action: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await action(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
