/**
 * What the platform has besides a browser's API: Node's modules, which Deno and
 * Bun have too. They are got without an import, so a bundle for a page names
 * none of them.
 *
 * @module
 */

/** The part of `process` that is used. */
export interface Process {
  /** The arguments, after two that name the program. */
  readonly argv: readonly string[];
  /** The variables of the environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output. */
  readonly stdout: { readonly columns?: number; readonly isTTY?: boolean };
  /** Standard error. */
  readonly stderr: { readonly columns?: number };
  /** Ends the process. */
  exit(code: number): never;
  /** Returns a module. */
  getBuiltinModule?(name: string): unknown;
}

/** The part of `Deno` that is used. */
interface DenoApi {
  /** Whether text is to have no colors. */
  readonly noColor: boolean;
  /** Its classes of errors. */
  readonly errors: Readonly<Record<string, unknown>>;
  /** The kernel; reading it throws outside of a notebook. */
  readonly jupyter?: unknown;
}

/** The globals of a platform; a browser has neither. */
interface Globals {
  readonly process?: Process;
  readonly Deno?: DenoApi;
}

/** Returns `process`; nothing in a browser. */
export function currentProcess(): Process | undefined {
  return (globalThis as Globals).process;
}

/** Returns `Deno`; nothing elsewhere. */
export function currentDeno(): DenoApi | undefined {
  return (globalThis as Globals).Deno;
}

/**
 * Returns a module of Node; nothing where there is none.
 *
 * @param name Its name: `node:fs`.
 */
export function builtin(name: string): unknown {
  return currentProcess()?.getBuiltinModule?.(name);
}

/**
 * Returns the columns of the terminal that the console writes to; undefined where
 * it writes to none. A notebook's kernel may have been started on one.
 */
export function consoleColumns(): number | undefined {
  if (isInNotebook()) return undefined;
  const { isTTY, columns } = currentProcess()?.stdout ?? {};
  return isTTY === true && columns !== undefined && columns > 0
    ? columns
    : undefined;
}

function isInNotebook(): boolean {
  try {
    return currentDeno()?.jupyter !== undefined;
  } catch {
    return false;
  }
}
