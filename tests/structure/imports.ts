/**
 * Each import of `lib/` and `mod.ts`, of this checkout or of another one, asked
 * of `deno info`.
 *
 * @module
 */

/** An import: the importing file and the imported module. */
export interface Import {
  /** The importing file, as a path from the root: `lib/core/tensor.ts`. */
  readonly from: string;
  /** The same of the imported file; of a package, its specifier. */
  readonly to: string;
  /** Whether a program loads it: always, never, or when it is asked for. */
  readonly kind: "static" | "type" | "dynamic";
}

interface Dependency {
  readonly code?: { readonly specifier?: string };
  readonly type?: { readonly specifier?: string };
  readonly isDynamic?: boolean;
}

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly Dependency[];
}

/**
 * Returns the sources of `lib/` and `mod.ts`, sorted, as paths from the root:
 * without what is in AssemblyScript, and without hidden files.
 *
 * @param root The root, with a slash at its end.
 */
export function sourcesOf(root: URL): string[] {
  return [...filesBelow(root, "lib"), "mod.ts"];
}

/**
 * Returns the TypeScript below a folder, sorted, as paths from the root; what is
 * in AssemblyScript is none.
 *
 * @param root The root, with a slash at its end.
 * @param folder The folder, without a slash at its end: `lib`.
 */
export function filesBelow(root: URL, folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name.startsWith(".") || path.endsWith("/kernels/assembly")) {
      return [];
    }
    if (entry.isDirectory) return filesBelow(root, path);
    return path.endsWith(".ts") ? [path] : [];
  }).sort();
}

/**
 * Returns each import of `lib/` and `mod.ts`; those in comments are none.
 *
 * @param root The root, with a slash at its end.
 * @throws {Error} If `deno info` fails.
 */
export async function importsOf(root: URL): Promise<Import[]> {
  const files = sourcesOf(root);
  const modules = await infoOf(root, files);
  const imports = new Map<string, Import>();
  for (const { specifier, dependencies } of modules) {
    const from = fromRoot(root, specifier);
    if (!files.includes(from)) continue;
    for (const { code, type, isDynamic } of dependencies ?? []) {
      const target = (code ?? type)?.specifier;
      if (target === undefined) continue;
      const to = fromRoot(root, target);
      const kind = code === undefined
        ? "type"
        : isDynamic
        ? "dynamic"
        : "static";
      imports.set(`${from} ${to} ${kind}`, { from, to, kind });
    }
  }
  return [...imports.values()];
}

/** Asks once for all files: of a file, outside the project, that has them all. */
async function infoOf(
  root: URL,
  files: readonly string[],
): Promise<readonly Module[]> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const lines = files.map((file) =>
      `import ${JSON.stringify(new URL(file, root).href)};\n`
    );
    await Deno.writeTextFile(entry, lines.join(""));
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      {
        args: ["info", "--json", "--no-lock", "--config=deno.json", entry],
        cwd: root,
      },
    ).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout)).modules;
  } finally {
    await Deno.remove(entry);
  }
}

function fromRoot(root: URL, specifier: string): string {
  return specifier.startsWith(root.href)
    ? specifier.slice(root.href.length)
    : specifier;
}
