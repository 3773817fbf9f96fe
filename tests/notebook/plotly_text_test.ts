import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
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
console.log(/A still picture.*put plotly.js into a page/.test(shown["text/html"]));
console.log(await figure.toHtml().then(() => "a page", (error) => error.message));
console.log((await figure.toHtml({ offline: false })).includes("data-url"));
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
    const [shown, hash, packed, ...rest] = await runOffline(folder, path);
    assertEquals([shown, hash], [types, plotlyIntegrity]);
    assertEquals(rest, ["false", "a page", "true"]);
    assert(unpack(packed) === await plotlyText());
  });
});

Deno.test("where plotly.js cannot be had, a figure stays still, a page is refused, and both say why", async () => {
  await inFolder(async (folder) => {
    const path = new URL("../../mod.ts", import.meta.url).href;
    const [shown, hash, packed, isTold, refused, names] = await runOffline(
      folder,
      path,
    );
    assertEquals([shown, hash, packed], [types, "none", "none"]);
    assertEquals([isTold, names], ["true", "true"]);
    assertStringIncludes(refused, "Cannot put plotly.js into a page: its text");
    assertStringIncludes(refused, "net access");
  });
});

Deno.test("text from the network that is not plotly.js is not taken", async () => {
  await inFolder(async (folder) => {
    const path = new URL("../../mod.ts", import.meta.url).href;
    const faked =
      `globalThis.fetch = () => Promise.resolve(new Response("no"));`;
    const [, , , , refused] = await runOffline(folder, path, faked);
    assertStringIncludes(refused, "not plotly.js (200)");
  });
});

Deno.test("text from the network that is plotly.js is taken", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/plotly.txt`, await plotlyText());
    const path = new URL("../../mod.ts", import.meta.url).href;
    const faked = `globalThis.fetch = async () =>
      new Response(await Deno.readTextFile("${folder}/plotly.txt"));`;
    const [, hash, , isTold, page] = await runOffline(folder, path, faked);
    assertEquals([hash, isTold, page], [plotlyIntegrity, "false", "a page"]);
  });
});

/** Runs the program with no network and nothing cached; returns its lines. */
async function runOffline(
  folder: string,
  fanin: string,
  before = "",
): Promise<string[]> {
  const main = `${folder}/main.ts`;
  await Deno.writeTextFile(
    main,
    `import { plot, tensor } from ${
      JSON.stringify(fanin)
    };\n${before}${program}`,
  );
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--deny-net",
      "--no-config",
      "--cached-only",
      "--no-check",
      main,
    ],
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
