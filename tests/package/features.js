/**
 * Tries what the library does, wherever it runs: in Node, Bun and a browser too,
 * so in JavaScript and with no imports.
 *
 * @module
 */

/**
 * Tries each feature, and returns what came of it.
 *
 * @param {any} fanin What `@fanin/fanin` exports.
 * @param {any} checkpoint What `@fanin/fanin/checkpoint` exports.
 * @param {any} mismatches That of `layers.js`.
 * @param {any[]} rows What `layers.json` holds.
 * @param {string} folder A folder to write to; empty where there are no files.
 * @returns {Promise<any>}
 */
export async function tried(fanin, checkpoint, mismatches, rows, folder) {
  return {
    kernels: await kernels(fanin, mismatches, rows),
    ...await threads(fanin),
    safetensors: await inMemory(fanin, checkpoint),
    files: folder === "" ? "none" : await onDisk(fanin, checkpoint, folder),
    ...await figure(fanin),
  };
}

/** The kernels that run here, each with the layers that are not PyTorch's. */
async function kernels(fanin, mismatches, rows) {
  const found = {};
  for (const name of ["typescript", "simd", "relaxed-simd"]) {
    try {
      fanin.useKernel(name);
    } catch (error) {
      if (!String(error).includes("must run on this machine")) throw error;
      continue;
    }
    found[name] = await mismatches(fanin, rows);
  }
  fanin.useKernel("auto");
  return found;
}

/** Whether `initModel` gives a plain call's bytes, and how many threads there are. */
async function threads({ empty, Generator, init, initModel, startWorkers }) {
  const [one, two] = [new Generator(5), new Generator(5)];
  const build = (generator) => init.normal(empty([3000001]), { generator });
  const made = await initModel(() => build(one));
  const initModels = made.equals(build(two));
  try {
    const workers = await startWorkers(2);
    workers.close();
    return { initModel: initModels, threads: workers.count };
  } catch {
    return { initModel: initModels, threads: 1 };
  }
}

async function inMemory({ tensor }, { encodeSafetensors, openSafetensors }) {
  const bytes = encodeSafetensors({ w: tensor([[1, 2], [3, 4]]) });
  const { read } = await openSafetensors({
    size: bytes.length,
    read: (offset, length) => bytes.slice(offset, offset + length),
  });
  return JSON.stringify((await read("w")).toArray()) === "[[1,2],[3,4]]";
}

/** What a folder of files that `materialize` writes says to the readers. */
async function onDisk({ inspect, manualSeed, nn }, checkpoint, folder) {
  const { compare, materialize, openCheckpoint } = checkpoint;
  const spec = [
    {
      name: "weight",
      shape: [300, 400],
      init: "kaimingUniform",
      options: { a: Math.sqrt(5) },
    },
    {
      name: "bias",
      shape: [300],
      init: "uniform",
      options: { low: -1 / 20, high: 1 / 20 },
    },
  ];
  const { hashes } = await materialize(spec, folder, { seed: 1, hash: true });
  manualSeed(1);
  const { equal } = await compare(folder, new nn.Linear(400, 300));
  const opened = await openCheckpoint(folder);
  const names = Object.keys(opened.tensors).sort();
  opened.close();
  const { findings } = await inspect(folder);
  const missing = await openCheckpoint(`${folder}/none.npy`).catch(
    ({ code, message }) => `${code} ${message.replace(folder, "FOLDER")}`,
  );
  const kinds = findings.map(({ kind }) => kind);
  return { equal, names, kinds, hashes: Object.keys(hashes).length, missing };
}

/** A figure's picture and page, and the titles that minifiers could rename. */
async function figure({ manualSeed, nn, plot }) {
  manualSeed(0);
  const conv = new nn.Conv2d(4, 6, 3);
  const weights = plot.weights(conv);
  return {
    layer: String(conv),
    title: weights.layout.title.text,
    svg: weights.toSvg(),
    html: await weights.toHtml(),
    shown: Object.keys(await conv[Symbol.for("Jupyter.display")]()).sort(),
  };
}
