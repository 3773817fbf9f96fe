import { testRefusals } from "./refusals.ts";

testRefusals([
  ["Conv1d", [16, 33, [3, 3]], RangeError, "list of 1"],
  ["Conv1d", [16, 33, 3, [2], "same"], RangeError, "stride must be 1"],
  ["Conv3d", [16, 33, [3, 3]], RangeError, "list of 3"],
  ["Conv3d", [16, 33, 3, { groups: 3 }], RangeError, "inChannels must be"],
  ["Conv2d", [16, 33], TypeError, "kernelSize must be a number"],
  ["Conv2d", [16, 33, 0], RangeError, "kernelSize"],
  ["Conv2d", [16, 33, [3, 3, 3]], RangeError, "list of 2"],
  ["Conv2d", [16, 33, [3, -3]], RangeError, "-3"],
  ["Conv2d", [16, 33, 3, 0], RangeError, "stride"],
  ["Conv2d", [16, 33, 3, 1, -1], RangeError, "padding"],
  ["Conv2d", [16, 33, 3, 1, "full"], TypeError, "padding"],
  ["Conv2d", [16, 33, 3, 2, "same"], RangeError, "stride must be 1"],
  ["Conv2d", [16, 33, 3, { dilation: 0 }], RangeError, "dilation"],
  ["Conv2d", [16, 33, 3, { groups: 0 }], RangeError, "groups"],
  ["Conv2d", [16, 33, 3, { groups: 3 }], RangeError, "inChannels must be"],
  ["Conv2d", [15, 32, 3, { groups: 3 }], RangeError, "outChannels must be"],
  ["Conv2d", [16, 33, 3, { paddingMode: "wrap" }], RangeError, '"wrap"'],
  ["Conv2d", [16, 33, 3, { strides: 2 }], TypeError, "strides"],
]);
