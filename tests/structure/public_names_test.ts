/**
 * The public names, against sorted lists. To accept a change:
 * `deno test -A tests/structure/public_names_test.ts -- --update`.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { root } from "./graph.ts";

/** Each entry point and the list of its names. */
const entries: readonly [entry: string, list: string][] = [
  ["mod.ts", "public_names.txt"],
  ["lib/checkpoint/mod.ts", "public_names_formats.txt"],
  ["lib/checkpoint/mod.ts", "public_names_inspection.txt"],
  ["lib/cli/mod.ts", "public_names_cli.txt"],
];

/** A name in what `deno doc --json` says. */
interface Named {
  readonly name: string;
  readonly declarations: readonly { readonly kind: string }[];
}

for (const [entry, name] of entries) {
  Deno.test(`the public names of ${entry} are those of ${name}`, async () => {
    const list = new URL(name, import.meta.url);
    const names = `${(await namesOf(new URL(entry, root))).join("\n")}\n`;
    if (Deno.args.includes("--update")) await Deno.writeTextFile(list, names);
    assertEquals(names, await Deno.readTextFile(list));
  });
}

Deno.test("each entry point of deno.json has a list", async () => {
  const { exports } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", root)),
  );
  assertEquals(Object.values(exports), entries.map(([entry]) => `./${entry}`));
});

/**
 * Returns `name: kind` for each export, and for each export of a module that
 * is exported as a namespace, sorted.
 */
async function namesOf(module: URL, prefix = ""): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", module.href],
    cwd: root,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout));
  const names = nodes[module.href].symbols.map((
    { name, declarations }: Named,
  ) => `${prefix}${name}: ${declarations[0].kind}`);
  const source = await Deno.readTextFile(module);
  for (const [, name, path] of source.matchAll(namespaceExport)) {
    names.push(...await namesOf(new URL(path, module), `${prefix}${name}.`));
  }
  return names.sort();
}

// `deno doc` leaves out what such a namespace re-exports.
const namespaceExport = /^export \* as (\w+) from "(.+)";$/gm;
