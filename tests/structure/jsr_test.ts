/**
 * What JSR publishes, and what it scores of that. Slow types are found by `deno
 * publish --dry-run`.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { root } from "./graph.ts";

/** What `deno doc --json` says of an entry point. */
interface Documented {
  readonly module_doc?: Doc;
  readonly symbols: readonly {
    readonly name: string;
    readonly declarations: readonly Declaration[];
  }[];
}

interface Declaration {
  readonly kind: string;
  readonly declarationKind: string;
  readonly jsDoc?: Doc;
  readonly def?: { readonly hasBody?: boolean };
}

interface Doc {
  readonly doc?: string;
  readonly tags?: readonly { readonly kind: string }[];
}

const { name, version, exports } = JSON.parse(read("deno.json")) as {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
};

Deno.test("the library is published, and nothing else", async () => {
  const text = await deno(
    "publish",
    "--dry-run",
    "--allow-dirty",
    "--no-check",
  );
  assertEquals(
    [...text.matchAll(/^Simulating publish of (\S+)/gm)].map(([, id]) => id),
    [`${name}@${version}`],
  );
  const files = [...text.matchAll(/^ +file:\S+\/\S+/gm)].map(([line]) =>
    line.trim().slice(root.href.length)
  );
  const others = files.filter((file) => !file.startsWith("lib/"));
  assertEquals(others.sort(), ["LICENSE", "README.md", "deno.json", "mod.ts"]);
  assertEquals(files.filter((file) => /_test\.|\/assembly\//.test(file)), []);
  for (const file of Object.values(exports)) {
    assert(files.includes(file.slice(2)), file);
  }
});

Deno.test("JSR's rules on docs hold", async () => {
  assertStringIncludes(read("README.md"), "```ts\n");
  for (const [entry, file] of Object.entries(exports)) {
    const { href } = new URL(file, root);
    const { nodes } = JSON.parse(await deno("doc", "--json", href));
    const { module_doc: moduleDoc, symbols } = nodes[href] as Documented;
    assert(hasExample(moduleDoc), `${entry} has no example in its module doc`);
    const bare = symbols.filter(({ declarations }) =>
      publicOf(declarations).some(({ jsDoc }) => jsDoc === undefined)
    );
    assertEquals(bare.map(({ name }) => `${entry} ${name}`), []);
  }
});

function hasExample(doc: Doc | undefined): boolean {
  return doc?.doc?.includes("```") === true ||
    doc?.tags?.some(({ kind }) => kind === "example") === true;
}

/** Without private ones, and without the body behind overloads. */
function publicOf(declarations: readonly Declaration[]): Declaration[] {
  const seen = declarations.filter(({ declarationKind }) =>
    declarationKind !== "private"
  );
  return seen.filter(({ def }) => seen.length === 1 || !def?.hasBody);
}

async function deno(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  assert(success, text.decode(stderr));
  return args[0] === "publish" ? text.decode(stderr) : text.decode(stdout);
}

function read(file: string): string {
  return Deno.readTextFileSync(new URL(file, root));
}
