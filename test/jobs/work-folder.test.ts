import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { sweepWorkFolder, tenantsOfUploads, uploadFolderName } from "../../src/jobs/work-folder.js";

describe("the folder for files at work", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "netback-work-"));
    for (const name of [uploadFolderName("alpha", "a1"), uploadFolderName("beta_2", "b1"), "tape-Xy"]) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, "file.csv"), "a");
      await utimes(join(folder, name), 1000, 1000);
    }
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("tells whose uploads stand in it", async () => {
    expect((await tenantsOfUploads(folder)).sort()).to.deep.equal(["alpha", "beta_2"]);
  });

  it("is swept of what no job needs", async () => {
    const keep = new Set([join(folder, "alpha.a1")]);
    expect(await sweepWorkFolder(folder, { keep, unchangedSince: 1_000_000 })).to.equal(2);
    expect(await readdir(folder)).to.deep.equal(["alpha.a1"]);
  });

  it("is left alone where another process may be at it", async () => {
    expect(await sweepWorkFolder(folder, { keep: new Set(), unchangedSince: 999_999 })).to.equal(0);
    expect(await readdir(folder)).to.have.length(3);
  });
});
