import { assertEquals } from "@std/assert";
import { nn } from "../../mod.ts";
import { testRefusals } from "./refusals.ts";

testRefusals([
  ["ConvTranspose1d", [4, 6, [3, 3]], RangeError, "list of 1"],
  ["ConvTranspose2d", [4, 6], TypeError, "kernelSize must be a number"],
  ["ConvTranspose2d", [4, 6, 0], RangeError, "kernelSize"],
  ["ConvTranspose2d", [4, 6, 3, 0], RangeError, "stride"],
  ["ConvTranspose2d", [4, 6, 3, { dilation: 0.5 }], RangeError, "dilation"],
  ["ConvTranspose2d", [4, 6, 3, 1, -1], RangeError, "padding"],
  // PyTorch takes the text for a list of letters.
  ["ConvTranspose2d", [4, 6, 3, 1, "same"], TypeError, "padding"],
  ["ConvTranspose2d", [4, 6, 3, { groups: 4 }], RangeError, "outChannels must"],
  ["ConvTranspose2d", [5, 6, 3, { groups: 2 }], RangeError, "inChannels must"],
  [
    "ConvTranspose2d",
    [4, 6, 3, { paddingMode: "reflect" }],
    RangeError,
    "paddingMode must be one of zeros",
  ],
  // PyTorch finds these out when the layer is called.
  ["ConvTranspose2d", [4, 6, 3, 2, 0, -1], RangeError, "outputPadding"],
  ["ConvTranspose2d", [4, 6, 3, 1, 0, 1], RangeError, "less than stride or"],
  [
    "ConvTranspose2d",
    [4, 6, 3, [3, 2], 0, [2, 2]],
    RangeError,
    "less than stride or dilation along each axis, got [2, 2]",
  ],
  ["ConvTranspose3d", [4, 6, [3, 3]], RangeError, "list of 3"],
  ["Conv2d", [4, 6, 3, { outputPadding: 0 }], TypeError, "outputPadding"],
]);

Deno.test("the output's padding may be less than the stride or the dilation", () => {
  const { outputPadding, dilation, transposed } = new nn.ConvTranspose2d(
    4,
    6,
    3,
    [3, 1],
    0,
    [2, 1],
    2,
    true,
    [1, 2],
  );
  assertEquals({ outputPadding, dilation, transposed }, {
    outputPadding: [2, 1],
    dilation: [1, 2],
    transposed: true,
  });
});
