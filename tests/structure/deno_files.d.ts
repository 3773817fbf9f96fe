/**
 * What of Deno's API reads and writes checkpoints: no other name of it may be
 * used below the command line.
 *
 * @module
 */

declare namespace Deno {
  interface FileInfo {
    readonly isFile: boolean;
    readonly isDirectory: boolean;
    readonly size: number;
  }
  interface FsFile {
    stat(): Promise<FileInfo>;
    seek(offset: number, whence: SeekMode): Promise<number>;
    seekSync(offset: number, whence: SeekMode): number;
    read(bytes: Uint8Array): Promise<number | null>;
    write(bytes: Uint8Array): Promise<number>;
    writeSync(bytes: Uint8Array): number;
    syncData(): Promise<void>;
    close(): void;
  }
  interface OpenOptions {
    readonly write?: boolean;
    readonly createNew?: boolean;
  }
  enum SeekMode {
    Start = 0,
  }
  const errors: Readonly<
    Record<"BrokenPipe" | "NotFound", new (message: string) => Error>
  >;
  function open(path: string, options?: OpenOptions): Promise<FsFile>;
  function openSync(path: string, options?: OpenOptions): FsFile;
  function stat(path: string): Promise<FileInfo>;
  function readDir(
    path: string,
  ): AsyncIterable<{ readonly name: string; readonly isFile: boolean }>;
  function rename(from: string, to: string): Promise<void>;
  function remove(path: string): Promise<void>;
  function mkdir(
    path: string,
    options: { readonly recursive: boolean },
  ): Promise<void>;
}
