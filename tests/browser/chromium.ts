/**
 * A real Chromium for tests: the system's, else the one inside the npm package
 * `@sparticuz/chromium`.
 *
 * @module
 */

import {
  type Browser,
  type BrowserContext,
  chromium,
  type Page,
} from "npm:playwright-core@1.65.1";

/** A page with all that must not happen in it. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Requests to the network, all blocked; console errors; thrown errors. */
  readonly faults: string[];
}

/**
 * How long what must come may take, in milliseconds: no test is to fail because
 * a machine is busy.
 */
export const patience = 120_000;

const names = ["chromium", "chromium-browser", "google-chrome"];

/** Not written in the import itself, so that only its use downloads it. */
const fallback = "npm:@sparticuz/chromium@153.0.0";

interface Packaged {
  readonly default: {
    executablePath(): Promise<string>;
  };
}

/** No request leaves the machine, not even one that Chromium makes itself. */
const switches = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

/** Starts Chromium without a window. */
export async function launchChromium(): Promise<Browser> {
  const system = await findSystem();
  // Neither root nor a browser that nobody installed has a sandbox.
  const bare = system === undefined || Deno.uid() === 0;
  return await chromium.launch({
    executablePath: system ?? await unpack(),
    args: bare ? [...switches, "--no-sandbox"] : switches,
    timeout: patience,
  });
}

async function unpack(): Promise<string> {
  const { default: packaged } = await import(fallback) as Packaged;
  return await packaged.executablePath();
}

/**
 * Opens an empty page from which nothing reaches the network.
 *
 * @param browser The browser.
 * @param options What playwright's contexts take, such as `colorScheme`.
 */
export async function watchedPage(
  browser: Browser,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<Watched> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(patience);
  const faults: string[] = [];
  await context.route("**/*", (route) => {
    const url = route.request().url();
    if (isLocal(url)) return route.continue();
    faults.push(`request: ${url}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    const { url } = message.location();
    if (message.type() === "error") {
      faults.push(`console: ${message.text()} (${url})`);
    }
  });
  page.on("pageerror", (error) => faults.push(`thrown: ${error.message}`));
  return { page, context, faults };
}

function isLocal(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return ["file:", "data:", "blob:", "about:"].includes(protocol) ||
    ["127.0.0.1", "localhost"].includes(hostname);
}

async function findSystem(): Promise<string | undefined> {
  const folders = (Deno.env.get("PATH") ?? "").split(
    Deno.build.os === "windows" ? ";" : ":",
  );
  for (const name of names) {
    for (const folder of folders.filter((folder) => folder !== "")) {
      const path = `${folder}/${name}`;
      const isFile = await Deno.stat(path).then((s) => s.isFile, () => false);
      if (isFile) return path;
    }
  }
}
