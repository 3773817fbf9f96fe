/**
 * The connection file, which gives a kernel its ports and key.
 *
 * @module
 */

/** The content of a Jupyter connection file. */
export interface ConnectionFile {
  /** How messages travel. */
  readonly transport: "tcp";
  /** The address of all ports. */
  readonly ip: string;
  /** Requests and replies. */
  readonly shell_port: number;
  /** Outputs, to all who listen. */
  readonly iopub_port: number;
  /** Questions to the user; not used. */
  readonly stdin_port: number;
  /** Requests that overtake others, such as the one to shut down. */
  readonly control_port: number;
  /** Heartbeats; not used. */
  readonly hb_port: number;
  /** The secret that signs messages. */
  readonly key: string;
  /** How it signs them. */
  readonly signature_scheme: "hmac-sha256";
  /** The name of the kernel. */
  readonly kernel_name: string;
}

const LOOPBACK = "127.0.0.1";

/** Returns the content of a connection file: five free ports of the loopback interface and a fresh key. */
export function freshConnectionFile(): ConnectionFile {
  const listeners = Array.from(
    { length: 5 },
    () => Deno.listen({ hostname: LOOPBACK, port: 0 }),
  );
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = listeners
    .map(({ addr }) => addr.port);
  for (const listener of listeners) listener.close();
  return {
    transport: "tcp",
    ip: LOOPBACK,
    shell_port,
    iopub_port,
    stdin_port,
    control_port,
    hb_port,
    key: crypto.randomUUID(),
    signature_scheme: "hmac-sha256",
    kernel_name: "deno",
  };
}
