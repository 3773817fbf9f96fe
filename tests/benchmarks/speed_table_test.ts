import { assertEquals } from "@std/assert";
import { results } from "./example.ts";
import { speedTable } from "./speed_table.ts";

Deno.test("the table has a row for each work and size, a column for each peer", () => {
  assertEquals(
    speedTable(results),
    `\
| work | numbers | fanin | PyTorch | NumPy | tfjs |
| --- | ---: | ---: | ---: | ---: | ---: |
| uniform | 1 M | 1.00 ns | 4.00 × |  |  |
| uniform | 16 M | 1.00 ns | 3.00 × | 0.500 × |  |
| orthogonal 256² | 65,536 | 10.0 ms |  |  | 725 × |`,
  );
});
