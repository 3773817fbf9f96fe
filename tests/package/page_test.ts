/// <reference lib="dom" />

import { assert, assertEquals } from "@std/assert";
import type { Browser, Page } from "npm:playwright-core@1.65.1";
import { launchChromium, watchedPage } from "../browser/chromium.ts";
import { assertAllDrawn } from "../browser/drawn.ts";
import { openFile } from "../browser/pages.ts";
import { readGolden } from "../golden/golden.ts";
import { copyFeatures, install, type Project } from "./project.ts";
import { assertTried, type Tried } from "./tried.ts";

/** What a page loads; it leaves the features for the test to try. */
function mainOf(fanin: string, checkpoint: string): string {
  return `
import { tried } from "./features.js";
import { mismatches } from "./layers.js";
const start = performance.now();
const fanin = await import("${fanin}");
fanin.tensor([1]);
const started = performance.now() - start;
const checkpoint = await import("${checkpoint}");
globalThis.tryAll = async (rows) => ({
  ...await tried(fanin, checkpoint, mismatches, rows, ""),
  started,
});
`;
}

/** A strict page takes no import map, so files are named. */
const plain = mainOf(
  "./node_modules/@fanin/fanin/mod.js",
  "./node_modules/@fanin/fanin/lib/checkpoint/mod.js",
);

/** What Vite and esbuild bundle. */
const bare = mainOf("@fanin/fanin", "@fanin/fanin/checkpoint");

const html = `<!doctype html><meta charset="utf-8"><title>app</title>
<link rel="icon" href="data:,"><script type="module" src="./main.js"></script>`;

const isolated = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const strict = { "Content-Security-Policy": "default-src 'self'" };

const [app, vite, esbuild, browser] = await Promise.all([
  prepared(plain),
  prepared(bare, "vite@8"),
  prepared(bare, "esbuild@0.28"),
  launchChromium().catch((error) => {
    console.log(`NOT RUN: no Chromium: ${String(error).split("\n")[0]}`);
  }),
]);

Deno.test.afterAll(() => browser?.close());

const pages: readonly [name: string, headers: Record<string, string>][] = [
  ["Chromium", {}],
  ["Chromium, cross-origin isolated", isolated],
  ["Chromium, `default-src 'self'`", strict],
];

for (const [name, headers] of pages) {
  inChromium(name, app, async ({ folder }) => {
    await using server = serve(folder, headers);
    await tryPage(name, addressOf(server), headers === strict);
  });
}

inChromium("Vite, its server", vite, async ({ folder }) => {
  await using server = await startVite(folder);
  await tryPage("Vite, its server", server.url);
});

inChromium("Vite, its build", vite, async ({ folder, bin }) => {
  const { code, out, error } = await bin("vite", "build", "--base=./");
  assertEquals(code, 0, error);
  // Of chunks above 500 kB, which plotly.js is, it warns in any case.
  assert(!/externalized|cannot be analyzed/i.test(out + error), out + error);
  await using server = serve(`${folder}/dist`);
  await tryPage("Vite, its build", addressOf(server));
});

inChromium("esbuild --minify", esbuild, async ({ folder, bin }) => {
  const { code, error } = await bin(
    "esbuild",
    "main.js",
    "--bundle",
    "--minify",
    "--splitting",
    "--format=esm",
    "--outdir=dist",
  );
  assertEquals(code, 0, error);
  assert(!/warning/i.test(error), error);
  await Deno.copyFile(`${folder}/index.html`, `${folder}/dist/index.html`);
  await using server = serve(`${folder}/dist`);
  await tryPage("esbuild --minify", addressOf(server));
});

function inChromium(
  name: string,
  project: Project | undefined,
  test: (project: Project) => Promise<void>,
): void {
  Deno.test({
    name: `the package does all in ${name}`,
    ignore: project === undefined || browser === undefined,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () => test(project!),
  });
}

async function prepared(
  main: string,
  ...tools: string[]
): Promise<Project | undefined> {
  const project = await install(...tools);
  if (project === undefined) return undefined;
  await copyFeatures(project);
  await Deno.writeTextFile(`${project.folder}/main.js`, main);
  await Deno.writeTextFile(`${project.folder}/index.html`, html);
  return project;
}

/** Tries all in a page, and opens the page that it makes without a network. */
async function tryPage(
  name: string,
  url: string,
  isStrict = false,
): Promise<void> {
  const { page, context, faults } = await watchedPage(browser as Browser);
  await using _context = context;
  await page.goto(url);
  await page.waitForFunction(() => "tryAll" in globalThis, undefined, {
    timeout: 60_000,
  });
  const tried = await page.evaluate(
    (rows) =>
      (globalThis as unknown as {
        tryAll(rows: unknown): Promise<Tried>;
      }).tryAll(rows),
    await readGolden("layers.json"),
  );
  // A strict page reports what it refuses: compiled code, and workers.
  if (!isStrict) assertEquals(faults, []);
  await assertTried(name, tried, false);
  await assertDrawn(tried.html);
}

async function assertDrawn(html: string): Promise<void> {
  const { page, context, faults } = await watchedPage(browser as Browser);
  await using _context = context;
  await context.setOffline(true);
  const path = await openFile(page as Page, html);
  await assertAllDrawn(page, 1);
  assertEquals(faults, []);
  await Deno.remove(path);
}

/** Serves a folder's files. */
function serve(
  folder: string,
  headers: Record<string, string> = {},
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      const path = pathname === "/" ? "/index.html" : pathname;
      const type = path.endsWith(".html") ? "html" : "javascript";
      try {
        return new Response(await Deno.readFile(`${folder}${path}`), {
          headers: { ...headers, "Content-Type": `text/${type}` },
        });
      } catch {
        return new Response("", { status: 404 });
      }
    },
  );
}

function addressOf({ addr }: Deno.HttpServer<Deno.NetAddr>): string {
  return `http://127.0.0.1:${addr.port}/`;
}

/** Starts Vite's server for development. */
async function startVite(
  folder: string,
): Promise<{ url: string } & AsyncDisposable> {
  const process = new Deno.Command(`${folder}/node_modules/.bin/vite`, {
    args: ["--host=127.0.0.1", "--port=0"],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let text = "";
  for await (const part of process.stdout.values({ preventCancel: true })) {
    text += new TextDecoder().decode(part);
    const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(text) ?? [];
    if (url === undefined) continue;
    return {
      url,
      async [Symbol.asyncDispose]() {
        process.kill();
        await process.stdout.cancel();
        await process.status;
      },
    };
  }
  throw new Error(`Vite has ended: ${text}`);
}
