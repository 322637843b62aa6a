import type { IncomingMessage } from "node:http";
import { Refusal } from "../../models/refusal.js";

/**
 * The bytes of a request's body, none where it has no body. Not decompressed: a small body could become a large one.
 *
 * @throws Refusal `too_large` beyond the limit, without reading on; `unsupported_media_type` for a coded body
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const { "content-length": length, "transfer-encoding": transfer, "content-encoding": coding } = request.headers;
  if (transfer === undefined && (length === undefined || length === "0")) return Promise.resolve(Buffer.alloc(0));
  if (coding !== undefined && coding.toLowerCase() !== "identity") {
    return Promise.reject(new Refusal("unsupported_media_type", "the body's coding is not read; send it as it is"));
  }
  if (Number(length) > limitBytes) return Promise.reject(tooLarge(limitBytes));
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    request.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= limitBytes) {
        pieces.push(piece);
        return;
      }
      request.pause();
      reject(tooLarge(limitBytes));
    });
    request.on("end", () => resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)));
    request.on("error", () => reject(new Refusal("malformed_request", "the body ended before its end")));
  });
}

function tooLarge(limitBytes: number): Refusal {
  return new Refusal("too_large", `the body is larger than ${limitBytes} bytes, the most that this resource takes`);
}
