import { assertEquals, assertThrows } from "@std/assert";
import { currentKernel, empty, Generator, init, useKernel } from "../../mod.ts";
import type { KernelName } from "../../lib/numerics/kernels/kernel.ts";
import { kernelCode } from "../../lib/numerics/kernels/code.ts";
import { kernelFor, offerKernels } from "../../lib/numerics/kernels/kernel.ts";

/** A module that has only `isFused`, and says no: as a machine without fma. */
const unfused = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // A type () → i32, and a function of it.
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f, 0x03, 0x02, 0x01, 0x00],
  // The export "isFused".
  ...[0x07, 0x0b, 0x01, 0x07, 0x69, 0x73, 0x46, 0x75, 0x73, 0x65, 0x64],
  ...[0x00, 0x00],
  // i32.const 0.
  ...[0x0a, 0x06, 0x01, 0x04, 0x00, 0x41, 0x00, 0x0b],
).toBase64();

/** What no machine can compile. */
const broken = btoa("no WebAssembly");

function withCode(code: typeof kernelCode, test: () => void): void {
  try {
    useKernel("auto");
    offerKernels(code);
    test();
  } finally {
    offerKernels(kernelCode);
    useKernel("auto");
  }
}

Deno.test("the fastest kernel that runs is taken", () => {
  const taken = (code: typeof kernelCode) => {
    let name: KernelName | undefined;
    withCode(code, () => name = currentKernel());
    return name;
  };
  assertEquals(taken(kernelCode), "relaxed-simd");
  assertEquals(taken({ ...kernelCode, "relaxed-simd": unfused }), "simd");
  assertEquals(taken({ ...kernelCode, "relaxed-simd": broken }), "simd");
  assertEquals(
    taken({ "relaxed-simd": broken, "simd": broken }),
    "typescript",
  );
});

Deno.test("without compiled code numbers are made all the same", () => {
  const fill = () =>
    init.normal(empty([5000]), { generator: new Generator(0) }).data;
  const expected = fill();
  withCode({ "relaxed-simd": broken, "simd": unfused }, () => {
    assertEquals(fill(), expected);
    assertEquals(currentKernel(), "typescript");
  });
});

Deno.test("without WebAssembly it is TypeScript", () => {
  const { WebAssembly } = globalThis;
  try {
    Object.assign(globalThis, { WebAssembly: undefined });
    withCode(kernelCode, () => assertEquals(currentKernel(), "typescript"));
  } finally {
    Object.assign(globalThis, { WebAssembly });
  }
});

Deno.test("the kernel is started when it is first worth it", () => {
  withCode(kernelCode, () => {
    assertEquals(kernelFor(10), undefined);
    assertEquals(kernelFor(100_000) === undefined, false);
    // Small calls go without, also when it runs.
    assertEquals(kernelFor(10), undefined);
    assertEquals(kernelFor(100) === undefined, false);
  });
});

Deno.test("a kernel that is chosen makes small fills, too", () => {
  useKernel("simd");
  assertEquals(kernelFor(1) === undefined, false);
  useKernel("typescript");
  assertEquals(kernelFor(1_000_000), undefined);
  useKernel("auto");
});

Deno.test("a kernel that does not exist or run is refused", () => {
  assertThrows(
    () => useKernel("fast" as KernelName),
    RangeError,
    "Cannot choose a kernel: the name must be one of auto, typescript, simd, relaxed-simd, got fast",
  );
  withCode({ ...kernelCode, "simd": broken }, () => {
    assertThrows(
      () => useKernel("simd"),
      RangeError,
      "Cannot choose a kernel: it must run on this machine, got simd",
    );
    assertEquals(currentKernel(), "relaxed-simd");
  });
});
