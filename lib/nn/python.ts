/**
 * Formats values and modules as Python does, for the printed text of layers.
 *
 * @module
 */

/** The arguments in the text of a layer. */
export type PythonValue = PythonScalar | readonly PythonScalar[];

type PythonScalar = null | boolean | number | string;

/**
 * Formats a value as Python's `str` does: `None`, `True`, `(3, 3)`, `(3,)`.
 * Numbers are integers; see {@linkcode formatFloat}.
 *
 * @param value The value.
 */
export function formatPython(value: PythonValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return String(value);
  const texts = value.map(formatPython);
  return texts.length === 1 ? `(${texts[0]},)` : `(${texts.join(", ")})`;
}

/**
 * Formats a number as Python's `str` formats a float: `1.0`, `1e-05`, `0.1`,
 * `inf`; `None` for null.
 *
 * @param value The number; not NaN.
 */
export function formatFloat(value: number | null): string {
  if (value === null) return "None";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const [digits, power] = value.toExponential().split("e");
  const exponent = Number(power);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    const sign = exponent < 0 ? "-" : "+";
    return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/**
 * Returns the arguments in a layer's text: `3, 2, bias=True`.
 *
 * @param bare The arguments without a name.
 * @param named The arguments with PyTorch's names; undefined ones are omitted.
 */
export function formatArguments(
  bare: readonly PythonValue[],
  named: Readonly<Record<string, PythonValue | undefined>> = {},
): string {
  const texts = bare.map(formatPython);
  for (const [name, value] of Object.entries(named)) {
    if (value !== undefined) texts.push(`${name}=${formatPython(value)}`);
  }
  return texts.join(", ");
}

/**
 * Returns the text of a module: its class, its arguments, and its children, each
 * on lines of its own.
 *
 * @param title The name of its class.
 * @param extra The arguments.
 * @param children Labels and texts.
 */
export function formatModule(
  title: string,
  extra: string,
  children: readonly (readonly [string, string])[],
): string {
  if (children.length === 0) return `${title}(${extra})`;
  const lines = children.map(([label, text]) =>
    `${label}: ${text}`.replaceAll("\n", "\n  ")
  );
  if (extra !== "") lines.unshift(extra);
  return `${title}(\n  ${lines.join("\n  ")}\n)`;
}
