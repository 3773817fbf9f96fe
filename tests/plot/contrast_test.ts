import { assert, assertAlmostEquals } from "@std/assert";
import { channels, contrast, least } from "./contrast.ts";
import { figures } from "./figures.ts";
import { parseXml } from "./xml.ts";
import { layoutOf } from "./layout.ts";

const white = channels("#ffffff");
const black = channels("#000000");

Deno.test("contrast is that of the guidelines", () => {
  assertAlmostEquals(contrast(white, black), 21, 1e-12);
  assertAlmostEquals(contrast(black, black), 1, 1e-12);
  // The lightest gray that passes on white, as the guidelines' tools have it.
  assertAlmostEquals(contrast(channels("#767676"), white), 4.54, 5e-3);
  assertAlmostEquals(
    contrast(channels("rgb(119, 119, 119)"), white),
    4.48,
    5e-3,
  );
});

Deno.test("each text of each figure is seen on white and on black", () => {
  for (const [name, make] of Object.entries(figures)) {
    const figure = make();
    const { data, frames } = figure;
    const layout = layoutOf(figure);
    const { hoverlabel, ...rest } = layout;
    const colors = textColors([data, rest, frames]);
    assert(layout.font?.color !== undefined, `${name}: what texts inherit`);
    for (const color of colors) assertSeen(color, [white, black], name);
    const { bgcolor, font } = hoverlabel!;
    assertSeen(font!.color!, [channels(bgcolor!)], name);
  }
});

Deno.test("each text of each picture is seen on white and on black", () => {
  for (const [name, make] of Object.entries(figures)) {
    const texts = parseXml(make().toSvg()).all("text");
    assert(texts.length > 3, name);
    for (const { attributes } of texts) {
      assert(!("fill-opacity" in attributes), name);
      assertSeen(attributes.fill, [white, black], name);
    }
  }
});

function assertSeen(
  color: string,
  backgrounds: readonly (readonly number[])[],
  name: string,
): void {
  for (const background of backgrounds) {
    const found = contrast(channels(color), background);
    assert(found >= least, `${name}: ${color} on ${background}: ${found}`);
  }
}

/** The colors of all letters, wherever they stand in plotly's JSON. */
function textColors(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    /font$/i.test(key) && item?.color !== undefined
      ? [item.color as string]
      : textColors(item)
  );
}
