import { assert, assertEquals } from "@std/assert";
import { examplesOf } from "./examples.ts";
import { filesBelow } from "./run.ts";

const root = new URL("file:///project/");

/** A module with blocks of all kinds; its examples are `1` to `4`. */
const module = `/**
 * A module.
 *
 * \`\`\`ts
 * console.log(1);
 * \`\`\`
 *
 * @module
 */

/**
 * \`\`\`ts ignore
 * console.log("ignored");
 * \`\`\`
 * \`\`\`sh
 * console.log("sh");
 * \`\`\`
 */
export class Example {
  /**
   * Indented.
   *
   * \`\`\`ts
   * if (true) {
   *
   *   console.log(2);
   * }
   * \`\`\`
   * and
   * \`\`\`ts
   * import { other } from "./other.ts";
   *
   * console.log(other);
   * \`\`\`
   */
  method() {}
}
`;

const document = `# Document

\`\`\`ts
import { other } from "./other.ts";
console.log(other + 1);
\`\`\`

\`\`\`txt
console.log("txt");
\`\`\`
`;

Deno.test("the examples are those that deno test --doc runs", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const files = { "module.ts": module, "document.md": document };
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    await Deno.writeTextFile(`${folder}/other.ts`, "export const other = 3;");
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "--no-check", "--doc", ...Object.keys(files)],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const output = new TextDecoder().decode(stdout);
    const found = Object.entries(files).flatMap(([name, text]) =>
      examplesOf(name, text, root)
    );
    assertEquals(
      found.map(({ name }) => name).sort(),
      [...output.matchAll(/^running 1 test from \.\/(.*)$/gm)]
        .map(([, name]) => name).sort(),
    );
    assertEquals(output.match(/^\d$/gm), ["1", "2", "3", "4"]);
    const imports = `import { other } from "file:///project/other.ts";\n`;
    assertEquals(found.map(({ code }) => code), [
      "console.log(1);\n",
      "if (true) {\n\n  console.log(2);\n}\n",
      `${imports}\nconsole.log(other);\n`,
      `${imports}console.log(other + 1);\n`,
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("no example of the project is overlooked", () => {
  const files = Object.entries(filesBelow(["tests/examples_test.ts"]));
  assert(files.length > 300);
  for (const [path, text] of files) {
    const fences = text.match(/^[ *]*```.*$/gm) ?? [];
    const named = fences.filter((fence) => /\w/.test(fence));
    const code = fences.filter((fence) =>
      /`(?:[jt]sx?|\w+script)$/.test(fence)
    );
    assertEquals(
      fences.length,
      2 * named.length,
      `${path}: a block has a name`,
    );
    assertEquals(examplesOf(path, text, root).length, code.length, path);
  }
});
