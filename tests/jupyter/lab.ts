/**
 * A server of JupyterLab, and of Notebook where it is installed, for notebooks in
 * a temporary folder, with every file that Jupyter writes in there too.
 *
 * @module
 */

import { join } from "node:path";
import { type Lab, prepareLab } from "../../notebooks/lab.ts";
import { mirrorModules } from "../notebooks/mirror.ts";

/** A server that runs. */
export interface LabServer extends AsyncDisposable {
  /** Returns where a notebook's file is. Notebooks find fanin from there too. */
  path(name: string): string;
  /** Returns the address of a notebook, in JupyterLab where no other is named. */
  url(name: string, app?: App): string;
}

/** How long the server may take to start, in milliseconds. */
const patience = 60_000;

/** Where the front ends show a notebook. */
const paths = { jupyterlab: "lab/tree", notebook: "notebooks" } as const;

/** A front end. */
export type App = keyof typeof paths;

/**
 * Starts a server that stops, and whose files go, when it is disposed.
 *
 * @param lab What is ready to start. Default: the project's JupyterLab.
 */
export async function startLab(lab?: Lab): Promise<LabServer> {
  const { python, env } = lab ?? await prepareLab();
  const home = await Deno.makeTempDir({ prefix: "fanin_lab_" });
  const folder = (name: string) => join(home, name);
  await Deno.mkdir(folder("runtime"));
  await mirrorModules(home);
  const token = crypto.randomUUID();
  const child = new Deno.Command(python, {
    args: [
      "-m",
      "jupyterlab",
      "--no-browser",
      "--allow-root",
      "--LanguageServerManager.autodetect=False",
      "--ServerApp.ip=127.0.0.1",
      "--ServerApp.port=0",
      `--ServerApp.root_dir=${folder("notebooks")}`,
      `--IdentityProvider.token=${token}`,
    ],
    env: {
      ...env,
      IPYTHONDIR: folder("ipython"),
      JUPYTER_CONFIG_DIR: folder("config"),
      JUPYTER_DATA_DIR: folder("data"),
      JUPYTER_RUNTIME_DIR: folder("runtime"),
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const log = new Response(child.stderr).text();

  async function stop() {
    child.kill("SIGTERM");
    await child.status;
    await log;
    await Deno.remove(home, { recursive: true });
  }

  try {
    const port = await listening(folder(`runtime/jpserver-${child.pid}.json`));
    return {
      path: (name) => folder(`notebooks/${name}.ipynb`),
      url: (name, app = "jupyterlab") =>
        `http://127.0.0.1:${port}/${
          paths[app]
        }/${name}.ipynb?reset&token=${token}`,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw new Error(`JupyterLab did not start:\n${await log}`, {
      cause: error,
    });
  }
}

/** Jupyter writes into a file where it listens. */
async function listening(path: string): Promise<number> {
  const end = performance.now() + patience;
  while (performance.now() < end) {
    const text = await Deno.readTextFile(path).catch(() => "");
    try {
      return JSON.parse(text).port;
    } catch {
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  throw new Error(`There was no ${path} in time`);
}
