import { assertEquals, assertThrows } from "@std/assert";
import { decode, encode, sign } from "../../notebooks/runner/wire.ts";

const signer = { key: "Jefe", session: "s" };
const request = {
  type: "execute_request",
  id: "m1",
  parent: "",
  content: { code: "1 + 1" },
};

function bytes(frames: readonly string[]): Uint8Array[] {
  return frames.map((frame) => new TextEncoder().encode(frame));
}

Deno.test("sign gives the answer of RFC 4231, test case 2, however the text is cut", () => {
  const answer =
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  assertEquals(sign("Jefe", ["what do ya want for nothing?"]), answer);
  assertEquals(sign("Jefe", ["what do ", "ya want", " for nothing?"]), answer);
});

Deno.test("decode reads what encode wrote, also behind routing ids", () => {
  const frames = bytes(encode(request, signer));
  assertEquals(decode(frames, signer), request);
  assertEquals(decode([new Uint8Array([0, 1]), ...frames], signer), request);
});

Deno.test("decode refuses altered, unsigned and cut messages", () => {
  const frames = encode(request, signer);
  const altered = frames.with(5, JSON.stringify({ code: "1 + 2" }));
  for (
    const bad of [altered, frames.with(1, ""), frames.slice(0, 5), [], ["x"]]
  ) {
    assertThrows(() => decode(bytes(bad), signer), SyntaxError, "Cannot");
  }
  assertThrows(
    () => decode(bytes(frames), { ...signer, key: "other" }),
    SyntaxError,
  );
});
