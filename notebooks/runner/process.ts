/**
 * The kernel's process and its temporary folder: both are removed at the end,
 * whatever happens.
 *
 * @module
 */

import { stripVTControlCharacters } from "node:util";
import type { ConnectionFile } from "./connection_file.ts";

/** Variables of the user's that would change the bytes of outputs. */
const COLOR_VARIABLES = ["NO_COLOR", "FORCE_COLOR"];
/** How much of what the kernel wrote to its standard error is kept for an error message. */
const LAST_WORDS = 2_000;
/** Milliseconds that its last words have to arrive after its end. */
const LAST_WORDS_GRACE = 500;

/** One `deno jupyter` process. */
export class KernelProcess {
  /** Resolves when the process has ended, with how it did. */
  readonly ended: Promise<string>;
  #folder: string | undefined = Deno.makeTempDirSync({
    prefix: "fanin_kernel_",
  });
  #child: Deno.ChildProcess;
  #alive = true;
  #words = "";
  #abandon = () => {
    this.#kill();
    this.forget();
  };

  /**
   * Starts the process.
   *
   * @param file Its connection file, with ports and key.
   * @param cwd Its folder; the current one by default.
   * @throws {Error} If the folder is none.
   */
  constructor(file: ConnectionFile, cwd?: string) {
    const path = `${this.#folder}/connection.json`;
    try {
      Deno.writeTextFileSync(path, JSON.stringify(file), { mode: 0o600 });
      this.#child = new Deno.Command(Deno.execPath(), {
        args: ["jupyter", "--quiet", "--kernel", "--conn", path],
        cwd,
        clearEnv: true,
        env: environment(),
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn();
    } catch (error) {
      this.forget();
      throw error;
    }
    globalThis.addEventListener("unload", this.#abandon);
    this.ended = this.#watch();
  }

  /** The operating system's id of the process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Removes the temporary folder: a kernel that has answered has read its file. */
  forget(): void {
    if (this.#folder !== undefined) {
      Deno.removeSync(this.#folder, { recursive: true });
    }
    this.#folder = undefined;
  }

  /** Waits so many milliseconds for the end of the process, ends it by force then, and cleans up. */
  async end(grace: number): Promise<void> {
    const timer = setTimeout(() => this.#kill(), grace);
    await this.ended;
    clearTimeout(timer);
    globalThis.removeEventListener("unload", this.#abandon);
    this.forget();
  }

  async #watch(): Promise<string> {
    const reader = this.#child.stderr.pipeThrough(new TextDecoderStream())
      .getReader();
    const listened = this.#listen(reader);
    const { code, signal } = await this.#child.status;
    this.#alive = false;
    // A process that the kernel started may hold the pipe open.
    const timer = setTimeout(() => reader.cancel(), LAST_WORDS_GRACE);
    await listened;
    clearTimeout(timer);
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
    const words = stripVTControlCharacters(this.#words).trimEnd();
    return words === "" ? how : `${how}\n${words}`;
  }

  async #listen(reader: ReadableStreamDefaultReader<string>): Promise<void> {
    for (
      let next = await reader.read();
      !next.done;
      next = await reader.read()
    ) {
      this.#words = (this.#words + next.value).slice(-LAST_WORDS);
    }
  }

  #kill(): void {
    if (this.#alive) this.#child.kill("SIGKILL");
  }
}

/** Returns this process's variables without those that color or uncolor outputs. */
function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) =>
      !COLOR_VARIABLES.includes(name)
    ),
  );
}
