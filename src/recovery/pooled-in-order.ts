/**
 * The values closest to those given that only rise (1) or only fall (-1): neighbours that stand in the wrong order at
 * their weighted mean (Ayer et al. 1955).
 */
export function pooledInOrder(values: ArrayLike<number>, weights: ArrayLike<number>, direction: 1 | -1): number[] {
  const blocks: { mean: number; weight: number; size: number }[] = [];
  for (let k = 0; k < values.length; k++) {
    let block = { mean: values[k]!, weight: weights[k]!, size: 1 };
    while (blocks.length > 0 && (block.mean - blocks.at(-1)!.mean) * direction < 0) {
      const left = blocks.pop()!;
      const weight = left.weight + block.weight;
      const mean = (left.mean * left.weight + block.mean * block.weight) / weight;
      block = { mean, weight, size: left.size + block.size };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ mean, size }) => new Array<number>(size).fill(mean));
}
