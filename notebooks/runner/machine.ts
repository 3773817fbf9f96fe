/**
 * Traces of a machine in outputs, which must not be committed.
 *
 * @module
 */

import type { Notebook } from "./notebook.ts";

/** A path of a machine, and its place. */
export interface Trace {
  /** The cell's number, from 1. */
  readonly cell: number;
  /** The path, or its beginning. */
  readonly path: string;
}

/** Folders in which people's files are, on any machine. */
const HOMES = ["/home/", "/Users/", String.raw`[A-Z]:[\\/]+Users[\\/]`];
/** A path does not begin within a longer word: base64 has slashes too. */
const START = "(?<![A-Za-z0-9+/=])";
const REST = String.raw`[^\s"'<>)]*`;

/**
 * Returns the first path of a machine in each cell's outputs.
 *
 * @param notebook The notebook.
 * @param folders Absolute folders of this machine, such as the current one and the user's own.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { machinePaths } from "./machine.ts";
 *
 * const outputs = [{ output_type: "stream" as const, name: "stdout", text: "read /data/me/weights.npy" }];
 * const cell = { cell_type: "code" as const, id: "a", metadata: {}, source: "", outputs };
 * assertEquals(machinePaths({ cells: [cell], metadata: {} }, ["/data/me"]), [{ cell: 1, path: "/data/me/weights.npy" }]);
 * assertEquals(machinePaths({ cells: [cell], metadata: {} }, []), []);
 * ```
 */
export function machinePaths(
  notebook: Notebook,
  folders: readonly string[],
): Trace[] {
  const here = folders.filter((folder) => folder.length > 1).map((folder) =>
    `${RegExp.escape(folder)}(?![\\w-])`
  );
  const path = new RegExp(
    `file:///${REST}|${START}(?:${[...HOMES, ...here].join("|")})${REST}`,
  );
  return notebook.cells.flatMap((cell, index) => {
    const found = texts(cell.outputs).map((text) => path.exec(text)?.[0]).find((
      path,
    ) => path !== undefined);
    return found === undefined ? [] : [{ cell: index + 1, path: found }];
  });
}

/** Returns the folders of this machine that an output may name: the current one, the user's, the temporary one. */
export function machineFolders(): string[] {
  const names = ["HOME", "USERPROFILE", "TMPDIR", "TEMP", "DENO_DIR"];
  const folders = names.map((name) => Deno.env.get(name)).filter((folder) =>
    folder !== undefined
  );
  return [Deno.cwd(), "/tmp", ...folders];
}

/** Returns all strings in a value, at any depth. */
function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap(texts)
    : [];
}
