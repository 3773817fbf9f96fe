import { assertEquals } from "@std/assert";
import { bundle } from "../../notebooks/bundle.ts";
import { readGolden } from "../golden/golden.ts";
import { launchChromium, watchedPage } from "./chromium.ts";

Deno.test("the bundle in Chromium gives the layers that PyTorch gives", async () => {
  const dir = await Deno.makeTempDir();
  await bundle(dir);
  const scripts = {
    "/fanin.js": await Deno.readTextFile(`${dir}/fanin.js`),
    "/layers.js": await Deno.readTextFile(
      new URL("../golden/layers.js", import.meta.url),
    ),
  };
  await Deno.remove(dir, { recursive: true });
  await using server = serve(scripts);
  await using browser = await launchChromium();
  const { page, context, faults } = await watchedPage(browser);
  await using _context = context;
  await page.goto(`http://127.0.0.1:${server.addr.port}/`);
  const rows = await readGolden("layers.json");
  assertEquals(await page.evaluate(compare, rows), []);
  assertEquals(faults, []);
});

/** Runs in the page. */
async function compare(rows: unknown[]): Promise<string[]> {
  const load = (path: string) => import(path);
  const { mismatches } = await load("/layers.js");
  return await mismatches(await load("/fanin.js"), rows);
}

function serve(
  scripts: Record<string, string>,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      const script = scripts[new URL(request.url).pathname];
      const type = script === undefined ? "html" : "javascript";
      return new Response(script ?? "<link rel=icon href=data:,>", {
        headers: { "Content-Type": `text/${type}` },
      });
    },
  );
}
