/**
 * The three ZeroMQ sockets between the runner and a kernel.
 *
 * Sockets are asked whether a message waits, never waited on. In Deno 2.9.6 a `receive()` of zeromq 6 that has
 * to wait can miss its wake-up: the message then lies there until the next send (1 in 300 replies, and almost
 * each first one), and a `receiveTimeout` ends the process with a segmentation fault. Asking avoids both.
 *
 * @module
 */

import { Dealer, Subscriber } from "npm:zeromq@6";
import type { ConnectionFile } from "./connection_file.ts";
import { decode, encode, type Message, type Signer } from "./wire.ts";

/** The names of the sockets that are used. */
export type Channel = "shell" | "iopub" | "control";

/** The receiver of messages. */
export interface Receiver {
  /** Called with each message, in the order of arrival on its channel. */
  onMessage(channel: Channel, message: Message): void;
  /** Called once, when the connection has become unusable. */
  onError(error: Error): void;
}

/** Time between two looks at silent sockets, and between two tries to connect, in milliseconds. */
const POLL = 1;
const RECONNECT = 10;

/** An open connection to one kernel. */
export class Connection {
  #shell = new Dealer({ linger: 0, reconnectInterval: RECONNECT });
  #control = new Dealer({ linger: 0, reconnectInterval: RECONNECT });
  #iopub = new Subscriber({
    linger: 0,
    reconnectInterval: RECONNECT,
    receiveHighWaterMark: 0,
  });
  #signer: Signer;
  #receiver: Receiver;
  #open = true;
  #reading: Promise<void>;

  /**
   * Starts to connect; messages sent before the kernel listens are kept until it does.
   *
   * @param file The kernel's connection file.
   * @param receiver The receiver of messages.
   */
  constructor(file: ConnectionFile, receiver: Receiver) {
    this.#signer = { key: file.key, session: crypto.randomUUID() };
    this.#receiver = receiver;
    this.#shell.connect(`tcp://${file.ip}:${file.shell_port}`);
    this.#control.connect(`tcp://${file.ip}:${file.control_port}`);
    this.#iopub.connect(`tcp://${file.ip}:${file.iopub_port}`);
    this.#iopub.subscribe();
    this.#reading = this.#read();
  }

  /**
   * Sends a request.
   *
   * @param channel `"shell"` or `"control"`.
   * @param message The request.
   */
  async send(channel: "shell" | "control", message: Message): Promise<void> {
    const socket = channel === "shell" ? this.#shell : this.#control;
    await socket.send(encode(message, this.#signer));
  }

  /** Closes the sockets; nothing is heard afterwards. */
  async close(): Promise<void> {
    this.#open = false;
    await this.#reading;
    this.#shell.close();
    this.#control.close();
    this.#iopub.close();
  }

  async #read(): Promise<void> {
    try {
      while (this.#open) {
        const heard = await this.#take("shell", this.#shell) +
          await this.#take("iopub", this.#iopub);
        if (heard === 0) {
          await new Promise((resolve) => setTimeout(resolve, POLL));
        }
      }
    } catch (error) {
      this.#receiver.onError(
        error instanceof Error ? error : new Error(String(error)),
      );
    }
  }

  async #take(channel: Channel, socket: Dealer | Subscriber): Promise<number> {
    let heard = 0;
    for (; this.#open && socket.readable; heard++) {
      this.#receiver.onMessage(
        channel,
        decode(await socket.receive(), this.#signer),
      );
    }
    return heard;
  }
}
