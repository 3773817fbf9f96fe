import { assert, assertEquals, assertMatch } from "@std/assert";
import { bundle } from "../../notebooks/bundle.ts";
import { runNotebook } from "../../notebooks/run.ts";
import { readDocument } from "../documents.ts";

/** What a kernel without a network and without a cache cannot do. */
const control = `await import("npm:deno-std@1.4.0/assert/mod.js")`;

Deno.test("the cell of the notebooks' README runs in an empty folder, without a network", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const built = await bundle(`${dir}/dist`, { types: false });
    await Deno.rename(built, `${dir}/fanin.js`);
    const path = `${dir}/own.ipynb`;
    await Deno.writeTextFile(path, notebook(await readmeCell(), control));
    using _network = noNetwork(dir);
    const { failure, notebook: { cells: [cell, hopeless] } } =
      await runNotebook(path);
    assertEquals(failure, undefined);
    assertEquals(hopeless.outputs?.map(typeOf), ["error"]);
    assertEquals(cell.outputs?.map(typeOf), ["display_data", "execute_result"]);
    const [carrier, output] = cell.outputs ?? [];
    assert(carrier.output_type === "display_data");
    assert(output.output_type === "execute_result");
    // Carried: 0.6 MB, packed, from the bundle alone.
    const html = String(carrier.data["text/html"]);
    assertMatch(html, /data-fanin-library="[^"]+">[!-~]{500000,}<\/script>/);
    const figure = output.data["application/vnd.plotly.v1+json"];
    assertEquals((figure as unknown as Figure).data[0].type, "bar");
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

interface Figure {
  readonly data: readonly { readonly type: string }[];
}

function typeOf({ output_type }: { readonly output_type: string }): string {
  return output_type;
}

/** The cell that the README says to paste. */
async function readmeCell(): Promise<string> {
  const cells = (await readDocument("notebooks/README.md")).matchAll(
    /^```ts ignore\n(.*?)\n```$/gms,
  );
  const [cell, ...more] = [...cells].map(([, code]) => code)
    .filter((code) => code.includes(`"./fanin.js"`));
  assertEquals(more, []);
  return cell;
}

function notebook(...sources: string[]): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: sources.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index}`,
      metadata: source === control ? { tags: ["raises-exception"] } : {},
      source,
      outputs: [],
      execution_count: null,
    })),
  });
}

/** Leaves the kernels that start now an empty cache and a closed door. */
function noNetwork(dir: string): Disposable {
  const closed = "http://127.0.0.1:9";
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"];
  const changes: [string, string | undefined][] = [
    ["DENO_DIR", `${dir}/cache`],
    ["NO_PROXY", undefined],
    ["no_proxy", undefined],
    ...names.map((name): [string, string] => [name, closed]),
  ];
  const before = changes.map(([name]) => [name, Deno.env.get(name)] as const);
  changes.forEach(([name, value]) => set(name, value));
  return {
    [Symbol.dispose]: () => before.forEach(([name, value]) => set(name, value)),
  };
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) Deno.env.delete(name);
  else Deno.env.set(name, value);
}
