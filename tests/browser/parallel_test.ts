import { assert, assertEquals } from "@std/assert";
import { bundle } from "../../notebooks/bundle.ts";
import { launchChromium, watchedPage } from "./chromium.ts";

Deno.test("in Chromium, workers of the bundle give the bytes of the plain call", async () => {
  const dir = await Deno.makeTempDir();
  await bundle(dir);
  const script = await Deno.readTextFile(`${dir}/fanin.js`);
  await Deno.remove(dir, { recursive: true });
  await using browser = await launchChromium();
  for (const isIsolated of [false, true]) {
    await using server = serve(script, isIsolated ? isolation : {});
    const { page, context, faults } = await watchedPage(browser);
    await using _context = context;
    await page.goto(`http://127.0.0.1:${server.addr.port}/`);
    assertEquals(await page.evaluate(compare), {
      isIsolated,
      workers: 2,
      differing: 0,
      buffer: isIsolated ? "SharedArrayBuffer" : "ArrayBuffer",
      states: true,
    });
    assertEquals(faults, []);
  }
});

Deno.test("in Chromium, a page whose policy forbids workers gets the bytes of the plain call", async () => {
  const dir = await Deno.makeTempDir();
  await bundle(dir);
  const script = await Deno.readTextFile(`${dir}/fanin.js`);
  await Deno.remove(dir, { recursive: true });
  await using browser = await launchChromium();
  await using server = serve(script, {
    "Content-Security-Policy": "default-src 'self'",
  });
  const { page, context, faults } = await watchedPage(browser);
  await using _context = context;
  await page.goto(`http://127.0.0.1:${server.addr.port}/`);
  assertEquals(await page.evaluate(fillUnderPolicy), {
    equal: true,
    states: true,
    count: 1,
    error: "Cannot start workers: the platform must allow them",
    isUntouched: true,
  });
  // The policy was in force, and nothing else went wrong.
  assert(faults.some((fault) => /worker/i.test(fault)), String(faults));
  assert(faults.every((fault) => /Content Security Policy/.test(fault)));
});

/** Runs in the page. */
async function fillUnderPolicy() {
  const load = (path: string) => import(path);
  const { empty, Generator, init, initModel, startWorkers } = await load(
    "/fanin.js",
  );
  const build = (generator: unknown) =>
    init.uniform(empty([17_000_000], { dtype: "float64" }), { generator });
  const [plain, shared] = [new Generator(5), new Generator(5)];
  const expected = build(plain);
  const actual = await initModel(() => build(shared));
  const workers = await startWorkers();
  const generator = new Generator(6);
  let made: { data: Float64Array } | undefined;
  const { message } = await initModel(() => made = build(generator), {
    workers: 2,
  }).catch((error: unknown) => error);
  return {
    equal: actual.equals(expected),
    states: String(plain.getState()) === String(shared.getState()),
    count: workers.count,
    error: message.split(",")[0],
    isUntouched: made!.data.every((value) => value === 0) &&
      String(generator.getState()) === String(new Generator(6).getState()),
  };
}

/** Runs in the page. */
async function compare() {
  const load = (path: string) => import(path);
  const { empty, Generator, init, initModel } = await load("/fanin.js");
  let workers = 0;
  const { Worker: Plain } = globalThis;
  globalThis.Worker = class extends Plain {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      workers++;
    }
  };
  const build = (generator: unknown) => [
    init.uniform(empty([3_000_001]), { generator }),
    init.normal(empty([3_000_001], { dtype: "float16" }), { generator }),
  ];
  const [plain, shared] = [new Generator(5), new Generator(5)];
  const expected = build(plain);
  const actual = await initModel(() => build(shared), {
    workers: 3,
    shared: true,
  });
  let differing = 0;
  for (const [index, { data }] of actual.entries()) {
    for (let i = 0; i < data.length; i++) {
      if (data[i] !== expected[index].data[i]) differing++;
    }
  }
  return {
    isIsolated: (globalThis as { crossOriginIsolated?: boolean })
      .crossOriginIsolated,
    workers,
    differing,
    buffer: actual[0].data.buffer.constructor.name,
    states: String(plain.getState()) === String(shared.getState()),
  };
}

/** Isolated pages have shared storage. */
const isolation: Record<string, string> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Serves an empty page and the bundle. */
function serve(
  script: string,
  headers: Record<string, string>,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      const isScript = new URL(request.url).pathname === "/fanin.js";
      return new Response(isScript ? script : "<link rel=icon href=data:,>", {
        headers: {
          "Content-Type": isScript ? "text/javascript" : "text/html",
          ...headers,
        },
      });
    },
  );
}
