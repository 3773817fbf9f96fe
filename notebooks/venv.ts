/**
 * Python virtual environments: finding Python, making an environment,
 * installing packages in it.
 *
 * @module
 */

/** A Python that can make virtual environments. */
export type Python = readonly string[];

/** A virtual environment. */
export interface VenvOptions {
  /** The folder of the environment; it need not exist. */
  readonly dir: string;
  /** What pip installs: `jupyterlab==4.*`. */
  readonly packages: readonly string[];
}

/** Says that Python is missing, or a part of it, in words for a user. */
export class PythonMissing extends Error {}

/** The commands by which Python goes, on Linux, macOS and Windows. */
const commands: readonly Python[] = [["python3"], ["python"], ["py", "-3"]];

/** The oldest Python that the packages still run on. */
const oldest = [3, 9];

/**
 * Variables under which pip writes inside the environment alone, and asks
 * nothing.
 */
const pipEnv = {
  PIP_NO_CACHE_DIR: "1",
  PIP_USER: "0",
  PIP_NO_INPUT: "1",
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
};

/**
 * Returns the command of a Python that can make virtual environments.
 *
 * @throws {PythonMissing} If there is none, or it lacks venv or pip.
 */
export async function findPython(): Promise<Python> {
  const found: string[] = [];
  for (const command of commands) {
    const answer = await ask(command);
    if (answer === undefined) continue;
    const [version, ...missing] = answer.split(" ");
    if (!isRecent(version)) {
      found.push(`${command.join(" ")} is Python ${version}.`);
    } else if (missing.length > 0) {
      found.push(
        `${command.join(" ")} lacks ${missing.join(" and ")}` +
          ` (on Debian and Ubuntu: apt install python3-venv).`,
      );
    } else return command;
  }
  throw new PythonMissing(
    `Python ${oldest.join(".")} or later, with venv and pip, must be on the` +
      ` PATH as ${commands.map((command) => command.join(" ")).join(" or ")}. ${
        found.join(" ") || "None of them is there."
      }`,
  );
}

/**
 * Makes a virtual environment with packages in it, unless it is there already.
 *
 * @param options The folder and the packages.
 * @returns The path of the environment's Python.
 * @throws {PythonMissing} If there is no Python to make it with.
 * @throws {Error} If venv or pip fails.
 */
export async function prepareVenv(
  { dir, packages }: VenvOptions,
): Promise<string> {
  const python = pythonIn(dir);
  const marker = `${dir}/fanin.json`;
  const wanted = JSON.stringify({ packages });
  if (await read(marker) === wanted && await exists(python)) return python;
  await makeVenv(dir);
  console.error(`Installing ${packages.join(", ")} with pip`);
  await run(python, ["-m", "pip", "install", ...packages]);
  await Deno.writeTextFile(marker, wanted);
  return python;
}

/**
 * Makes a virtual environment that holds nothing but pip.
 *
 * @param dir Its folder; it need not exist.
 * @returns The path of the environment's Python.
 * @throws {PythonMissing} If there is no Python to make it with.
 * @throws {Error} If venv fails.
 */
export async function makeVenv(dir: string): Promise<string> {
  const [command, ...args] = await findPython();
  console.error(`Making a virtual environment in ${dir}`);
  await run(command, [...args, "-m", "venv", dir]);
  return pythonIn(dir);
}

/**
 * Runs a command to its end, in sight of the user.
 *
 * @param command The program.
 * @param args Its arguments.
 * @throws {Error} If it fails.
 */
export async function run(command: string, args: string[]): Promise<void> {
  const child = new Deno.Command(command, { args, env: pipEnv }).spawn();
  const { success, code } = await child.status;
  if (success) return;
  throw new Error(`${[command, ...args].join(" ")} failed with code ${code}`);
}

function pythonIn(dir: string): string {
  return Deno.build.os === "windows"
    ? `${dir}/Scripts/python.exe`
    : `${dir}/bin/python`;
}

/** Returns the version and the missing modules; undefined if it is no Python. */
async function ask([command, ...args]: Python): Promise<string | undefined> {
  const code = `
import importlib.util, sys
print("%d.%d" % sys.version_info[:2], *(
    name for name in ("venv", "ensurepip")
    if importlib.util.find_spec(name) is None))`;
  try {
    const { success, stdout } = await new Deno.Command(command, {
      args: [...args, "-c", code],
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function isRecent(version: string): boolean {
  const [major, minor] = version.split(".").map(Number);
  return major > oldest[0] || major === oldest[0] && minor >= oldest[1];
}

async function read(path: string): Promise<string | undefined> {
  return await Deno.readTextFile(path).catch(() => undefined);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
