import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  bytesSource,
  decodeNpz,
  decodeSafetensors,
  encodeNpz,
  encodeSafetensors,
  openSafetensors,
} from "../../../lib/checkpoint/mod.ts";
import { dtypes } from "../../../lib/core/dtype.ts";
import { namesOf } from "../../../lib/core/source.ts";
import { valuesOf } from "../../../lib/core/tensor.ts";
import { nn, type Tensor, tensor } from "../../../mod.ts";
import { bytesOf, readGolden } from "../../golden/golden.ts";
import { dtypeNamed, type GoldenTensor, tensorIn, zeros } from "./files.ts";

interface Case {
  readonly tensors: readonly GoldenTensor[];
  readonly metadata: Record<string, string>;
  readonly file: string;
}

const cases = await readGolden<Case>("safetensors.json");

for (const [index, { tensors, metadata, file }] of cases.entries()) {
  const bytes = Uint8Array.fromBase64(file);
  const what = [...new Set(tensors.map(({ dtype }) => dtype))].join(", ");

  Deno.test(`reads what Python wrote, ${index}: ${what}`, async () => {
    const decoded = decodeSafetensors(bytes);
    const opened = await openSafetensors(bytesSource(bytes));
    assertEquals(decoded.metadata, metadata);
    assertEquals(opened.metadata, metadata);
    const names = tensors.map(({ name }) => name).sort();
    assertEquals(Object.keys(decoded.tensors).sort(), names);
    assertEquals(Object.keys(opened.tensors).sort(), names);
    for (const expected of tensors) {
      const info = opened.tensors[expected.name];
      assertEquals([info.dtype, info.shape], [
        dtypeNamed(expected.dtype),
        expected.shape,
      ]);
      assertIs(decoded.tensors[expected.name], expected);
      assertIs(await opened.read(expected.name), expected);
    }
  });

  Deno.test(`writes the bytes that Python wrote, ${index}: ${what}`, () => {
    const named = tensors.map((row) => [row.name, tensorIn(row)] as const);
    for (const order of [named, named.toReversed()]) {
      const written = encodeSafetensors(Object.fromEntries(order), {
        metadata,
      });
      assertEquals(written, bytes);
    }
  });
}

Deno.test("the golden files hold each dtype, scalars, nothing and rank 8", () => {
  const all = cases.flatMap(({ tensors }) => tensors);
  for (const [dtype, { bits, safetensors }] of Object.entries(dtypes)) {
    if (safetensors === null) continue;
    const found = all.filter((one) => dtypeNamed(one.dtype) === dtype);
    const ranks = found.map(({ shape }) => shape.length);
    assert(found.some(({ shape }) => shape.includes(0)), dtype);
    assert(bits < 8 || ranks.includes(0), dtype);
    assert(bits < 8 || ranks.includes(8), dtype);
  }
});

Deno.test("a model's state can be written and read back", () => {
  const model = new nn.Sequential(new nn.Linear(3, 2), new nn.BatchNorm1d(2));
  const { tensors } = decodeSafetensors(encodeSafetensors(model.stateDict()));
  const other = new nn.Sequential(new nn.Linear(3, 2), new nn.BatchNorm1d(2));
  other.loadStateDict(tensors);
  for (const [name, value] of Object.entries(model.stateDict())) {
    assert(other.stateDict()[name].equals(value), name);
  }
});

Deno.test("views are written alone, and tensors that were read are copies", () => {
  const rows = tensor([[1, 2], [3, 4]]);
  const bytes = encodeSafetensors({ row: rows.at(1) });
  const { tensors } = decodeSafetensors(bytes);
  bytes.fill(0);
  assertEquals(tensors.row.toArray(), [3, 4]);
});

Deno.test("a file may begin anywhere in its buffer", () => {
  const bytes = encodeSafetensors({ x: tensor([1, 2]) });
  for (const shift of [1, 2, 3, 4]) {
    const moved = new Uint8Array(bytes.length + 9);
    moved.set(bytes, shift);
    const view = moved.subarray(shift, shift + bytes.length);
    assertEquals(decodeSafetensors(view).tensors.x.toArray(), [1, 2]);
  }
});

Deno.test("values of 6 bits are carried and not read", () => {
  for (const dtype of ["F6_E2M3", "F6_E3M2"] as const) {
    const { x } = decodeSafetensors(
      encodeSafetensors({ x: zeros(dtype, [2, 4]) }),
    ).tensors;
    assertEquals([x.dtype, x.size(), x.numel()], [dtype, [2, 4], 8]);
    assertEquals(`${x}`, `tensor(..., size=(2, 4), dtype=${dtype})`);
    assertEquals(x.reshape([8]).shape, [8]);
    const readings: ((x: Tensor) => unknown)[] = [
      (x) => x.toArray(),
      (x) => x.toFloat32(),
      (x) => x.to("float32"),
      (x) => x.at(0),
      (x) => x.reshape([8]).at(0).item(),
      (x) => x.equals(x),
      (x) => valuesOf(x),
      () => tensor([1]).to(dtype),
    ];
    for (const read of readings) assertThrows(() => read(x), TypeError, dtype);
  }
  const { x } = decodeSafetensors(
    encodeSafetensors({ x: zeros("F6_E3M2", [4]) }),
  ).tensors;
  assertThrows(() => x.item(), RangeError, "4 in shape [4]");
});

Deno.test("what cannot be written is refused", () => {
  const x = tensor([1]);
  const encode = (tensors: unknown, metadata?: unknown) => () =>
    encodeSafetensors(tensors as Record<string, Tensor>, {
      metadata: metadata as Record<string, string>,
    });
  assertThrows(encode({ __metadata__: x }), RangeError, "__metadata__");
  assertThrows(encode({ "\ud800": x }), RangeError, "well-formed Unicode");
  assertThrows(encode({ x: [1] }), TypeError, 'got "x": ');
  assertThrows(encode(null), TypeError, "got null");
  assertThrows(encode({ x }, { epoch: 3 }), TypeError, "object of strings");
  assertThrows(encode({ x }, { "\ud800": "" }), TypeError, "strings");
  assertThrows(encode({ x }, []), TypeError, "object of strings");
  assertThrows(encode({ x }, null), TypeError, "object of strings");
  assertThrows(
    () => encodeSafetensors({ x }, { meta: {} } as never),
    TypeError,
    "metadata",
  );
  assertThrows(() => decodeSafetensors("{}" as never), TypeError, "Uint8Array");
});

function assertIs(found: Tensor, { dtype, shape, data }: GoldenTensor): void {
  assertEquals([found.dtype, found.shape], [dtypeNamed(dtype), shape]);
  assertEquals(bytesOf(found).toHex(), data);
}

Deno.test("decoding remembers the order of the bytes, also of numbers as names", async () => {
  const names = ["10", "2", "b"];
  const tensors = new Map<string, Tensor>(
    names.map((name) => [name, tensor([1, 2])] as const),
  );
  const file = encodeNpz(tensors);
  assertEquals(namesOf(await decodeNpz(await file)), names);
  const { tensors: decoded } = decodeSafetensors(encodeSafetensors({
    2: tensor([1]),
    10: tensor([1], { dtype: "float64" }),
  }));
  assertEquals(namesOf(decoded), ["10", "2"]);
});
