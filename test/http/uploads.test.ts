import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { expect } from "chai";
import { isRefusal } from "../../models/refusal.js";
import { receiveUpload, type Upload } from "../../src/http/uploads.js";

const maxBytes = 1_000_000;

interface Received {
  readonly code?: string;
  readonly upload?: Upload;
  readonly fields?: Record<string, string>;
}

describe("uploads", () => {
  let workFolder: string;
  let server: Server;
  let url: string;
  let settled: Promise<void> = Promise.resolve();

  before(async () => {
    workFolder = await mkdtemp(join(tmpdir(), "netback-uploads-"));
    server = createServer((request, response) => {
      const name = new URL(request.url ?? "/", "http://x").searchParams.get("file_name");
      const limits = { workFolder, maxBytes, newId: () => randomBytes(8).toString("hex") };
      settled = receiveUpload(request, name, limits).then(
        ({ upload, fields }) => void response.end(JSON.stringify({ upload, fields: Object.fromEntries(fields) })),
        (error: unknown) =>
          void response.end(JSON.stringify({ code: isRefusal(error) ? error.code : `fault: ${error}` })),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(workFolder, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const folder of await readdir(workFolder)) await rm(join(workFolder, folder), { recursive: true });
  });

  async function send(body: string | FormData, options: { type?: string; query?: string } = {}): Promise<Received> {
    const headers: Record<string, string> = options.type === undefined ? {} : { "content-type": options.type };
    const response = await fetch(`${url}/${options.query ?? ""}`, { method: "POST", headers, body });
    return (await response.json()) as Received;
  }

  function form(content: string, name: string, fields: Record<string, string> = {}): FormData {
    const data = new FormData();
    for (const [field, value] of Object.entries(fields)) data.set(field, value);
    data.set("file", new Blob([content], { type: "text/csv" }), name);
    return data;
  }

  const good = [
    { why: "a raw body of a known type", body: "a,b\n1,2\n", type: "text/csv", query: "", name: "upload.csv" },
    { why: "a type with a parameter", body: "a", type: "text/csv; charset=utf-8", query: "", name: "upload.csv" },
    {
      why: "bytes with a name",
      body: "PAR1",
      type: "application/octet-stream",
      query: "?file_name=a.parquet",
      name: "a.parquet",
    },
    {
      why: "a name that would climb",
      body: "a",
      type: "text/csv",
      query: "?file_name=..%2F..%2Fetc%2Fpasswd",
      name: "passwd.csv",
    },
    {
      why: "a name of another system",
      body: "a",
      type: "text/csv",
      query: "?file_name=C%3A%5Ctapes%5Cmay.csv",
      name: "may.csv",
    },
    {
      why: "a name that cannot be kept",
      body: "a",
      type: "text/csv",
      query: "?file_name=a%00.csv",
      name: "upload.csv",
    },
    { why: "a gzipped file", body: "x", type: "application/gzip", query: "", name: "upload.csv.gz" },
  ];
  for (const { why, body, type, query, name } of good) {
    it(`takes ${why}`, async () => {
      const { upload } = await send(body, { type, query });
      expect(upload?.fileName).to.equal(name);
      expect(upload?.sha256).to.equal(createHash("sha256").update(body).digest("hex"));
      expect(upload?.bytes).to.equal(body.length);
      const { path } = upload!;
      expect(relative(workFolder, path)).to.match(/^[0-9a-f]{16}\/file[.a-z0-9]*$/);
      expect(await readFile(path, "utf8")).to.equal(body);
      expect((await stat(path)).mode & 0o777).to.equal(0o600);
    });
  }

  it("takes a form with a file and fields", async () => {
    const { upload, fields } = await send(form("a,b\n", "../may tape.csv", { as_of: "2026-05-31" }));
    expect(upload?.fileName).to.equal("may tape.csv");
    expect(basename(upload!.path)).to.equal("file.csv");
    expect(fields).to.deep.equal({ as_of: "2026-05-31" });
  });

  const twoFiles = form("a", "a.csv");
  twoFiles.append("file", new Blob(["b"]), "b.csv");
  const twoFields = form("a", "a.csv");
  twoFields.append("as_of", "1");
  twoFields.append("as_of", "2");
  const onlyFields = new FormData();
  onlyFields.set("as_of", "2026-05-31");
  const bad: { why: string; body: string | FormData; type?: string; code: string }[] = [
    { why: "no bytes", body: "", type: "text/csv", code: "file_empty" },
    { why: "a form with an empty file", body: form("", "a.csv"), code: "file_empty" },
    { why: "a byte too many", body: "x".repeat(maxBytes + 1), type: "text/csv", code: "file_too_large" },
    { why: "a form with a file too large", body: form("x".repeat(maxBytes + 1), "a.csv"), code: "file_too_large" },
    { why: "a type that is not read", body: "a", type: "image/png", code: "unsupported_media_type" },
    { why: "JSON", body: "{}", type: "application/json", code: "unsupported_media_type" },
    { why: "a form without a boundary", body: "a", type: "multipart/form-data", code: "malformed_request" },
    {
      why: "a form that ends too early",
      body: "--x\r\nContent-Disposition: form-data; name=file; filename=a.csv\r\n\r\na",
      type: "multipart/form-data; boundary=x",
      code: "malformed_request",
    },
    { why: "a form with two files", body: twoFiles, code: "malformed_request" },
    { why: "a form with a field twice", body: twoFields, code: "malformed_request" },
    { why: "a form without a file", body: onlyFields, code: "malformed_request" },
    {
      why: "a form with too many fields",
      body: form("a", "a.csv", Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}`, "1"]))),
      code: "malformed_request",
    },
    { why: "a form with a NUL", body: form("a", "a.csv", { as_of: "\0" }), code: "malformed_request" },
  ];
  for (const { why, body, type, code } of bad) {
    it(`refuses ${why} and leaves nothing behind`, async () => {
      expect((await send(body, type === undefined ? {} : { type })).code).to.equal(code);
      expect(await readdir(workFolder)).to.deep.equal([]);
    });
  }

  it("leaves nothing behind of an upload that is broken off", async () => {
    for (const type of ["text/csv", "multipart/form-data; boundary=x"]) {
      const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 1000\r\n\r\n`;
      const part = "--x\r\nContent-Disposition: form-data; name=file; filename=a.csv\r\n\r\nabc";
      const arrived = new Promise((resolve) => server.once("request", resolve));
      const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
      socket.write(head + part);
      await arrived;
      await new Promise((resolve) => setTimeout(resolve, 30));
      socket.destroy();
      await settled;
      expect(await readdir(workFolder), type).to.deep.equal([]);
    }
  });
});
