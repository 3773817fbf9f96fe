import { assertEquals, assertMatch } from "@std/assert";
import { kernelNames } from "../../lib/numerics/kernels/kernel.ts";

/** What pins bytes to PyTorch's. */
const pinned = [
  "tests/init/golden_test.ts",
  "tests/nn/golden_test.ts",
  "tests/nn/models_test.ts",
  "tests/random/generator_test.ts",
];
const root = new URL("../../", import.meta.url);

for (const name of kernelNames) {
  Deno.test(`${name} gives PyTorch's bytes in all golden tests`, async () => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "-A",
        "--no-check",
        "--preload",
        "tests/kernels/preload.ts",
        ...pinned,
      ],
      cwd: root,
      env: { FANIN_TEST_KERNEL: name, NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stdout);
    assertEquals(code, 0, text + new TextDecoder().decode(stderr));
    assertMatch(text, / [1-9]\d* passed .* 0 failed/);
    assertMatch(text, new RegExp(`^kernel: ${name}$`, "m"));
  });
}
