import { connect, type Socket } from "node:net";
import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { openServer, type TestServer } from "./open-server.js";

const body = JSON.stringify({ name: "Late", seller: "S" });

/** A request whose body has not arrived yet. */
function begin({ url, keys }: TestServer): { socket: Socket; answer: Promise<string> } {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(
    `POST /v1/portfolios HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${keys.admin}\r\n` +
      `Connection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  let text = "";
  const answer = new Promise<string>((resolve) => {
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    socket.on("error", () => resolve(text));
    socket.on("close", () => resolve(text));
  });
  return { socket, answer };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

eachDatabase("the end of a server", (open) => {
  it("finishes the requests at work and takes no more", async () => {
    const server = await openServer(await open());
    const { socket, answer } = begin(server);
    await pause(50);
    const closed = server.close();
    await pause(50);
    const refused = await fetch(`${server.url}/healthz`).catch(() => "refused");
    expect(refused).to.equal("refused");
    socket.write(body);
    expect(await answer).to.match(/^HTTP\/1.1 201 /);
    await closed;
  });

  it("waits no longer than the grace", async () => {
    const server = await openServer(await open(), { config: { graceMs: 100 } });
    const { answer } = begin(server);
    await pause(50);
    const before = performance.now();
    await server.close();
    expect(performance.now() - before).to.be.within(50, 2000);
    expect(await answer).to.equal("");
  });
});
