import type { Streams } from "./context.js";

/** Told how far long work has come. `total` 0 means that it is not known. */
export type Progress = (done: number, total: number, phase: string) => void;

export interface ProgressBar {
  readonly report: Progress;
  readonly stop: () => void;
}

const silent: ProgressBar = { report: () => undefined, stop: () => undefined };

/** A bar on standard error while long work runs, and nothing at all where standard error is no terminal. */
export async function startProgress(streams: Streams, quiet: boolean): Promise<ProgressBar> {
  if (quiet || !streams.err.isTTY) return silent;
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar({
    stream: streams.err,
    format: "{phase} {bar} {percentage}% {value}/{total}",
    clearOnComplete: true,
    hideCursor: true,
  });
  let started = false;
  return {
    report: (done, total, phase) => {
      if (!started) bar.start(total, done, { phase });
      else {
        bar.setTotal(total);
        bar.update(done, { phase });
      }
      started = true;
    },
    stop: () => {
      if (started) bar.stop();
    },
  };
}
