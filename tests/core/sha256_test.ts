import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { sha256 } from "../../lib/core/sha256.ts";

Deno.test("SHA-256 of parts is that of all bytes, wherever they are cut", () => {
  const bytes = Uint8Array.from({ length: 200 }, (_, i) => 7 * i);
  for (let length = 0; length <= bytes.length; length++) {
    const whole = bytes.subarray(0, length);
    const wanted = createHash("sha256").update(whole).digest("hex");
    for (const cut of [0, 1, 55, 56, 63, 64, 65, 127, 128, 129, length]) {
      const [a, b] = [whole.subarray(0, cut), whole.subarray(cut)];
      const [c, d] = [b.subarray(0, 9), b.subarray(9)];
      assertEquals(sha256(a, b), wanted);
      assertEquals(sha256(a, c, new Uint8Array(0), d), wanted);
    }
  }
});
