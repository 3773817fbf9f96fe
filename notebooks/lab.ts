/**
 * `deno task lab`: opens JupyterLab on the notebooks, from a virtual
 * environment of its own. All that pip and Jupyter write is in there: nothing
 * goes into the home folder, and the user's own Deno kernel stays as it is.
 *
 * @module
 */

import { join } from "node:path";
import { prepareVenv, PythonMissing } from "./venv.ts";

/** A JupyterLab that is ready to start. */
export interface Lab {
  /** The environment's Python, to be run with `-m jupyterlab`. */
  readonly python: string;
  /** The variables under which Jupyter keeps its files in the environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** The folder of the environment. */
const venv = join(import.meta.dirname!, "..", ".venv");

const usage = `deno task lab [options]

Opens JupyterLab with Deno's kernel on notebooks/. At the first start it makes a
Python virtual environment in .venv/ and installs JupyterLab there.

  --prepare    makes the environment and stops
  --venv=DIR   makes the environment in another folder
  --help       shows this text

All other options go to JupyterLab: --no-browser, --port=8899, --allow-root.`;

/** How JupyterLab starts: with Deno, and with no programs of the user's own. */
const options = [
  `--ServerApp.root_dir=${import.meta.dirname}`,
  "--MultiKernelManager.default_kernel_name=deno",
  // Otherwise it asks npm for language servers, and npm writes to the home
  // folder.
  "--LanguageServerManager.autodetect=False",
];

/** The settings with which JupyterLab asks and fetches nothing at its start. */
const settings = {
  "@jupyterlab/apputils-extension:notification": {
    checkForUpdates: false,
    fetchNews: "false",
  },
};

/**
 * Makes JupyterLab ready in a virtual environment, with this Deno as a kernel.
 * It takes a minute at the first time, and then no time.
 *
 * @param dir The folder of the environment. Default: `.venv` in the project.
 * @param packages What pip installs. Default: JupyterLab 4.
 * @throws {PythonMissing} If there is no Python to make it with.
 */
export async function prepareLab(
  dir: string = venv,
  packages: readonly string[] = ["jupyterlab==4.*"],
): Promise<Lab> {
  const python = await prepareVenv({ dir, packages });
  const share = join(dir, "share", "jupyter");
  await writeJson(join(share, "kernels", "deno"), "kernel.json", {
    argv: [
      Deno.execPath(),
      "jupyter",
      "--kernel",
      "--conn",
      "{connection_file}",
    ],
    display_name: "Deno",
    language: "typescript",
  });
  await writeJson(join(share, "lab", "settings"), "overrides.json", settings);
  return {
    python,
    env: {
      IPYTHONDIR: join(dir, "home", "ipython"),
      JUPYTER_CONFIG_DIR: join(dir, "home", "config"),
      JUPYTER_DATA_DIR: join(dir, "home", "data"),
      JUPYTER_RUNTIME_DIR: join(dir, "home", "runtime"),
      JUPYTER_PREFER_ENV_PATH: "1",
    },
  };
}

async function writeJson(
  folder: string,
  name: string,
  content: unknown,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(
    join(folder, name),
    JSON.stringify(content, null, 2),
  );
}

/** Runs JupyterLab until it ends, and returns its exit code. */
async function runLab({ python, env }: Lab, args: string[]): Promise<number> {
  const child = new Deno.Command(python, {
    args: ["-m", "jupyterlab", ...options, ...args],
    env,
  }).spawn();
  // Ctrl-C reaches JupyterLab by itself, and it may ask before it stops.
  Deno.addSignalListener("SIGINT", () => {});
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGTERM", () => child.kill("SIGTERM"));
  }
  return (await child.status).code;
}

async function main(args: string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(usage);
    return 0;
  }
  const other = args.find((arg) => arg.startsWith("--venv="));
  try {
    const lab = await prepareLab(other?.slice("--venv=".length));
    if (args.includes("--prepare")) return 0;
    return await runLab(lab, args.filter((arg) => arg !== other));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const what = error instanceof PythonMissing
      ? "JupyterLab needs Python; all else in fanin does without."
      : "JupyterLab could not be made ready.";
    console.error(`${what}\n${error.message}`);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
