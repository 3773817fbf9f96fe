import { assertEquals } from "@std/assert";
import {
  type KernelName,
  kernelNames,
} from "../../lib/numerics/kernels/kernel.ts";
import { bundle } from "../../notebooks/bundle.ts";
import { readGolden } from "../golden/golden.ts";
import { launchChromium, watchedPage } from "./chromium.ts";

Deno.test("the bundle in Chromium gives the layers that PyTorch gives, with each kernel", async () => {
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
  assertEquals(await page.evaluate(fastestKernel), "relaxed-simd");
  for (const kernel of kernelNames) {
    assertEquals(await page.evaluate(compare, { kernel, rows }), [], kernel);
  }
  assertEquals(faults, []);
});

/** Runs in the page. */
async function fastestKernel(): Promise<string> {
  const load = (path: string) => import(path);
  return (await load("/fanin.js")).currentKernel();
}

/** Runs in the page. */
async function compare(
  { kernel, rows }: { kernel: KernelName; rows: unknown[] },
): Promise<string[]> {
  const load = (path: string) => import(path);
  const { mismatches } = await load("/layers.js");
  const fanin = await load("/fanin.js");
  fanin.useKernel(kernel);
  return await mismatches(fanin, rows);
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
