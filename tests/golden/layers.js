/**
 * Makes layers and compares them with PyTorch's, wherever the library runs: in
 * Node and in a browser too, so in JavaScript and with no imports.
 *
 * @module
 */

/**
 * Makes the layer that a row of `layers.json` describes.
 *
 * @param {any} nn The library's layers.
 * @param {any} value The description, or an argument that is no layer.
 * @param {object} options The dtype, and the generator.
 * @returns {any}
 */
export function makeLayer(nn, value, options) {
  if (typeof value?.nn !== "string") return value;
  const made = Object.entries(value.options).map(([name, each]) => [
    name,
    makeLayer(nn, each, options),
  ]);
  const args = value.args.map((each) => makeLayer(nn, each, options));
  const takes = /^Transformer(En|De)coder$/.test(value.nn) ? {} : options;
  return new nn[value.nn](...args, { ...Object.fromEntries(made), ...takes });
}

/**
 * Returns a sentence for each parameter or buffer whose bytes are not
 * PyTorch's, and for each layer whose text is not.
 *
 * @param {any} fanin The library's exports.
 * @param {any[]} rows What `layers.json` holds.
 * @returns {Promise<string[]>}
 */
export async function mismatches({ manualSeed, nn }, rows) {
  const found = [];
  for (const row of rows) {
    const { seed, dtype, repr, stateDicts } = row;
    manualSeed(BigInt(seed));
    for (const expected of stateDicts) {
      const module = makeLayer(nn, row, { dtype });
      if (`${module}` !== repr) found.push(`${module} is not ${repr}`);
      const actual = Object.entries(module.stateDict());
      if (actual.length !== expected.length) found.push(`${repr}: its tensors`);
      for (const [index, [name, { data }]] of actual.entries()) {
        const { sha256 } = expected[index];
        if (sha256 !== undefined && await sha256Of(data) !== sha256) {
          found.push(`${repr}: ${name} with seed ${seed}`);
        }
      }
    }
  }
  return found;
}

async function sha256Of(data) {
  const hash = await crypto.subtle.digest("SHA-256", data);
  return [...new Uint8Array(hash)]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
