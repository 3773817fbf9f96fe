/**
 * Jupyter messages as frames: encoded, signed with HMAC-SHA256, checked and decoded.
 *
 * A message is the delimiter, the signature and four JSON texts: header, parent header, metadata and
 * content. The protocol is version 5.3 of "Messaging in Jupyter" (jupyter-client documentation).
 *
 * @module
 */

import { createHmac } from "node:crypto";
import type { JsonObject } from "./json.ts";

/** A message in the form that the rest of the runner uses. */
export interface Message {
  /** Its kind, such as `"execute_reply"`. */
  readonly type: string;
  /** Its own id. */
  readonly id: string;
  /** The id of the message that it answers, or `""`. */
  readonly parent: string;
  /** What it carries. */
  readonly content: JsonObject;
}

/** The key and the session of a signer. */
export interface Signer {
  /** The key of the connection file. */
  readonly key: string;
  /** An id that all messages of one client share. */
  readonly session: string;
}

const DELIMITER = "<IDS|MSG>";
const VERSION = "5.3";

/**
 * Returns the signature of the four JSON texts, as 64 hexadecimal digits.
 *
 * @param key The key of the connection file, used as UTF-8 bytes.
 * @param parts Header, parent header, metadata and content, as they stand on the wire.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sign } from "./wire.ts";
 *
 * assertEquals(sign("key", ["{}", "{}", "{}", "{}"]).slice(0, 8), "ca767b02");
 * ```
 */
export function sign(
  key: string,
  parts: readonly (string | Uint8Array)[],
): string {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/**
 * Returns the frames of a request.
 *
 * @param message The message; its `parent` must be `""`, as a client's requests have none.
 * @param signer The key and the session.
 */
export function encode(message: Message, signer: Signer): string[] {
  const header = {
    msg_id: message.id,
    session: signer.session,
    username: "",
    date: new Date().toISOString(),
    msg_type: message.type,
    version: VERSION,
  };
  const parts = [header, {}, {}, message.content].map((part) =>
    JSON.stringify(part)
  );
  return [DELIMITER, sign(signer.key, parts), ...parts];
}

/**
 * Returns the message that the frames carry.
 *
 * @param frames What one read of a socket gave: routing ids, delimiter, signature, four texts, buffers.
 * @param signer The key and the session.
 * @throws {SyntaxError} If there is no delimiter, a text is missing, or the signature is not that of the texts.
 */
export function decode(frames: readonly Uint8Array[], signer: Signer): Message {
  const texts = new TextDecoder();
  const start = frames.findIndex((frame) => texts.decode(frame) === DELIMITER);
  const parts = frames.slice(start + 2, start + 6);
  if (start < 0 || parts.length < 4) {
    throw new SyntaxError(
      `Cannot decode ${frames.length} frames: a Jupyter message must be a delimiter, a signature and four texts`,
    );
  }
  const signature = texts.decode(frames[start + 1]);
  if (signature !== sign(signer.key, parts)) {
    throw new SyntaxError(
      "Cannot decode the frames: a Jupyter message must carry the signature of its texts " +
        `(Deno's kernel can mix up outputs of more than about 5 MB), got "${
          signature.slice(0, 64)
        }"`,
    );
  }
  const [header, parent, , content] = parts.map((part) =>
    JSON.parse(texts.decode(part))
  );
  return {
    type: header.msg_type,
    id: header.msg_id,
    parent: parent.msg_id ?? "",
    content,
  };
}
