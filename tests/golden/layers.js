/**
 * Compares layers with PyTorch's, wherever the library runs: in Node and in a
 * browser too, so in JavaScript and with no imports.
 *
 * @module
 */

/**
 * Returns a sentence for each parameter whose bytes are not PyTorch's, and for
 * each layer whose text is not.
 *
 * @param {object} fanin The library's exports.
 * @param {object[]} rows What `layers.json` holds.
 * @returns {Promise<string[]>}
 */
export async function mismatches({ manualSeed, nn }, rows) {
  const found = [];
  for (const { layer, args, options, seed, dtype, repr, parameters } of rows) {
    manualSeed(BigInt(seed));
    for (const expected of parameters) {
      const module = new nn[layer](...args, { ...options, dtype });
      if (`${module}` !== repr) found.push(`${module} is not ${repr}`);
      const actual = module.namedParameters();
      if (actual.length !== expected.length) found.push(`${repr}: parameters`);
      for (const [index, [name, { data }]] of actual.entries()) {
        if (await sha256(data) !== expected[index].sha256) {
          found.push(`${repr}: ${name} with seed ${seed}`);
        }
      }
    }
  }
  return found;
}

async function sha256(data) {
  const hash = await crypto.subtle.digest("SHA-256", data);
  return [...new Uint8Array(hash)]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
