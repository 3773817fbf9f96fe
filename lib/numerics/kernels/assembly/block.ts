/**
 * The block of numbers that a call makes, and its place in the memory.
 *
 * @module
 */

/**
 * How many numbers the block holds. With 2 kB, copying it to a tensor stays
 * below the size from which the C library's `memmove` takes string instructions,
 * which take twice as long.
 */
export const blockLength: i32 = 512;

/**
 * Where the block lies: half of its length beyond a multiple of it. Large tensors
 * begin near a page's start, and a copy between equal places of two pages waits
 * for itself. One vector may be written behind the block.
 */
export const block: usize = memory.data(1024 + 512 * 4 + 16, 2048) + 1024;
