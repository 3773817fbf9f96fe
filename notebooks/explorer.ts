/**
 * `deno task explorer`: bundles the explorer's panel from `lib/`, and writes it
 * packed to `lib/notebook/explorer/panel_code.ts`, which outputs include. Run
 * it when anything that the panel uses has changed.
 *
 * @module
 */

import { join } from "node:path";
import { deflateRawSync } from "node:zlib";

const root = join(import.meta.dirname!, "..");
const written = join(root, "lib", "notebook", "explorer", "panel_code.ts");

/**
 * Returns the panel's code: one script that sets `module.exports`.
 *
 * @throws {Error} If the sources cannot be bundled.
 */
export async function bundlePanel(): Promise<string> {
  const temp = await Deno.makeTempDir();
  try {
    const path = join(temp, "panel.js");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "bundle",
        "--quiet",
        "--platform=browser",
        "--format=cjs",
        "--minify",
        // The panel opens no file, and what another file loads late would keep
        // the bundler from leaving out what is not used.
        "--external",
        "./open.ts",
        "-o",
        path,
        "lib/notebook/explorer/panel.ts",
      ],
      cwd: root,
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return await Deno.readTextFile(path);
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
}

/**
 * Returns the file that carries code.
 *
 * @param code The panel's code.
 */
function moduleOf(code: string): string {
  const packed = deflateRawSync(code, { level: 9 }).toString("base64");
  return `/**
 * The explorer's panel for the page: bundled from \`panel.ts\`, deflated, in base
 * 64. Written by \`deno task explorer\`.
 *
 * @module
 */

/** The packed script. */
export const panelCode: string =
  "${packed}";
`;
}

if (import.meta.main) {
  const code = await bundlePanel();
  const text = moduleOf(code);
  await Deno.writeTextFile(written, text);
  console.log(
    `Wrote ${written}: ${code.length} characters, packed ${text.length}`,
  );
}
