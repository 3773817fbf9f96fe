/**
 * The shapes of ResNet-50's parameters, by the names that torchvision gives
 * them.
 *
 * @see He et al. (2016), Deep residual learning for image recognition, table 1
 * @module
 */

/** Returns 161 names and shapes, in order. */
export function resnet50Shapes(): [string, number[]][] {
  const norm = (name: string, channels: number): [string, number[]][] => [
    [`${name}.weight`, [channels]],
    [`${name}.bias`, [channels]],
  ];
  const all: [string, number[]][] = [
    ["conv1.weight", [64, 3, 7, 7]],
    ...norm("bn1", 64),
  ];
  let inputs = 64;
  [3, 4, 6, 3].forEach((blocks, stage) => {
    const inner = 64 * 2 ** stage;
    for (let block = 0; block < blocks; block++) {
      const at = `layer${stage + 1}.${block}`;
      all.push([`${at}.conv1.weight`, [inner, inputs, 1, 1]]);
      all.push(...norm(`${at}.bn1`, inner));
      all.push([`${at}.conv2.weight`, [inner, inner, 3, 3]]);
      all.push(...norm(`${at}.bn2`, inner));
      all.push([`${at}.conv3.weight`, [4 * inner, inner, 1, 1]]);
      all.push(...norm(`${at}.bn3`, 4 * inner));
      if (block === 0) {
        all.push([`${at}.downsample.0.weight`, [4 * inner, inputs, 1, 1]]);
        all.push(...norm(`${at}.downsample.1`, 4 * inner));
      }
      inputs = 4 * inner;
    }
  });
  return [...all, ["fc.weight", [1000, 2048]], ["fc.bias", [1000]]];
}
