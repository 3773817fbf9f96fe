/**
 * An ONNX model of one convolution, written by hand: its weights are inputs,
 * so it holds none.
 *
 * @see ONNX, `onnx.proto3`: field numbers and types of messages
 *
 * @module
 */

/** The content of a field: a whole number, a text or a message's fields. */
type Content = number | string | readonly Field[];

/** A field's number and what it holds. */
type Field = readonly [number: number, content: Content];

const float32 = 1;

/** Returns the bytes of a model with output = Conv(input, weight, bias). */
export function convModel(): Uint8Array {
  const inputs = ["input", "weight", "bias"];
  const node: Field[] = [
    ...inputs.map((name): Field => [1, name]),
    [2, "output"],
    [4, "Conv"],
  ];
  const graph: Field[] = [
    [1, node],
    [2, "graph"],
    ...inputs.map((name): Field => [11, value(name)]),
    [12, value("output")],
  ];
  const irVersion = 8, opset = 13;
  return message([[1, irVersion], [7, graph], [8, [[2, opset]]]]);
}

/** A value's name and type: a tensor of float32. */
function value(name: string): Field[] {
  return [[1, name], [2, [[1, [[1, float32]]]]]];
}

/** All numbers here are below 128 but lengths, which may take two bytes. */
function message(fields: readonly Field[]): Uint8Array {
  return Uint8Array.from(fields.flatMap(([number, content]) => {
    if (typeof content === "number") return [number << 3, content];
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : message(content);
    return [number << 3 | 2, ...varint(bytes.length), ...bytes];
  }));
}

function varint(value: number): number[] {
  return value < 128
    ? [value]
    : [value & 127 | 128, ...varint(Math.floor(value / 128))];
}
