/**
 * The public names, against sorted lists. To accept a change:
 * `deno test -A tests/structure/public_names_test.ts -- --update`.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { root } from "./graph.ts";

/** The most names that all entry points have together. */
const most = 231;

/** A name in what `deno doc --json` says. */
interface Named {
  readonly name: string;
  readonly declarations: readonly { readonly kind: string }[];
}

const { exports } = JSON.parse(
  await Deno.readTextFile(new URL("deno.json", root)),
) as { readonly exports: Readonly<Record<string, string>> };

let count = 0;

for (const [entry, file] of Object.entries(exports)) {
  const name = entry === "." ? "fanin" : entry.slice(2);
  Deno.test(`the public names of ${entry} are those of its list`, async () => {
    const list = new URL(`public_names/${name}.txt`, import.meta.url);
    const names = await namesOf(new URL(file, root));
    count += names.length;
    const text = `${names.join("\n")}\n`;
    if (Deno.args.includes("--update")) await Deno.writeTextFile(list, text);
    assertEquals(text, await Deno.readTextFile(list));
  });
}

Deno.test(`there are at most ${most} public names`, () => {
  assert(count > 0 && count <= most, `${count}`);
});

/**
 * Returns `name: kind` for each export, sorted. A module that is exported as a
 * namespace is an entry point of its own, so its names are not in the list.
 */
async function namesOf(module: URL): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", module.href],
    cwd: root,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout));
  return nodes[module.href].symbols.map((
    { name, declarations }: Named,
  ) => `${name}: ${declarations[0].kind}`).sort();
}
