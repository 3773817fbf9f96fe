/**
 * The system's files, by Node's API, which Deno and Bun have too.
 *
 * @module
 */

import { builtin, currentDeno } from "../core/platform.ts";
import { cannot } from "../core/options.ts";

/** What is known of a file. */
export interface Stats {
  readonly size: number;
  /** Who may read and write it, and its kind. */
  readonly mode: number;
  /** The device that holds it. */
  readonly dev: number;
  /** Its number on that; 0 where the system has none. */
  readonly ino: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** Takes an error, or a result. */
type Done<T> = (error: unknown, result: T) => void;

/** Reads or writes a range of a file; says how many bytes it took. */
type Transfer = (
  file: number,
  bytes: Uint8Array,
  start: number,
  length: number,
  offset: number,
  done: Done<number>,
) => void;

/** The part of `node:fs` that is used; a number stands for an open file. */
export interface FileSystem {
  open(path: string, flags: string, mode: number, done: Done<number>): void;
  fstatSync(file: number): Stats;
  readonly read: Transfer;
  readonly write: Transfer;
  fsync(file: number, done: Done<void>): void;
  fdatasync(file: number, done: Done<void>): void;
  closeSync(file: number): void;
  writeSync(file: number, bytes: Uint8Array): number;
  readonly promises: {
    stat(path: string): Promise<Stats>;
    lstat(path: string): Promise<Stats>;
    readlink(path: string): Promise<string>;
    realpath(path: string): Promise<string>;
    chmod(path: string, mode: number): Promise<void>;
    readdir(path: string): Promise<string[]>;
    readFile(path: string): Promise<Uint8Array>;
    rename(from: string, to: string): Promise<void>;
    unlink(path: string): Promise<void>;
    mkdir(path: string, options: { recursive: boolean }): Promise<unknown>;
  };
}

/** An error of the system, as Node gives it. */
export interface SystemError extends Error {
  /** What failed: `ENOENT`. */
  readonly code: string;
  /** The system's number of it; some platforms give it below 0. */
  readonly errno?: number;
}

/** What Deno calls errors of the system that callers tell apart. */
const denoNames: Readonly<Record<string, string>> = {
  EACCES: "PermissionDenied",
  EEXIST: "AlreadyExists",
  ENOENT: "NotFound",
  EPERM: "PermissionDenied",
};

/**
 * Returns the system's files.
 *
 * @param action What is being done, for the error message.
 * @throws {TypeError} If there are none, as in a browser.
 */
export function fileSystem(action: string): FileSystem {
  const found = builtin("node:fs");
  if (found !== undefined) return found as FileSystem;
  throw new TypeError(
    cannot(
      action,
      "the platform must have files, as Deno, Node and Bun have",
      "a browser; pass it the bytes, to openSafetensors or its like",
    ),
  );
}

/** An open file, read and written at any place. */
export class OpenFile {
  readonly #system: FileSystem;
  readonly #file: number;
  #running = 0;
  #isClosed = false;

  private constructor(system: FileSystem, file: number) {
    this.#system = system;
    this.#file = file;
  }

  /**
   * Opens a file.
   *
   * @param action What is being done, for the error message.
   * @param path The file.
   * @param flags `r` to read, `r+` to write what is there, `wx` to make a new one.
   * @param mode Who may read and write a new one, but for whom the system's
   * umask excludes. Default: all.
   * @throws Errors of the system.
   */
  static async open(
    action: string,
    path: string,
    flags: "r" | "r+" | "wx",
    mode = 0o666,
  ): Promise<OpenFile> {
    const system = fileSystem(action);
    const file = await promised<number>((done) =>
      system.open(path, flags, mode, done)
    );
    return new OpenFile(system, file);
  }

  /** Returns what is known of it. */
  stat(): Stats {
    return this.#system.fstatSync(this.#file);
  }

  /**
   * Returns the bytes of a range; fewer at the end of the file.
   *
   * @param offset Where it starts.
   * @param length How many bytes it has.
   */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    const end = await this.#whole(bytes, offset, "read");
    return bytes.subarray(0, end);
  }

  /**
   * Writes bytes. The system begins before this returns, where it can.
   *
   * @param offset Where they go.
   * @param bytes The bytes.
   */
  async write(offset: number, bytes: Uint8Array): Promise<void> {
    await this.#whole(bytes, offset, "write");
  }

  /** Waits until all is on the disk. */
  sync(): Promise<void> {
    return this.#run((done) => this.#system.fsync(this.#file, done));
  }

  /** Waits until all bytes are on the disk. */
  syncData(): Promise<void> {
    return this.#run((done) => this.#system.fdatasync(this.#file, done));
  }

  /** Closes it, when what is running has ended. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#running === 0) this.#system.closeSync(this.#file);
  }

  /** The system may take fewer bytes than it is given. */
  async #whole(
    bytes: Uint8Array,
    offset: number,
    operation: "read" | "write",
  ): Promise<number> {
    let end = 0;
    while (end < bytes.length) {
      const count = await this.#run<number>((done) =>
        this.#system[operation](
          this.#file,
          bytes,
          end,
          bytes.length - end,
          offset + end,
          done,
        )
      );
      if (count === 0) break;
      end += count;
    }
    return end;
  }

  /** The number of a closed file may soon be another file's. */
  async #run<T>(start: (done: Done<T>) => void): Promise<T> {
    if (this.#isClosed) {
      throw new TypeError(
        cannot("use a file", "it must be open", "a closed one"),
      );
    }
    this.#running++;
    try {
      return await promised(start);
    } finally {
      this.#running--;
      if (this.#isClosed && this.#running === 0) {
        this.#system.closeSync(this.#file);
      }
    }
  }
}

/**
 * Returns what a file holds.
 *
 * @param action What is being done, for the error message.
 * @param path The file.
 * @throws {TypeError} If the platform has no files.
 * @throws Errors of the system with the action in their message.
 */
export function readFile(action: string, path: string): Promise<Uint8Array> {
  const { readFile } = fileSystem(action).promises;
  return explained(action, () => readFile(path));
}

/**
 * Returns whether two paths lead to one file that is there.
 *
 * @param action What is being done, for the error message.
 * @param a A path.
 * @param b Another.
 * @throws Errors of the system, but for a missing file.
 */
export async function areOneFile(
  action: string,
  a: string,
  b: string,
): Promise<boolean> {
  const { stat } = fileSystem(action).promises;
  const [one, other] = await Promise.all(
    [a, b].map((path) => unlessMissing(action, () => stat(path))),
  );
  return one !== undefined && other !== undefined && one.ino !== 0 &&
    one.ino === other.ino && one.dev === other.dev;
}

/**
 * Runs a step and returns its result; undefined if there is no such file.
 *
 * @param action What is being done, for the error message.
 * @param step Runs the step.
 * @throws Other errors of the system.
 */
export async function unlessMissing<T>(
  action: string,
  step: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await explained(action, step);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

/**
 * Runs a step and returns its result. If the step fails, the error's message
 * says what was being done and to which file. In Deno it is of the class that
 * Deno has for it; it always has the system's `code`.
 *
 * @param action What is being done: `write "a.safetensors"`.
 * @param step Runs the step.
 */
export async function explained<T>(
  action: string,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!isFromSystem(error)) throw error;
    const { code, message } = error;
    const Class = code === undefined
      // Deno says itself which permission is missing.
      ? error.constructor as ErrorConstructor
      : denoClassOf(code) ?? Error;
    const reason = code === undefined
      ? message
      : reasonOf(error as SystemError);
    const told = new Class(cannot(action, reason), { cause: error });
    throw code === undefined ? told : Object.assign(told, { code });
  }
}

/**
 * Tells whether an error is one of the system's.
 *
 * @param error The error.
 * @param code Which one: `ENOENT`.
 */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** Turns `ENOENT: no such file or directory, open 'a'` into a sentence. */
function reasonOf({ message, errno }: SystemError): string {
  const [, text] = /^\w+: (.*?)(, \w+( '.*)?)?$/s.exec(message) ?? [, message];
  const number = errno === undefined ? "" : ` (os error ${Math.abs(errno)})`;
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}${number}`;
}

/** Those of Node have a code; Deno has classes for missing permissions. */
function isFromSystem(error: unknown): error is Error & { code?: string } {
  return error instanceof Error &&
    ("code" in error && typeof error.code === "string" ||
      error.name === "NotCapable");
}

function denoClassOf(code: string): ErrorConstructor | undefined {
  return currentDeno()?.errors[denoNames[code]] as ErrorConstructor | undefined;
}

function promised<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    start((error, result) => {
      if (error) reject(error);
      else resolve(result);
    })
  );
}
