/**
 * `deno task explorer`: bundles the explorer's panel from `lib/`, and writes it
 * packed to `lib/notebook/explorer/panel_code.ts`, which outputs include. Run
 * it when anything that the panel uses has changed.
 *
 * @module
 */

import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { base85 } from "../lib/notebook/plotly.ts";

const root = join(import.meta.dirname!, "..");
const written = join(root, "lib", "notebook", "explorer", "panel_code.ts");

/**
 * What the panel never calls. It opens no file, prints no tensor, to a console
 * or as JSON, and makes no digest of one; it reads no float of 8 bits, and draws
 * no heat map and no slider; its generator never jumps, and it has no compiled
 * kernels. Loading one of these gives an empty object there.
 */
const unused: readonly string[] = [
  "./open.ts",
  "./jump.ts",
  "./print.ts",
  "./console.ts",
  "./json.ts",
  "./digest.ts",
  "./small_floats.ts",
  "./heatmap.ts",
  "./slider.ts",
  "../../numerics/kernels/fill.ts",
];

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
        ...unused.flatMap((file) => ["--external", file]),
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
  const packed = base85(deflateRawSync(code, { level: 9, memLevel: 9 }));
  return `/**
 * The explorer's panel for the page: bundled from \`panel.ts\` and packed. Written
 * by \`deno task explorer\`.
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
