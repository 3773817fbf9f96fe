import { hasFonts } from "./fonts.ts";
import {
  assert,
  assertEquals,
  assertGreater,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { plot, tensor } from "../../mod.ts";
import { drawPng } from "../../lib/notebook/png.ts";
import { figures } from "../plot/figures.ts";
import { layoutOf } from "../plot/layout.ts";
import { decodePng, type Pixels } from "./png_pixels.ts";

/** A red square, and letters in the right half. */
const picture = {
  svg:
    '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40"><rect x="10" y="10" width="20" height="20" fill="#ff0000"/><text x="50" y="25" font-family="system-ui, Arial, sans-serif" font-size="12" fill="#767676">−√σ∞≈²</text></svg>',
  width: 100,
  height: 40,
};

Deno.test("a PNG is the SVG at its scale, on a transparent ground", {
  ignore: !hasFonts,
}, async () => {
  for (const scale of [1, 2, 2.5]) {
    const pixels = await decodePng(await drawPng(picture, { scale }));
    assertEquals([pixels.width, pixels.height], [100 * scale, 40 * scale]);
    const at = (x: number, y: number) => pixelAt(pixels, x * scale, y * scale);
    assertEquals(at(20, 20), [255, 0, 0, 255]);
    assertEquals(at(4, 20), [0, 0, 0, 0]);
  }
  const pixels = await decodePng(await drawPng(picture));
  assertEquals(pixels.width, 200);
});

Deno.test(
  "a PNG has the same bytes each time",
  { ignore: !hasFonts },
  async () => {
    assertEquals(await drawPng(picture), await drawPng(picture));
  },
);

Deno.test(
  "letters come out, none of them a box",
  { ignore: !hasFonts },
  async () => {
    const shapes = new Set<string>();
    for (const letter of "−√σ∞≈²é…–·") {
      const svg = picture.svg.replace("−√σ∞≈²", letter);
      const pixels = await decodePng(await drawPng({ ...picture, svg }));
      assertGreater(inked(pixels, [40, 0, 100, 40]), 4, letter);
      shapes.add(pixels.rgba.join());
    }
    assertEquals(shapes.size, 10);
  },
);

Deno.test("each figure draws itself as PNG, with its title", {
  ignore: !hasFonts,
}, async () => {
  for (const [name, make] of Object.entries(figures)) {
    const figure = make();
    const { width, height, margin } = layoutOf(figure);
    const pixels = await decodePng(await figure.toPng());
    assertEquals([pixels.width, pixels.height], [2 * width, 2 * height], name);
    const head = inked(pixels, [0, 0, width, margin.t / 2]);
    assertGreater(head, 200, `${name}: the title`);
    const body = inked(pixels, [0, margin.t, width, height]);
    assertGreater(body, 1000, `${name}: the plot`);
  }
});

Deno.test("a scale that draws nothing or too much throws", async () => {
  const figure = plot.weights(tensor([1, 2, 3]));
  for (const scale of [0, -1, 0.001, 100, NaN, Infinity]) {
    await assertRejects(
      () => figure.toPng({ scale }),
      RangeError,
      "Cannot draw a PNG: ",
    );
  }
  await assertRejects(
    () => figure.toPng({ scale: "2" as never }),
    TypeError,
    'Cannot draw a PNG: scale must be a number, got "2"',
  );
  await assertRejects(
    () => figure.toPng({ size: 2 } as never),
    TypeError,
    "Cannot draw a PNG: options must be among scale, got size",
  );
  assert((await figure.toPng({ scale: undefined })).length > 1000);
});

Deno.test("where resvg cannot be had, the reason is said", async () => {
  const cache = await Deno.makeTempDir();
  const [png, fixed, thrown] = await run({ DENO_DIR: cache }, "--cached-only");
  await Deno.remove(cache, { recursive: true });
  const reason = "Cannot draw a PNG: npm:@resvg/resvg-js@2.6.2 must be there";
  assertStringIncludes(png, `text/plain (shown as text: ${reason}`);
  assertEquals(fixed, "image/svg+xml,text/plain");
  assertStringIncludes(thrown, reason);
});

Deno.test({
  name: "without a font there is no PNG, rather than one without letters",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const config = await Deno.makeTempFile({ suffix: ".conf" });
    await Deno.writeTextFile(config, "<fontconfig></fontconfig>");
    const [png, fixed, thrown] = await run({ FONTCONFIG_FILE: config });
    await Deno.remove(config);
    const reason = "Cannot draw a PNG: the machine must have a font, got none";
    assertEquals(png, `text/plain (shown as text: ${reason})`);
    assertEquals(fixed, "image/svg+xml,text/plain");
    assertEquals(thrown, reason);
  },
});

const program = `
import { plot, tensor } from "${new URL("../../mod.ts", import.meta.url)}";
const figure = plot.weights(tensor([1, 2, 3]));
for (const renderer of ["png", "static"]) {
  const shown = await figure[Symbol.for("Jupyter.display")]({ renderer });
  const [reason = ""] = /\\(shown as text: .*/.exec(shown["text/plain"]) ?? [];
  console.log(\`\${Object.keys(shown)} \${reason}\`.trim());
}
await figure.toPng().catch((error) => console.log(error.message));
`;

/** Runs the program in another environment; returns its lines. */
async function run(
  env: Record<string, string>,
  ...options: string[]
): Promise<string[]> {
  const main = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(main, program);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-config", "--no-check", ...options, main],
    env: { ...env, NO_COLOR: "1" },
  }).output();
  await Deno.remove(main);
  return new TextDecoder().decode(stdout).trim().split("\n");
}

function pixelAt({ width, rgba }: Pixels, x: number, y: number): number[] {
  const at = 4 * (y * width + x);
  return [...rgba.subarray(at, at + 4)];
}

/** How many pixels are not transparent in a box of a picture at scale 2. */
function inked(
  pixels: Pixels,
  box: readonly [number, number, number, number],
): number {
  const [left, top, right, bottom] = box.map((side) => Math.round(2 * side));
  let count = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      if (pixels.rgba[4 * (y * pixels.width + x) + 3] > 0) count++;
    }
  }
  return count;
}
