/**
 * What imports what, asked of `deno info`.
 *
 * @module
 */

/** An import: the importing file and the imported one, as paths from the root. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** What entries load, and the imports between the modules. */
export interface Graph {
  /**
   * The modules that load with the entries: paths from the root for the
   * project's files, specifiers for others.
   */
  readonly modules: readonly string[];
  /** The imports of those modules, also of types and by `import()`. */
  readonly edges: readonly Edge[];
}

interface Dependency {
  readonly code?: { readonly specifier?: string };
  readonly type?: { readonly specifier?: string };
  readonly isDynamic?: boolean;
}

interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly Dependency[];
  }[];
}

/** The project's root, as a URL with a slash at its end. */
export const root = new URL("../../", import.meta.url);

/** What is in AssemblyScript: no part of the graph, and no TypeScript. */
const assembly = "lib/numerics/kernels/assembly";

/**
 * Returns the files below a folder of the project, sorted, as paths from the
 * root; without hidden ones, and those in AssemblyScript.
 *
 * @param folder The folder, without a slash at its end: `lib`.
 * @param extension How names end: `.ts`.
 */
export function filesBelow(folder: string, extension: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name.startsWith(".") || path === assembly) return [];
    if (entry.isDirectory) return filesBelow(path, extension);
    return path.endsWith(extension) ? [path] : [];
  }).sort();
}

/**
 * Returns what loads when entries are imported.
 *
 * @param entries Paths from the root.
 */
export async function graphOf(...entries: string[]): Promise<Graph> {
  const edges = new Map<string, Edge>();
  const modules = new Set<string>();
  for (const entry of entries) {
    if (modules.has(entry)) continue;
    const parts = new Map(
      (await info(entry)).modules.map(({ specifier, dependencies }) =>
        [fromRoot(specifier), dependencies ?? []] as const
      ),
    );
    const queue = [entry];
    for (const from of queue) {
      if (modules.has(from)) continue;
      modules.add(from);
      for (const dependency of parts.get(from) ?? []) {
        const target = dependency.code ?? dependency.type;
        if (target?.specifier === undefined) continue;
        const to = fromRoot(target.specifier);
        edges.set(`${from} ${to}`, { from, to });
        if (!dependency.isDynamic) queue.push(to);
      }
    }
  }
  return { modules: [...modules].sort(), edges: [...edges.values()] };
}

async function info(entry: string): Promise<Info> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: root,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

function fromRoot(specifier: string): string {
  return specifier.startsWith(root.href)
    ? specifier.slice(root.href.length)
    : specifier;
}
